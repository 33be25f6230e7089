// A sender that lies: flipped bits, wrong hashes, sizes, roots, ids and numbers, more or fewer bytes, frames in another order. None
// of it ever becomes a file.
import assert from "node:assert/strict";
import { BLOCK_BYTES, blockCount, blockSize, CHUNK_BYTES, WRONG_BLOCKS } from "../../../../protocol/bulk.ts";
import type { BulkMessage, Sha256 } from "../../../../protocol/bulk.ts";
import { phaseOf } from "../../../../extension/core/transfers/receivingState.ts";
import { seededRandom } from "../../../support/seededRandom.ts";
import { fileId, hashOf, rootOf } from "../../../support/fileIds.ts";
import { Pair } from "../../../support/transferLinks.ts";

type Item = BulkMessage | Buffer;

function isBytes(item: Item): item is Buffer {
  return Buffer.isBuffer(item);
}

const ID = fileId(1);
const OTHER = fileId(2);
const random = seededRandom(20);
const below = (n: number): number => Math.floor(random() * n);

/** What an honest sender sends from a block on. */
function honest(data: Buffer, from = 0): Item[] {
  const hashes: Sha256[] = [];
  const items: Item[] = [];
  for (let index = 0; index < blockCount(data.length); index++) {
    const size = blockSize(data.length, index);
    const block = data.subarray(index * BLOCK_BYTES, index * BLOCK_BYTES + size);
    hashes.push(hashOf(block));
    if (index < from) continue;
    items.push({ type: "block", id: ID, index, size, sha256: hashOf(block) });
    for (let at = 0; at < size; at += CHUNK_BYTES) items.push(block.subarray(at, at + CHUNK_BYTES));
  }
  return [...items, { type: "end", id: ID, root: rootOf(hashes) }];
}

/** A receiver that has accepted a file of this size, and asked for it. */
function accepting(size: number): Pair {
  const pair = new Pair();
  pair.connected = true;
  pair.receiver.take({ type: "offered", id: ID, size });
  pair.receiver.take({ type: "offered", id: OTHER, size });
  pair.linkReceiver();
  pair.receiver.take({ type: "accept", id: ID });
  return pair;
}

/** Lets the receiver's disk do all that it has to do. */
function settle(pair: Pair): void {
  const { receiver } = pair;
  for (;;) {
    if (receiver.effects.length > 0) pair.runReceiver();
    else if ((receiver.writes.get(ID)?.length ?? 0) > 0) receiver.finishWrite(ID);
    else if (receiver.roots.length > 0) receiver.finishRoot();
    else return;
  }
}

/** Plays what a sender sends for each request. @param lie is told what an honest one would send */
function play(pair: Pair, data: Buffer, lie: (items: Item[]) => Item[]): void {
  for (;;) {
    settle(pair);
    const request = pair.toSender.shift();
    if (request === undefined) return;
    if (request.type !== "fetch") continue;
    for (const item of lie(honest(data, request.from))) {
      if (pair.receiver.state.link === null) return;
      if (isBytes(item)) pair.receiver.take({ type: "chunk", bytes: item.length }, item);
      else pair.receiver.take({ type: "bulk", frame: item });
      settle(pair);
    }
  }
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

function otherHash(hash: Sha256): Sha256 {
  return (hash.startsWith("A") ? `B${hash.slice(1)}` : `A${hash.slice(1)}`) as Sha256;
}

type Kind = "block" | "chunk" | "end";
const kindOf = (item: Item): Kind => (isBytes(item) ? "chunk" : (item.type as Kind));

/** The number of an item of this kind. */
function placeOf(items: readonly Item[], kind: Kind): number {
  const places = items.flatMap((item, i) => (kindOf(item) === kind ? [i] : []));
  return places[below(places.length)] ?? 0;
}

/** Replaces one item of a kind by others. */
const instead =
  (kind: Kind, become: (item: Item, next: Item | undefined) => Item[]) =>
  (items: Item[]): Item[] => {
    const at = placeOf(items, kind);
    const item = items[at];
    return item === undefined ? items : items.toSpliced(at, 1, ...become(item, items[at + 1]));
  };

const changed = (what: object) => (item: Item) => [Object.assign({}, item, what) as BulkMessage];
const block = (what: (block: Extract<BulkMessage, { type: "block" }>) => object) =>
  instead("block", (item) => changed(what(item as Extract<BulkMessage, { type: "block" }>))(item));

const lies: Record<string, (items: Item[]) => Item[]> = {
  "another hash": block(({ sha256 }) => ({ sha256: otherHash(sha256) })),
  "a block that is larger": block(({ size }) => ({ size: size + 1 })),
  "a block that is smaller": block(({ size }) => ({ size: size - 1 })),
  "the next block's number": block(({ index }) => ({ index: index + 1 })),
  "a number behind the last block": block(({ index }) => ({ index: index + 2 ** 10 })),
  "a block of a file that was not requested": block(() => ({ id: OTHER })),
  "a block of an unknown file": block(() => ({ id: fileId(99) })),
  "a block twice": instead("block", (item) => [item, item]),
  "no block": instead("block", () => []),
  "another root": instead("end", (item) =>
    changed({ root: otherHash((item as { root: Sha256 }).root) })(item),
  ),
  "no end": instead("end", () => []),
  "the end of another file": instead("end", changed({ id: OTHER })),
  "the end before a block": instead("block", (item) => [
    { type: "end", id: ID, root: hashOf(Buffer.of()) },
    item,
  ]),
  "the end within a block": instead("chunk", (item) => [
    { type: "end", id: ID, root: hashOf(Buffer.of()) },
    item,
  ]),
  "a flipped bit": instead("chunk", (item) => [flipped(item as Buffer, below((item as Buffer).length * 8))]),
  "one byte more": instead("chunk", (item) => [Buffer.concat([item as Buffer, Buffer.of(0)])]),
  "one byte less": instead("chunk", (item) => [(item as Buffer).subarray(1)]),
  "an empty frame": instead("chunk", (item) => [Buffer.of(), item]),
  "a frame twice": instead("chunk", (item) => [item, item]),
  "no frame": instead("chunk", () => []),
  "a frame that is too long": instead("chunk", (item) => [
    Buffer.concat([item as Buffer, Buffer.alloc(CHUNK_BYTES)]),
  ]),
  "a frame outside a block": instead("end", (item) => [Buffer.alloc(1), item]),
  "two frames in the other order": (items) => {
    const at = items.findIndex(
      (item, i) => kindOf(item) === "chunk" && kindOf(items[i + 1] ?? item) === "chunk",
    );
    const [one, two] = items.slice(at, at + 2);
    return one === undefined || two === undefined ? items : items.toSpliced(at, 2, two, one);
  },
};

function noise(size: number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => below(256)));
}

describe("a sender that lies", () => {
  const long = Buffer.alloc(BLOCK_BYTES + 10_000, noise(4_099));

  it("is not needed for a file to arrive: an honest one makes it", () => {
    const pair = accepting(long.length);
    play(pair, long, (items) => items);
    assert.ok(pair.receiver.finished.get(ID)?.equals(long));
    assert.deepEqual(pair.receiver.refused, []);
  });

  it("makes no file with one flipped bit, in 10,000 places", function () {
    this.timeout(60_000);
    const data = noise(1_250);
    const items = honest(data);
    for (let place = 0; place < 10_000; place++) {
      const pair = accepting(data.length);
      const chunk = flipped(data, place);
      play(pair, data, () => items.with(1, chunk));
      assert.deepEqual(pair.receiver.transfer(ID).end, { how: "failed", why: "hash" });
      assert.equal(pair.receiver.transfer(ID).wrong, WRONG_BLOCKS);
      assert.equal(pair.receiver.finished.size, 0);
      assert.equal(pair.receiver.parts.size, 0, "nothing of it stays");
    }
  });

  for (const [title, lie] of Object.entries(lies)) {
    it(`makes no file with ${title}`, () => {
      for (let n = 0; n < 12; n++) {
        const pair = accepting(long.length);
        play(pair, long, lie);
        const { receiver } = pair;
        assert.equal(receiver.finished.size, 0);
        assert.notEqual(phaseOf(receiver.transfer(ID), true).phase, "done");
        assert.equal(receiver.transfer(OTHER).end, null, "what was not requested is left alone");
        // It fails, its link is closed, or it waits for what was not sent.
        const isOver = receiver.transfer(ID).end !== null || receiver.refused.length > 0;
        assert.ok(isOver || title === "no end");
      }
    });
  }

  it("cannot replace a block that was wrong with one of another size or number", () => {
    const pair = accepting(long.length);
    let requests = 0;
    play(pair, long, (items) => {
      requests += 1;
      const [first, chunk, ...rest] = items;
      assert.ok(first !== undefined && chunk !== undefined && isBytes(chunk));
      return requests === 1 ? [first, flipped(chunk, 0), ...rest] : items;
    });
    assert.equal(requests, 2);
    assert.ok(pair.receiver.finished.get(ID)?.equals(long), "a right block makes up for a wrong one");
  });

  it("cannot send more than it was granted, nor make events that break a bound", function () {
    this.timeout(60_000);
    for (let run = 0; run < 200; run++) {
      const pair = accepting(below(4) * BLOCK_BYTES + below(3));
      const { receiver } = pair;
      for (let n = 0; n < 300; n++) {
        const id = fileId(below(4));
        const sha256 = hashOf(Buffer.of(below(2)));
        const index = below(4);
        const size = below(2) === 0 ? BLOCK_BYTES : 1 + below(3);
        const bytes = below(2) === 0 ? CHUNK_BYTES : below(100_000);
        switch (below(12)) {
          case 0:
            receiver.take({ type: "offered", id, size: below(5) * BLOCK_BYTES });
            break;
          case 1:
          case 2:
            receiver.take({ type: "accept", id });
            break;
          case 3:
            if (below(5) === 0) receiver.take({ type: below(2) === 0 ? "pause" : "cancel", id });
            break;
          case 4:
            receiver.take({ type: "bulk", frame: { type: "end", id, root: sha256 } });
            break;
          case 5:
          case 6:
            receiver.take({ type: "bulk", frame: { type: "block", id, index, size, sha256 } });
            break;
          case 7:
          case 8:
            receiver.take({ type: "chunk", bytes });
            break;
          case 9:
            receiver.take({ type: "disk", id, event: { type: "written", index, bytes, sha256 } });
            break;
          case 10:
            receiver.take({ type: "roundTrip", ms: below(100), at: n });
            break;
          default:
            if (receiver.state.link === null) receiver.take({ type: "bulkLink", n });
        }
      }
    }
  });
});
