// The page's model, as a function of the host's messages and of the sessions that the user chooses. Pure.
import { assertNever } from "../../protocol/result.ts";
import type {
  Entries,
  Entry,
  HostMessage,
  PanelState,
  SessionNumber,
  TransferName,
} from "../../protocol/webview.ts";
import {
  append,
  chunksOf,
  dropBefore,
  entriesBefore,
  entryAt,
  prepend,
  replace,
  type Chunks,
} from "./chunks.ts";

export type PanelModel = {
  readonly revision: number;
  /** A patch was lost: only a snapshot is accepted until one arrives. */
  readonly stale: boolean;
  /** As the host says; but `active` is the session that the user has chosen, until the host has switched to it. */
  readonly state: PanelState;
  /** The user's last choice of a session, until the host has answered it. */
  readonly choice: Choice | null;
  /** The entries held per session, always including the newest. */
  readonly logs: ReadonlyMap<SessionNumber, Chunks>;
};

type Choice = {
  readonly id: number;
  readonly session: SessionNumber;
  /** The host's active session so far. */
  readonly former: SessionNumber;
  /** It was made while a snapshot was on its way, which does not know it. */
  readonly beforeSnapshot: boolean;
};

/** The messages that change the model; the store handles the others. */
export type ModelMessage = Extract<HostMessage, { type: "snapshot" | "patch" | "page" | "activated" }>;

type PatchMessage = Extract<ModelMessage, { type: "patch" }>;

/** The model after a message; null before the first snapshot. A patch with a gap makes it `stale`. */
export function reduce(model: PanelModel | null, message: ModelMessage): PanelModel | null {
  switch (message.type) {
    case "snapshot": {
      const logs = message.entries.map(
        (part) => [part.session, resumed(model?.logs.get(part.session), part)] as const,
      );
      const { revision, state } = message;
      // The answer to an older choice may be among what was lost.
      const choice =
        model?.choice?.beforeSnapshot === true ? { ...model.choice, beforeSnapshot: false } : null;
      return { revision, stale: false, ...shownState(state, choice), logs: new Map(logs) };
    }
    case "patch":
      return model === null || model.stale ? model : patched(model, message);
    case "page": {
      const log = model?.logs.get(message.session);
      // A page that was requested before the log was cut or replaced does not fit.
      if (model === null || log?.first !== message.index + message.entries.length) return model;
      return withLog(model, message.session, prepend(log, message.entries));
    }
    case "activated":
      // The host is there by now, also where a patch with its switch was lost.
      return model?.choice?.id === message.id ? { ...model, choice: null } : model;
    default:
      return assertNever(message);
  }
}

/** The user has chosen a session: it is shown at once, so that nothing they write meanwhile goes to another one. */
export function choose(model: PanelModel, session: SessionNumber, id: number): PanelModel {
  if (!model.state.sessions.some(({ number }) => number === session)) return model;
  const told = toldBy(model);
  return { ...model, ...shownState(told, { id, session, former: told.active, beforeSnapshot: model.stale }) };
}

/** Keeps about the newest `cap` entries of a session: drops whole chunks, so that the others stay the same objects. */
export function trim(model: PanelModel, session: SessionNumber, cap: number): PanelModel {
  const log = model.logs.get(session);
  return log === undefined ? model : withLog(model, session, dropBefore(log, log.end - cap));
}

/**
 * The newest entries, plus those held before them if both belong to one conversation: a reader further up stays there.
 */
function resumed(held: Chunks | undefined, { index, entries }: Entries): Chunks {
  const newest = chunksOf(index, entries);
  const shared = held === undefined ? undefined : entryAt(held, index);
  if (held === undefined || shared === undefined) return newest;
  const [first] = entries;
  return first !== undefined && areOne(shared, first) ? prepend(newest, entriesBefore(held, index)) : newest;
}

/** Whether both are the same line of one conversation: its text may have changed, its time never does. */
function areOne(a: Entry, b: Entry): boolean {
  if (a.kind === "message") return b.kind === "message" && a.at === b.at && a.from === b.from;
  return b.kind === "notice" && a.at === b.at && a.text === b.text;
}

function withLog(model: PanelModel, session: SessionNumber, log: Chunks): PanelModel {
  if (model.logs.get(session) === log) return model;
  return { ...model, logs: new Map(model.logs).set(session, log) };
}

/** The state with the host's own active session. */
function toldBy({ state, choice }: PanelModel): PanelState {
  return choice === null ? state : { ...state, active: choice.former };
}

/** What the host says, with the chosen session in place of its own, unless that session is gone. */
function shownState(told: PanelState, choice: Choice | null): Pick<PanelModel, "state" | "choice"> {
  const isThere = told.sessions.some(({ number }) => number === choice?.session);
  return choice !== null && isThere
    ? { state: { ...told, active: choice.session }, choice: { ...choice, former: told.active } }
    : { state: told, choice: null };
}

function patched(model: PanelModel, message: PatchMessage): PanelModel {
  if (message.revision !== model.revision + 1) return { ...model, stale: true };
  const told = toldBy(model);
  const fields = message.state === undefined ? told : merged(told, message.state);
  const { transfers } = message;
  const state =
    transfers === undefined ? fields : { ...fields, transfers: withTransfers(fields.transfers, transfers) };
  const logs = new Map(model.logs);
  for (const { session, index, entries } of message.entries) {
    const log = logs.get(session);
    if (log !== undefined && index > log.end) return { ...model, stale: true };
    // An index that existed before: the conversation has started over.
    logs.set(session, log?.end === index ? append(log, entries) : chunksOf(index, entries));
  }
  for (const { session, index, entry } of message.amended ?? []) {
    const log = logs.get(session);
    if (log !== undefined && index >= log.first) logs.set(session, replace(log, index, entry));
  }
  const starts = new Map(state.sessions.map(({ number, start }) => [number, start]));
  for (const [number, log] of logs) {
    const start = starts.get(number);
    if (start === undefined) logs.delete(number);
    else logs.set(number, dropBefore(log, start));
  }
  return { revision: message.revision, stale: false, ...shownState(state, model.choice), logs };
}

function merged(state: PanelState, changed: NonNullable<PatchMessage["state"]>): PanelState {
  return {
    me: changed.me === undefined ? state.me : changed.me,
    busy: changed.busy ?? state.busy,
    connection: changed.connection ?? state.connection,
    active: changed.active ?? state.active,
    sessions: changed.sessions ?? state.sessions,
    forks: changed.forks ?? state.forks,
    users: changed.users ?? state.users,
    online: changed.online ?? state.online,
    targets: changed.targets ?? state.targets,
    commands: changed.commands ?? state.commands,
    verification: changed.verification === undefined ? state.verification : changed.verification,
    transfers: state.transfers,
  };
}

function withTransfers(
  before: PanelState["transfers"],
  { changed, gone }: NonNullable<PatchMessage["transfers"]>,
): PanelState["transfers"] {
  const now = new Map(before.map((transfer) => [keyOf(transfer), transfer]));
  for (const transfer of gone) now.delete(keyOf(transfer));
  for (const transfer of changed) now.set(keyOf(transfer), transfer);
  return [...now.values()];
}

function keyOf({ session, own, id }: TransferName): string {
  return `${String(session)}/${String(own)}/${id}`;
}
