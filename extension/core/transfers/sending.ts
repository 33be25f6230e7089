// Files on their way to one peer, event by event. A file that is no longer what was offered is never sent mixed: it is looked
// at around each read. Transfers take turns, one block each, and never exceed the receiver's credit.
import * as v from "valibot";
import {
  blockCount,
  BLOCK_BYTES,
  blockSize,
  CHUNK_BYTES,
  MOST_CREDIT,
  OPEN_OFFERS,
  RUNNING_TRANSFERS,
  Unavailable,
  type FileId,
  type Sha256,
  type TransferMessage,
} from "../../../protocol/bulk.ts";
import {
  newOffer,
  type Offer,
  type Over,
  type Sending,
  type SendingEffect,
  type Source,
} from "./sendingState.ts";
import { Step, type Outcome } from "./step.ts";

export type SendingEvent =
  | { readonly type: "offer"; readonly id: FileId; readonly source: Source }
  /** By the user. */
  | { readonly type: "pause" | "resume" | "cancel"; readonly id: FileId }
  /** Frames of the receiver; those that are for a receiver do nothing here. */
  | { readonly type: "peer"; readonly frame: TransferMessage }
  | { readonly type: "credit"; readonly bytes: number }
  /** The session's own link is new: requests for bulk links of an earlier one mean nothing. */
  | { readonly type: "met" }
  /** As many bytes wait to be sent as may, or no longer. */
  | { readonly type: "full" | "drained" }
  /** The bulk link that there is now. It ends with the session's own link at the latest, so that no request is lost while it lasts. */
  | { readonly type: "bulkLink"; readonly n: number | null }
  /** A block was read. `before` and `after`: the file as it was around that; null if it was not there. */
  | {
      readonly type: "read";
      readonly sha256: Sha256;
      readonly before: Source | null;
      readonly after: Source | null;
    }
  | { readonly type: "rooted"; readonly sha256: Sha256 };

type Turn = Step<Sending, SendingEffect>;

export function send(sending: Sending, event: SendingEvent): Outcome<Sending, SendingEffect> {
  const turn: Turn = new Step(sending);
  switch (event.type) {
    case "offer":
      addOffer(turn, event.id, event.source);
      break;
    case "pause":
    case "resume":
      setPaused(turn, event.id, event.type === "pause");
      break;
    case "cancel":
      if (find(turn, event.id)?.over === null) stop(turn, event.id, "canceled");
      break;
    case "peer":
      takeFrame(turn, event.frame);
      break;
    case "credit":
      takeCredit(turn, event.bytes);
      break;
    case "met":
      for (const { id } of sending.offers) change(turn, id, { early: null });
      break;
    case "full":
    case "drained":
      turn.set({ full: event.type === "full" });
      break;
    case "bulkLink":
      setLink(turn, event.n);
      break;
    case "read":
      haveRead(turn, event.sha256, event.before, event.after);
      break;
    case "rooted":
      rooted(turn, event.sha256);
      break;
  }
  while (turn.state.link !== null && !turn.state.full && takesStep(turn));
  return turn.outcome;
}

function find(turn: Turn, id: FileId): Offer | undefined {
  return turn.state.offers.find((offer) => offer.id === id);
}

function change(turn: Turn, id: FileId, what: Partial<Offer>): void {
  turn.set({
    offers: turn.state.offers.map((offer) => (offer.id === id ? { ...offer, ...what } : offer)),
  });
}

function save(turn: Turn, id: FileId, what: Partial<Offer>): void {
  change(turn, id, what);
  turn.emit({ type: "save", id });
}

function addOffer(turn: Turn, id: FileId, source: Source): void {
  const { offers } = turn.state;
  if (find(turn, id) !== undefined) return;
  if (offers.filter(({ over }) => over === null).length >= OPEN_OFFERS) {
    turn.emit({ type: "tooMany", id });
    return;
  }
  const over = offers.filter((offer) => offer.over !== null);
  const forgotten = new Set(over.slice(0, Math.max(0, over.length - OPEN_OFFERS)));
  turn.set({ offers: [...offers.filter((offer) => !forgotten.has(offer)), newOffer(id, source)] });
  turn.emit({ type: "save", id });
}

function setPaused(turn: Turn, id: FileId, me: boolean): void {
  const offer = find(turn, id);
  if (offer === undefined || offer.over !== null || offer.paused.me === me) return;
  save(turn, id, { paused: { ...offer.paused, me } });
  if (!me) takePlace(turn, id);
  else {
    leavePlace(turn, id);
    turn.emit({ type: "tell", frame: { type: "pause", id } });
  }
}

/** Ends an offer. The receiver is told unless it ended it. */
function stop(turn: Turn, id: FileId, over: Over): void {
  save(turn, id, { over, next: null });
  leavePlace(turn, id);
  if (v.is(Unavailable, over)) turn.emit({ type: "tell", frame: { type: "unavailable", id, why: over } });
}

function takeFrame(turn: Turn, frame: TransferMessage): void {
  if (frame.type === "bulk") return;
  const { id } = frame;
  const offer = find(turn, id);
  if (frame.type === "fetch") {
    fetched(turn, id, frame.from, frame.n);
    return;
  }
  if (offer === undefined || offer.over !== null) return;
  if (frame.type === "pause") {
    change(turn, id, { next: null, paused: { ...offer.paused, them: true } });
    leavePlace(turn, id);
  }
  if (frame.type === "cancel") stop(turn, id, frame.why ?? "declined");
  if (frame.type === "received" && offer.ended) stop(turn, id, "sent");
}

function fetched(turn: Turn, id: FileId, from: number, n: number): void {
  const offer = find(turn, id);
  if (offer === undefined || offer.over !== null) {
    const over = offer?.over;
    const why = over === "changed" || over === "canceled" ? over : "gone";
    turn.emit({ type: "tell", frame: { type: "unavailable", id, why } });
    return;
  }
  // No receiver can want more than there is.
  const { link } = turn.state;
  if (from > blockCount(offer.source.size)) return;
  // For a link that is gone it does nothing: numbers only grow.
  if (n !== link) {
    change(turn, id, { early: { n, from } });
    return;
  }
  change(turn, id, { next: from, paused: { ...offer.paused, them: false } });
  if (offer.paused.me) turn.emit({ type: "tell", frame: { type: "pause", id } });
  else takePlace(turn, id);
}

function takePlace(turn: Turn, id: FileId): void {
  const { running, waiting } = turn.state;
  if (find(turn, id)?.next == null || running.includes(id) || waiting.includes(id)) return;
  setPlaces(turn, running, [...waiting, id]);
}

function leavePlace(turn: Turn, id: FileId): void {
  const others = (each: FileId): boolean => each !== id;
  setPlaces(turn, turn.state.running.filter(others), turn.state.waiting.filter(others));
}

function setPlaces(turn: Turn, running: readonly FileId[], waiting: readonly FileId[]): void {
  const free = RUNNING_TRANSFERS - running.length;
  turn.set({ running: [...running, ...waiting.slice(0, free)], waiting: waiting.slice(free) });
}

function takeCredit(turn: Turn, bytes: number): void {
  const { link, credit } = turn.state;
  if (link === null) return;
  if (credit + bytes > MOST_CREDIT) {
    turn.emit({ type: "refuse", why: "credit" });
    setLink(turn, null);
  } else turn.set({ credit: credit + bytes });
}

/**
 * The receiver asks again for each new link, perhaps before this side knows of it. A read that has begun is waited for, so that
 * there is only one.
 */
function setLink(turn: Turn, link: number | null): void {
  const { offers, work } = turn.state;
  turn.set({
    ...{ link, credit: 0, full: false, running: [], waiting: [] },
    offers: offers.map((offer) => ({ ...offer, next: null, paused: { ...offer.paused, them: false } })),
    work: work === null || work.step === "sending" ? null : { ...work, abandoned: true },
  });
  if (link === null) return;
  for (const { id, early } of offers) {
    change(turn, id, { early: null });
    if (early?.n === link) fetched(turn, id, early.from, link);
  }
}

/** Does the next thing that can be done. Returns whether there may be another. */
function takesStep(turn: Turn): boolean {
  const { work, running } = turn.state;
  if (work !== null) return work.step === "sending" && sendsChunk(turn);
  const [id] = running;
  const offer = id === undefined ? undefined : find(turn, id);
  if (offer?.next == null) return false;
  begin(turn, offer, offer.next);
  return false;
}

/** Reads the block that is due, or an earlier one whose hash the root needs. */
function begin(turn: Turn, { id, source, hashes }: Offer, next: number): void {
  const index = Math.min(next, hashes.length);
  if (index === blockCount(source.size)) {
    turn.set({ work: { step: "rooting", id, abandoned: false } });
    turn.emit({ type: "hashRoot", id, hashes });
    return;
  }
  turn.set({ work: { step: "reading", id, index, abandoned: false } });
  const bytes = blockSize(source.size, index);
  turn.emit({ type: "read", id, index, at: index * BLOCK_BYTES, bytes });
}

function isSame(source: Source, found: Source): boolean {
  return source.size === found.size && source.mtime === found.mtime;
}

function haveRead(turn: Turn, sha256: Sha256, before: Source | null, after: Source | null): void {
  const { work, running } = turn.state;
  if (work?.step !== "reading") return;
  const { id, index, abandoned } = work;
  // Its turn is over: all others come first.
  const others = running.filter((each) => each !== id);
  turn.set({ work: null, running: others.length < running.length ? [...others, id] : running });
  const offer = find(turn, id);
  if (abandoned || offer === undefined || offer.over !== null) return;
  if (before === null || after === null) {
    stop(turn, id, "gone");
    return;
  }
  const { source, hashes, next } = offer;
  if (!isSame(source, before) || !isSame(source, after) || (hashes[index] ?? sha256) !== sha256) {
    stop(turn, id, "changed");
    return;
  }
  // Saved, so that it is not read again after a restart.
  if (index === hashes.length) save(turn, id, { hashes: [...hashes, sha256] });
  if (next !== index || offer.paused.me) return;
  const size = blockSize(source.size, index);
  change(turn, id, { next: index + 1 });
  turn.set({ work: { step: "sending", id, index, size, sent: 0 } });
  turn.emit({ type: "bulk", frame: { type: "block", id, index, size, sha256 } });
}

/** Sends as much of a block as one frame and the credit hold. A block that has begun is completed, whatever happens to it. */
function sendsChunk(turn: Turn): boolean {
  const { work, credit } = turn.state;
  if (work?.step !== "sending") return false;
  const { id, index, size, sent } = work;
  const bytes = Math.min(CHUNK_BYTES, size - sent);
  if (credit < bytes) return false;
  turn.emit({ type: "chunk", id, index, at: sent, bytes });
  turn.set({
    credit: credit - bytes,
    work: sent + bytes === size ? null : { ...work, sent: sent + bytes },
  });
  return true;
}

function rooted(turn: Turn, root: Sha256): void {
  const { work } = turn.state;
  if (work?.step !== "rooting") return;
  turn.set({ work: null });
  const { id, abandoned } = work;
  const offer = find(turn, id);
  if (abandoned || offer?.next !== blockCount(offer?.source.size ?? 0) || offer.paused.me) return;
  // The receiver may ask for the end again and again.
  if (offer.ended) change(turn, id, { next: null });
  else save(turn, id, { ended: true, next: null });
  leavePlace(turn, id);
  turn.emit({ type: "bulk", frame: { type: "end", id, root } });
}
