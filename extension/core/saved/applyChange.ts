// Applies a saved change to a window: how the records of its file become its state again, even if a damaged one is
// missing.
import type { Entry, PendingMessage } from "../../../protocol/webview.ts";
import { withRows } from "../model/reactions.ts";
import type { SavedChange, SessionChange } from "./savedChanges.ts";
import { KEPT_CHARACTERS, KEPT_ENTRIES, type SavedWindow } from "./savedWindow.ts";
import { fromEntries, isPresence, newest } from "../model/transcript.ts";

export function applyChange(saved: SavedWindow, change: SavedChange): SavedWindow {
  const channels = new Map(saved.wires.map((channel) => [channel.sid as string, channel]));
  for (const channel of change.wires ?? []) channels.set(channel.sid, channel);
  for (const sid of change.wiresGone ?? []) channels.delete(sid);
  let { lobby } = saved;
  const peers = new Map(saved.peers.map((peer) => [peer.number, peer]));
  for (const number of change.sessionsGone ?? []) peers.delete(number);
  for (const session of change.sessions ?? []) {
    if (session.number === 0) {
      lobby = applyTo(lobby, session);
      continue;
    }
    const former = peers.get(session.number);
    const base = session.peer ?? former;
    if (base === undefined) continue;
    const conversation = former ?? {
      start: 0,
      entries: [],
      pending: [],
      unread: 0,
      draft: "",
      draftAbout: null,
      attached: null,
      files: [],
      muted: false,
      newFrom: null,
    };
    peers.set(session.number, { ...conversation, ...base, ...applyTo(conversation, session) });
  }
  return {
    ...saved,
    ...withoutUndefined(change.frame),
    wires: [...channels.values()],
    lobby,
    peers: [...peers.values()],
  };
}

type Conversation = SavedWindow["lobby"];

function applyTo(conversation: Conversation, change: SessionChange): Conversation {
  const { unread, draft, draftAbout, attached, files, muted, newFrom } = conversation;
  return {
    ...withEntries(conversation, change),
    pending: withPending(conversation, change),
    unread: change.unread ?? unread,
    draft: change.draft ?? draft,
    draftAbout: change.draftAbout === undefined ? draftAbout : change.draftAbout,
    attached: change.attached === undefined ? attached : change.attached,
    files: change.files ?? files,
    muted: change.muted ?? muted,
    newFrom: change.newFrom === undefined ? newFrom : change.newFrom,
  };
}

function withPending(
  { pending: former }: Conversation,
  { gone = 0, goneIds, pending = [] }: SessionChange,
): PendingMessage[] {
  if (goneIds === undefined) return [...former.slice(gone), ...pending];
  const replaced = new Set([...goneIds, ...pending.map(({ id }) => id)]);
  return [...former.filter(({ id }) => !replaced.has(id)), ...pending];
}

function withEntries(
  { start: former, entries }: Conversation,
  { anew, from, entries: added = [], amended = [], reacted = [] }: SessionChange,
): Pick<Conversation, "start" | "entries"> {
  if (anew !== undefined) return { start: anew, entries: added };
  if (added.length + amended.length + reacted.length === 0) return { start: former, entries };
  // If a damaged record has taken lines with it, those before it move up, so that what follows has its right index.
  const start = Math.max(former, (from ?? 0) - entries.length);
  const lines = [...entries, ...added];
  for (const { index, entry } of amended) {
    if (isSameLine(lines[index - start], entry)) lines[index - start] = entry;
  }
  for (const { index, rows, at } of reacted) {
    const line = lines[index - start];
    if (line?.kind === "message" && line.at === (at ?? line.at)) lines[index - start] = withRows(line, rows);
  }
  return bounded(start, lines);
}

/** Whether one line is the other, amended: after damage another line may be at its index. */
function isSameLine(a: Entry | undefined, b: Entry): boolean {
  if (a?.at !== b.at) return false;
  if (isPresence(a) && isPresence(b)) return true;
  if (a.kind !== "message" || b.kind !== "message" || a.from !== b.from) return false;
  return a.seq === undefined || b.seq === undefined || a.seq === b.seq;
}

/** Up to twice the limit may accumulate before the oldest are dropped, so that not every line moves all others. */
function bounded(start: number, entries: Entry[]): Pick<Conversation, "start" | "entries"> {
  if (entries.length <= 2 * KEPT_ENTRIES) return { start, entries };
  const kept = newest(fromEntries(entries, start), KEPT_ENTRIES, KEPT_CHARACTERS);
  return { start: kept.index, entries: kept.entries };
}

function withoutUndefined<T extends object>(
  value: T | undefined,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value ?? {}).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
