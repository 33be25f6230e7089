// All files on their way from one peer: which of them are requested, which block the bytes of the bulk link belong to, and
// how many more may come.
import {
  CHUNK_BYTES,
  MOST_CREDIT,
  OPEN_OFFERS,
  RUNNING_TRANSFERS,
  type BulkMessage,
  type FileId,
  type TransferMessage,
} from "../../../protocol/bulk.ts";
import { measured, newWindow, type CreditWindow } from "./creditWindow.ts";
import { receive } from "./receiving.ts";
import {
  announce,
  mayFetch,
  offered,
  openBlock,
  type Receiving,
  type ReceivingEffect,
  type ReceivingEvent,
  type Refusal,
} from "./receivingState.ts";
import { Step, type Outcome } from "./step.ts";

export type Incoming = {
  /** The oldest offer first. */
  readonly transfers: readonly Receiving[];
  /** The number of the bulk link whose frames count; null without one. */
  readonly link: number | null;
  readonly window: CreditWindow;
  /** Bytes that may come. */
  readonly credit: number;
  /** Whose block is coming; null between blocks. */
  readonly open: FileId | null;
};

export type IncomingEvent =
  | { readonly type: "offered"; readonly id: FileId; readonly size: number }
  /** By the user. */
  | { readonly type: "accept" | "pause" | "decline"; readonly id: FileId }
  /** The message or the session is gone. */
  | { readonly type: "cancel"; readonly id: FileId }
  /** Frames of the sender; those that are for a sender do nothing here. */
  | { readonly type: "peer"; readonly frame: TransferMessage }
  | { readonly type: "bulk"; readonly frame: BulkMessage }
  /** A binary frame. */
  | { readonly type: "chunk"; readonly bytes: number }
  /** What the disk reports of a transfer. */
  | {
      readonly type: "disk";
      readonly id: FileId;
      readonly event: Extract<ReceivingEvent, { type: "written" | "diskFailed" | "lost" | "rooted" }>;
    }
  /** The session's own link is new. */
  | { readonly type: "met" }
  /** The bulk link that there is now. It ends with the session's own link at the latest, so that no request is lost while it lasts. */
  | { readonly type: "bulkLink"; readonly n: number | null }
  /** A round trip of the session's own link ended. */
  | { readonly type: "roundTrip"; readonly ms: number; readonly at: number };

export type IncomingEffect =
  | ReceivingEffect
  | { readonly type: "grant"; readonly bytes: number }
  /** Delete what is known of it: others have come since it ended. */
  | { readonly type: "forget"; readonly id: FileId };

type Turn = Step<Incoming, IncomingEffect>;

/** @param transfers those that sidecars hold */
export function newIncoming(transfers: readonly Receiving[]): Incoming {
  return { transfers, link: null, window: newWindow, credit: 0, open: null };
}

export function takeIn(incoming: Incoming, event: IncomingEvent): Outcome<Incoming, IncomingEffect> {
  const turn: Turn = new Step(incoming);
  handle(turn, event);
  // What is left of a link whose sender broke the rules does not count.
  if (turn.effects.some(({ type }) => type === "refuse")) setLink(turn, null);
  if (turn.state.link !== null) {
    fetchNext(turn, turn.state.link);
    grant(turn);
  }
  return turn.outcome;
}

/** Whether a bulk link is needed: without one, the user's files do not come. */
export function wantsLink({ transfers }: Incoming): boolean {
  return transfers.some(isWanted);
}

/** Whether a block has come as a whole, and is not verified yet. */
export function hasUnverified({ transfers }: Incoming): boolean {
  return transfers.some(({ blocks }) => blocks.some(({ keep, closed }) => keep && closed));
}

function handle(turn: Turn, event: IncomingEvent): void {
  switch (event.type) {
    case "offered":
      takeOffer(turn, event.id, event.size);
      break;
    case "accept":
    case "pause":
    case "decline":
    case "cancel":
      pass(turn, event.id, { type: event.type });
      break;
    case "peer":
      if (event.frame.type === "pause") pass(turn, event.frame.id, { type: "peerPaused" });
      if (event.frame.type === "unavailable")
        pass(turn, event.frame.id, { type: "unavailable", why: event.frame.why });
      break;
    case "bulk":
      if (turn.state.link !== null) takeFrame(turn, event.frame);
      break;
    case "chunk":
      if (turn.state.link !== null) takeChunk(turn, event.bytes);
      break;
    case "disk":
      pass(turn, event.id, event.event);
      break;
    case "met":
      turn.emit(...turn.state.transfers.flatMap(announce));
      break;
    case "bulkLink":
      setLink(turn, event.n);
      break;
    case "roundTrip":
      turn.set({ window: measured(turn.state.window, event.ms, event.at) });
      break;
  }
}

function find(turn: Turn, id: FileId): Receiving | undefined {
  return turn.state.transfers.find((transfer) => transfer.id === id);
}

function pass(turn: Turn, id: FileId, event: ReceivingEvent): void {
  const transfer = find(turn, id);
  if (transfer === undefined) return;
  const { state, effects } = receive(transfer, event);
  turn.set({ transfers: turn.state.transfers.map((each) => (each.id === id ? state : each)) });
  turn.emit(...effects);
}

/** An offer that comes again is the same one: its size stays. */
function takeOffer(turn: Turn, id: FileId, size: number): void {
  const { transfers } = turn.state;
  if (find(turn, id) !== undefined) return;
  const isOneTooMany = transfers.filter(({ end }) => end === null).length >= OPEN_OFFERS;
  // It is shown, but not saved: a peer must not cause writes.
  const end = isOneTooMany ? ({ how: "failed", why: "many" } as const) : null;
  const transfer = { ...offered(id, size), end };
  // The oldest that are over are forgotten, unless something of them may still come.
  const over = transfers.filter(({ end, stream, blocks }) => end && stream === null && blocks.length === 0);
  const forgotten = new Set(over.slice(0, Math.max(0, over.length - OPEN_OFFERS)));
  turn.set({ transfers: [...transfers.filter((each) => !forgotten.has(each)), transfer] });
  for (const each of forgotten) turn.emit({ type: "forget", id: each.id });
  turn.emit(...announce(transfer));
}

function setLink(turn: Turn, link: number | null): void {
  for (const { id } of turn.state.transfers) pass(turn, id, { type: "cut" });
  turn.set({ link, window: newWindow, credit: 0, open: null });
}

function refuse(turn: Turn, why: Refusal): void {
  turn.emit({ type: "refuse", why });
}

function takeFrame(turn: Turn, frame: BulkMessage): void {
  if (frame.type !== "block" && frame.type !== "end") return;
  const { open } = turn.state;
  const transfer = find(turn, frame.id);
  if (transfer?.stream == null) refuse(turn, "unknown");
  else if (open !== null) refuse(turn, "order");
  else {
    pass(turn, frame.id, frame);
    if (frame.type === "block") turn.set({ open: frame.id });
  }
}

function takeChunk(turn: Turn, bytes: number): void {
  const { open, credit } = turn.state;
  if (open === null || bytes > CHUNK_BYTES) refuse(turn, "chunk");
  else if (bytes > credit) refuse(turn, "credit");
  else {
    turn.set({ credit: credit - bytes });
    pass(turn, open, { type: "chunk", bytes });
    const transfer = find(turn, open);
    if (transfer === undefined || openBlock(transfer) === undefined) turn.set({ open: null });
  }
}

/** The user waits for it. */
function isWanted({ accepted, end, paused }: Receiving): boolean {
  return accepted && end === null && !paused.me && paused.disk === null;
}

function isRunning({ stream, paused }: Receiving): boolean {
  return stream?.wanted === true && !paused.them;
}

/** Requests what waits, the oldest first. */
function fetchNext(turn: Turn, n: number): void {
  let free = RUNNING_TRANSFERS - turn.state.transfers.filter(isRunning).length;
  for (const transfer of turn.state.transfers) {
    if (free <= 0) return;
    if (!mayFetch(transfer)) continue;
    pass(turn, transfer.id, { type: "fetch", n });
    free -= 1;
  }
}

/** Bytes that have come and are not on the disk. */
function unwrittenBytes({ transfers }: Incoming): number {
  return transfers.reduce(
    (sum, { blocks }) => sum + blocks.reduce((bytes, { unwritten }) => bytes + unwritten, 0),
    0,
  );
}

/** Keeps what may come and what is being written within the window. Nothing may come while the user waits for nothing. */
function grant(turn: Turn): void {
  const { credit, window, transfers } = turn.state;
  if (!transfers.some(isWanted)) return;
  const bytes = Math.min(window.bytes, MOST_CREDIT) - credit - unwrittenBytes(turn.state);
  // In portions: each frame wakes the other side, which costs it as much as a chunk.
  if (bytes < Math.max(CHUNK_BYTES, window.bytes / 4)) return;
  turn.set({ credit: credit + bytes });
  turn.emit({ type: "grant", bytes });
}
