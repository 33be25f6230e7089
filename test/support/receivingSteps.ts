// A file on its way to this side, step by step: the events, and what this side does about them.
import assert from "node:assert/strict";
import { BLOCK_BYTES, CHUNK_BYTES, type FileId, type Sha256 } from "../../protocol/bulk.ts";
import {
  newIncoming,
  takeIn,
  type Incoming,
  type IncomingEffect,
  type IncomingEvent,
} from "../../extension/core/transfers/incoming.ts";
import { phaseOf, type Phase, type Receiving } from "../../extension/core/transfers/receivingState.ts";
import { fileId, hashOf } from "./fileIds.ts";

export const ID = fileId(1);
export const HASH = hashOf(Buffer.of(1));
export const WRONG = hashOf(Buffer.of(2));
export const SIZE = BLOCK_BYTES + 5;

/** Frames that were sent, bytes that were granted, and other effects by their type. */
function told(effects: readonly IncomingEffect[]): string[] {
  return effects.map((effect) => {
    if (effect.type === "grant") return `grant ${effect.bytes}`;
    if (effect.type === "refuse") return `refuse ${effect.why}`;
    if (effect.type !== "tell") return effect.type;
    const { frame } = effect;
    if (frame.type === "cancel" && frame.why !== undefined) return `cancel ${frame.why}`;
    return frame.type === "fetch" ? `fetch ${frame.from} over ${frame.n}` : frame.type;
  });
}

export function run(incoming: Incoming, ...events: IncomingEvent[]): { state: Incoming; told: string[] } {
  let state = incoming;
  const effects: IncomingEffect[] = [];
  for (const event of events) {
    const outcome = takeIn(state, event);
    state = outcome.state;
    effects.push(...outcome.effects);
  }
  return { state, told: told(effects) };
}

export function transferIn(incoming: Incoming, id = ID): Receiving {
  const found = incoming.transfers.find((each) => each.id === id);
  assert.ok(found);
  return found;
}

export function phase(incoming: Incoming): Phase {
  return phaseOf(transferIn(incoming), incoming.link !== null);
}

export const offer = (id: FileId = ID, size = SIZE): IncomingEvent => ({ type: "offered", id, size });
export const by = (type: "accept" | "pause" | "decline" | "cancel", id = ID): IncomingEvent => ({ type, id });
export const link = (n: number | null): IncomingEvent => ({ type: "bulkLink", n });
export const block = (index: number, size: number, sha256: Sha256 = HASH): IncomingEvent => ({
  type: "bulk",
  frame: { type: "block", id: ID, index, size, sha256 },
});
export const chunk = (bytes: number): IncomingEvent => ({ type: "chunk", bytes });
export const written = (index: number, bytes: number, sha256: Sha256 | null = null): IncomingEvent => ({
  ...{ type: "disk", id: ID },
  event: { type: "written", index, bytes, sha256 },
});
export const end: IncomingEvent = { type: "bulk", frame: { type: "end", id: ID, root: HASH } };
export const rooted = (sha256: Sha256): IncomingEvent => ({
  type: "disk",
  id: ID,
  event: { type: "rooted", sha256 },
});
export const diskFull: IncomingEvent = {
  type: "disk",
  id: ID,
  event: { type: "diskFailed", reason: "no space" },
};

/** A whole block that comes and is written chunk by chunk. */
export function wholeBlock(index: number, size: number, computed: Sha256 = HASH): IncomingEvent[] {
  const chunks = Array.from({ length: Math.ceil(size / CHUNK_BYTES) }, (_, i) =>
    Math.min(CHUNK_BYTES, size - i * CHUNK_BYTES),
  );
  return [
    block(index, size),
    ...chunks.flatMap((bytes, i) => [
      chunk(bytes),
      written(index, bytes, i === chunks.length - 1 ? computed : null),
    ]),
  ];
}

/** No file is known. */
export const empty = newIncoming([]);
/** The file is requested over the first link. */
export const fetching = run(empty, offer(), by("accept"), link(1)).state;
