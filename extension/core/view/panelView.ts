// The data for the panel's page: everything at first, then the changes between two states.
import {
  ENTRIES_PER_PAGE,
  type Draft,
  type DraftChange,
  type Entries,
  type Entry,
  type PanelState,
  type SessionNumber,
} from "../../../protocol/webview.ts";
import { connectionView } from "./connectionView.ts";
import { openForks } from "../forks/openForks.ts";
import { commandViews, sessionView, verificationView } from "./selectors.ts";
import type { Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import { completedUsers, keepsTargets, targetNames } from "./targets.ts";
import { type TransferChanges, transferChanges, transferViews } from "./transferViews.ts";
import { changesSince, newest } from "../model/transcript.ts";

/**
 * For each session's newest lines in a snapshot, so that hundreds of sessions with long messages still fit in one
 * message.
 */
const PAGE_CHARACTERS = 256 * 1024;

export function panelState(state: State): PanelState {
  return {
    me: state.me?.name ?? null,
    busy: state.presence === "busy",
    connection: connectionView(state),
    active: state.active,
    sessions: state.sessions.map((session) => sessionView(state, session)),
    forks: openForks(state),
    users: completedUsers(state),
    online: state.users.length,
    targets: targetNames(state),
    commands: commandViews(state),
    verification: verificationView(state),
    transfers: transferViews(state),
  };
}

/** The newest lines of each session. */
export function newestEntries(state: State): Entries[] {
  return state.sessions.map(newestOf);
}

function newestOf(session: Session): Entries {
  return { session: session.number, ...newest(session.transcript, ENTRIES_PER_PAGE, PAGE_CHARACTERS) };
}

/** The unsent text of each session. */
export function draftsOf({ sessions }: State): Draft[] {
  return sessions.map(({ number, draft, draftAbout }) => ({
    session: number,
    text: draft,
    about: draftAbout,
  }));
}

/** The draft changes that a page with the drafts `held` does not have: typed in another page, or sent from there. */
export function draftChanges(held: ReadonlyMap<SessionNumber, Draft>, state: State): DraftChange[] {
  return draftsOf(state).flatMap((draft) => {
    const { text, about } = held.get(draft.session) ?? { text: "", about: null };
    return text === draft.text && about === draft.about ? [] : [{ ...draft, former: { text, about } }];
  });
}

type Amended = { session: SessionNumber; index: number; entry: Entry };
export type PanelChange = {
  readonly state?: Partial<Omit<PanelState, "transfers">>;
  readonly transfers?: TransferChanges;
  readonly entries: Entries[];
  readonly amended?: Amended[];
};

/** The patch that turns a page showing `before` into one showing `after`; null if nothing differs. */
export function panelChange(before: State, after: State): PanelChange | null {
  if (before === after) return null;
  const state = changedFields(before, after);
  const { entries, amended } = changedEntries(before, after);
  const transfers = transferChanges(before, after);
  const isSame = Object.keys(state).length === 0 && entries.length === 0 && amended.length === 0;
  if (isSame && transfers === null) return null;
  return {
    ...(Object.keys(state).length === 0 ? {} : { state }),
    ...(transfers === null ? {} : { transfers }),
    entries,
    ...(amended.length === 0 ? {} : { amended }),
  };
}

/** Compares each field's sources, so that an unchanged list of a thousand people costs nothing. */
function changedFields(before: State, after: State): NonNullable<PanelChange["state"]> {
  const me = before.me !== after.me;
  const users = me || before.users !== after.users;
  const connection = me || before.connection !== after.connection || before.loss !== after.loss;
  const active = before.active !== after.active;
  const trust = before.sessions !== after.sessions || before.people !== after.people;
  return {
    ...(me ? { me: after.me?.name ?? null } : {}),
    ...(before.presence !== after.presence ? { busy: after.presence === "busy" } : {}),
    ...(connection ? { connection: connectionView(after) } : {}),
    ...(active ? { active: after.active } : {}),
    ...(active || connection ? { commands: commandViews(after) } : {}),
    ...(before.verifying !== after.verifying || (after.verifying !== null && trust)
      ? { verification: verificationView(after) }
      : {}),
    ...(connection ||
    trust ||
    before.channels !== after.channels ||
    before.presences !== after.presences ||
    before.storage !== after.storage
      ? { sessions: after.sessions.map((session) => sessionView(after, session)) }
      : {}),
    ...(before.forks !== after.forks ||
    before.invites !== after.invites ||
    (after.forks.length > 0 && before.channels !== after.channels)
      ? { forks: openForks(after) }
      : {}),
    ...(users ? { users: completedUsers(after), online: after.users.length } : {}),
    ...(keepsTargets(before, after) ? {} : { targets: targetNames(after) }),
  };
}

function changedEntries(before: State, after: State): { entries: Entries[]; amended: Amended[] } {
  const [entries, amended]: [Entries[], Amended[]] = [[], []];
  if (before.sessions === after.sessions) return { entries, amended };
  const known = new Map(before.sessions.map((session) => [session.number, session]));
  for (const session of after.sessions) {
    const former = known.get(session.number);
    if (former?.transcript === session.transcript) continue;
    const changes = former === undefined ? null : changesSince(former.transcript, session.transcript);
    if (changes === null) {
      entries.push(newestOf(session));
      continue;
    }
    const { added, index } = changes;
    if (added.length > 0) entries.push({ session: session.number, index, entries: added });
    amended.push(...changes.amended.map(({ index, entry }) => ({ session: session.number, index, entry })));
  }
  return { entries, amended };
}
