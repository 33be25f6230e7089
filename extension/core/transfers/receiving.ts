// One file on its way to this side, event by event. Nothing counts as received before the hash of its block is right, and the
// file only when the hash over all blocks is.
import { blockCount, blockSize, CHUNK_BYTES, WRONG_BLOCKS, type Sha256 } from "../../../protocol/bulk.ts";
import {
  cancelOf,
  isComplete,
  keptBlocks,
  mayFetch,
  openBlock,
  type Block,
  type Failure,
  type Receiving,
  type ReceivingEffect,
  type ReceivingEvent,
} from "./receivingState.ts";
import { Step, type Outcome } from "./step.ts";

type Turn = Step<Receiving, ReceivingEffect>;

export function receive(receiving: Receiving, event: ReceivingEvent): Outcome<Receiving, ReceivingEffect> {
  const turn: Turn = new Step(receiving);
  switch (event.type) {
    case "accept":
      accept(turn);
      break;
    case "pause":
      pause(turn);
      break;
    case "decline":
      cancel(turn, receiving.accepted ? "canceled" : "declined");
      break;
    case "cancel":
      cancel(turn, "canceled");
      break;
    case "fetch":
      if (mayFetch(receiving)) fetchRest(turn, event.n);
      break;
    case "cut":
      cut(turn);
      break;
    case "peerPaused":
      turn.set({ paused: { ...receiving.paused, them: true } });
      break;
    case "unavailable":
      if (receiving.end === null) finish(turn, { how: "failed", why: event.why });
      break;
    case "block":
      takeBlock(turn, event.index, event.size, event.sha256);
      break;
    case "chunk":
      takeChunk(turn, event.bytes);
      break;
    case "end":
      takeEnd(turn, event.root);
      break;
    case "written":
      written(turn, event.index, event.bytes, event.sha256);
      break;
    case "diskFailed":
      diskFailed(turn, event.reason);
      break;
    case "lost":
      lost(turn, event.blocks);
      break;
    case "rooted":
      rooted(turn, event.sha256);
      break;
  }
  return turn.outcome;
}

function tell(turn: Turn, type: "pause" | "cancel" | "received"): void {
  turn.emit({ type: "tell", frame: { type, id: turn.state.id } });
}

function save(turn: Turn, change: Partial<Receiving>): void {
  turn.set(change);
  turn.emit({ type: "save", id: turn.state.id });
}

function accept(turn: Turn): void {
  const { end, paused } = turn.state;
  if (end === null) save(turn, { accepted: true, paused: { ...paused, me: false, disk: null } });
}

function cancel(turn: Turn, how: "declined" | "canceled"): void {
  if (turn.state.end !== null) return;
  finish(turn, { how });
  tell(turn, "cancel");
}

function pause(turn: Turn): void {
  const { end, accepted, paused } = turn.state;
  if (end !== null || !accepted || paused.me) return;
  save(turn, { paused: { ...paused, me: true } });
  stopWanting(turn);
}

/** The sender completes its block. Blocks that are on their way are kept, so that they need not come again. */
function stopWanting(turn: Turn): void {
  const { stream } = turn.state;
  if (stream?.wanted !== true) return;
  turn.set({ stream: { ...stream, wanted: false } });
  tell(turn, "pause");
}

function fetchRest(turn: Turn, n: number): void {
  const { id, hashes, stream } = turn.state;
  const from = hashes.length;
  const { next, jumps, low } = stream ?? { next: null, jumps: 0, low: from };
  turn.set({ stream: { next, jumps: jumps + 1, low: Math.min(low, from), wanted: true } });
  turn.emit({ type: "tell", frame: { type: "fetch", id, from, n } });
}

function cut(turn: Turn): void {
  const { blocks, paused } = turn.state;
  turn.set({
    stream: null,
    paused: { ...paused, them: false },
    blocks: blocks.map((block) => (block.closed ? block : { ...block, keep: false, closed: true })),
  });
  sweep(turn);
}

function finish(turn: Turn, end: NonNullable<Receiving["end"]>): void {
  const { id, accepted, stream, blocks } = turn.state;
  turn.set({
    end,
    rooting: false,
    stream: stream && { ...stream, wanted: false },
    blocks: blocks.map((block) => ({ ...block, keep: false })),
  });
  // Nothing of an offer is on the disk. A peer that takes back one after the other must not cause writes.
  if (accepted || end.how !== "failed") turn.emit({ type: "save", id });
  if (accepted) turn.emit({ type: end.how === "done" ? "finish" : "discard", id });
  sweep(turn);
}

function fail(turn: Turn, why: Failure): void {
  if (turn.state.end !== null) return;
  const end = { how: "failed", why } as const;
  finish(turn, end);
  turn.emit({ type: "tell", frame: cancelOf(turn.state.id, end) });
}

/** Ends the transfer of a sender that breaks the rules, and its link. */
function refuse(turn: Turn, why: "order" | "size"): void {
  fail(turn, why);
  turn.emit({ type: "refuse", why });
}

/**
 * Whether the sender may send this block now (or the end, which stands behind the last block): it continues, or follows a
 * request. A sender that skips requests keeps the right to jump, only to blocks that this side has verified or waits for.
 */
function follows(turn: Turn, index: number): boolean {
  const { stream, hashes, paused } = turn.state;
  if (stream === null) return false;
  const { next, jumps, low } = stream;
  const isNext = index === next;
  if (!isNext && (jumps === 0 || index < low || index > hashes.length)) return false;
  turn.set({
    stream: { ...stream, next: index + 1, jumps: isNext ? jumps : jumps - 1 },
    paused: { ...paused, them: false },
  });
  return true;
}

function takeBlock(turn: Turn, index: number, size: number, sha256: Sha256): void {
  const total = turn.state.size;
  if (index >= blockCount(total) || openBlock(turn.state) !== undefined || !follows(turn, index)) {
    refuse(turn, "order");
    return;
  }
  if (size !== blockSize(total, index)) {
    refuse(turn, "size");
    return;
  }
  const { end, paused, blocks } = turn.state;
  const keep = end === null && paused.disk === null && index === keptBlocks(turn.state);
  const block: Block = { index, size, sha256, received: 0, unwritten: 0, keep, closed: false };
  turn.set({ blocks: [...blocks, block] });
}

function takeChunk(turn: Turn, bytes: number): void {
  const block = openBlock(turn.state);
  // Small frames would cost much more than their bytes.
  if (block === undefined || bytes !== Math.min(CHUNK_BYTES, block.size - block.received)) {
    refuse(turn, "size");
    return;
  }
  const { index, received, keep, unwritten } = block;
  const closed = received + bytes === block.size;
  turn.set({
    blocks: turn.state.blocks.with(-1, {
      ...{ ...block, received: received + bytes, closed },
      unwritten: keep ? unwritten + bytes : unwritten,
    }),
  });
  if (keep) turn.emit({ type: "write", id: turn.state.id, index, at: received, bytes, last: closed });
  sweep(turn);
}

function takeEnd(turn: Turn, root: Sha256): void {
  const last = blockCount(turn.state.size);
  if (openBlock(turn.state) !== undefined || !follows(turn, last)) {
    refuse(turn, "order");
    return;
  }
  // The end of a stream in which a block was wrong. The blocks that were requested again bring another one.
  if (turn.state.end !== null || turn.state.rooting || keptBlocks(turn.state) !== last) return;
  turn.set({ root });
  checkRoot(turn);
}

function written(turn: Turn, index: number, bytes: number, sha256: Sha256 | null): void {
  const { blocks, hashes } = turn.state;
  const at = blocks.findIndex(({ unwritten }) => unwritten > 0);
  const block = blocks[at];
  if (block?.index !== index) return;
  const unwritten = Math.max(0, block.unwritten - bytes);
  const isWhole = block.keep && block.closed && unwritten === 0;
  turn.set({ blocks: blocks.with(at, { ...block, unwritten, keep: block.keep && !isWhole }) });
  if (isWhole && sha256 === block.sha256) save(turn, { hashes: [...hashes, sha256] });
  else if (isWhole) wrongBlock(turn);
  sweep(turn);
  checkRoot(turn);
}

/** Drops the block and those after it, and requests them again. */
function wrongBlock(turn: Turn): void {
  const { stream, blocks, wrong } = turn.state;
  turn.set({
    wrong: wrong + 1,
    root: null,
    stream: stream && { ...stream, wanted: false },
    blocks: blocks.map((block) => ({ ...block, keep: false })),
  });
  if (wrong + 1 >= WRONG_BLOCKS) fail(turn, "hash");
}

function diskFailed(turn: Turn, reason: string): void {
  const { blocks, paused, end, rooting } = turn.state;
  turn.set({ blocks: blocks.map((block) => ({ ...block, keep: false, unwritten: 0 })) });
  sweep(turn);
  if (end !== null || rooting) return;
  turn.set({ root: null });
  save(turn, { paused: { ...paused, disk: reason } });
  stopWanting(turn);
}

/** Goes back to what is there. While blocks come, the next write notices it first. */
function lost(turn: Turn, left: number): void {
  const { hashes, end, rooting, stream, blocks } = turn.state;
  const isOver = end !== null && end.how !== "done";
  const isBusy = rooting || stream?.wanted === true || blocks.some(({ keep }) => keep);
  if (!isOver && !isBusy && left < hashes.length)
    save(turn, { hashes: hashes.slice(0, left), root: null, end: null });
}

/** Forgets blocks of which nothing more will come or be written. */
function sweep(turn: Turn): void {
  const { blocks } = turn.state;
  turn.set({ blocks: blocks.filter(({ closed, keep, unwritten }) => !closed || keep || unwritten > 0) });
}

function checkRoot(turn: Turn): void {
  const { id, end, root, rooting, hashes } = turn.state;
  if (end !== null || root === null || rooting || !isComplete(turn.state)) return;
  turn.set({ rooting: true });
  turn.emit({ type: "hashRoot", id, hashes });
}

function rooted(turn: Turn, sha256: Sha256): void {
  if (!turn.state.rooting) return;
  if (sha256 !== turn.state.root) {
    fail(turn, "root");
    return;
  }
  finish(turn, { how: "done" });
  tell(turn, "received");
}
