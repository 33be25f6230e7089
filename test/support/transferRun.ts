// One random run of two windows that send files: what disturbs them, and how it ends.
import assert from "node:assert/strict";
import { BLOCK_BYTES, blockCount, type FileId } from "../../protocol/bulk.ts";
import { fileId } from "./fileIds.ts";
import { transfers, type Transfers } from "./transferCode.ts";
import { Pair } from "./transferLinks.ts";
import { seededRandom } from "./seededRandom.ts";

const NOISE = (() => {
  const random = seededRandom(7);
  const words = Uint32Array.from({ length: 2 * BLOCK_BYTES }, () => random() * 2 ** 32);
  return Buffer.from(words.buffer);
})();

export type Trouble =
  | "cut"
  | "cutBulk"
  | "full"
  | "restartSender"
  | "restartReceiver"
  | "pause"
  | "pausePeer"
  | "diskFull"
  | "cancel"
  | "cancelPeer"
  | "change"
  | "remove";

/** More than any run needs. */
const MOST_STEPS = 60_000;

export class Run {
  readonly pair: Pair;
  readonly originals = new Map<FileId, Buffer>();
  readonly #random: () => number;
  cuts = 0;
  /** Blocks that had come and were not on the disk when the receiver's process died. */
  lostBlocks = 0;
  #steps = 0;

  constructor(random: () => number, code: Transfers = transfers) {
    this.#random = random;
    this.pair = new Pair(code);
    const files = 1 + this.#below(3);
    for (let n = 0; n < files; n++) {
      const size = this.#pick([0, 1, 65_536, BLOCK_BYTES, 2 * BLOCK_BYTES + 1, this.#below(4 * BLOCK_BYTES)]);
      const start = this.#below(NOISE.length - size);
      const data = Buffer.from(NOISE.subarray(start, start + size));
      this.originals.set(fileId(n), data);
      this.pair.offer(fileId(n), data);
      this.pair.receiver.take({ type: "accept", id: fileId(n) });
    }
  }

  #below(n: number): number {
    return Math.floor(this.#random() * n);
  }

  #pick<T>(items: readonly T[]): T {
    const item = items[this.#below(items.length)];
    assert.ok(item !== undefined);
    return item;
  }

  /** Some steps, each time followed by trouble. */
  disturb(kinds: readonly Trouble[], times: number): void {
    for (let n = 0; n < times; n++) {
      for (let steps = this.#below(120); steps > 0; steps--) this.#step();
      this.#trouble(this.#pick(kinds));
    }
  }

  /** Ends all pauses, and lets everything happen that still can. */
  settle(): void {
    const { sender, receiver } = this.pair;
    while (this.#step());
    for (let n = 0; n < 2; n++) {
      for (const id of this.originals.keys()) {
        sender.take({ type: "resume", id });
        receiver.take({ type: "accept", id });
      }
      while (this.#step());
    }
    assert.deepEqual(receiver.refused, [], "an honest sender is not refused");
  }

  #step(): boolean {
    const steps = this.pair.steps();
    if (steps.length === 0) return false;
    this.#steps += 1;
    assert.ok(this.#steps < MOST_STEPS, "comes to an end");
    this.#pick(steps)();
    const ms = this.#below(60);
    if (this.#random() < 0.05) this.pair.receiver.take({ type: "roundTrip", ms, at: 10 * this.#steps });
    return true;
  }

  #trouble(kind: Trouble): void {
    const { sender, receiver } = this.pair;
    const id = this.#pick([...this.originals.keys()]);
    switch (kind) {
      case "cut":
      case "cutBulk":
        this.cuts += 1;
        this.pair[kind]();
        break;
      case "full":
        sender.take({ type: "full" });
        break;
      case "restartSender":
        this.cuts += 1;
        this.pair.restartSender();
        break;
      case "restartReceiver":
        this.cuts += 1;
        this.lostBlocks += receiver.backlog();
        this.pair.restartReceiver();
        break;
      case "pause":
        receiver.take({ type: this.#pick(["pause", "accept"]), id });
        break;
      case "pausePeer":
        sender.take({ type: this.#pick(["pause", "resume"]), id });
        break;
      case "diskFull":
        receiver.failDisk(id);
        break;
      case "cancel":
        if (this.#random() < 0.3) receiver.take({ type: "cancel", id });
        break;
      case "cancelPeer":
        if (this.#random() < 0.3) sender.take({ type: "cancel", id });
        break;
      case "change": {
        const data = Buffer.from(this.originals.get(id) ?? []);
        data.fill("x", this.#below(data.length + 1));
        if (sender.files.get(id)) sender.files.set(id, { data, mtime: 2 });
        break;
      }
      case "remove":
        sender.files.set(id, null);
        break;
    }
  }
}

/** Each file has arrived, both sides know it, and the sender knows all hashes. */
export function checkDone({ pair, originals }: Run): void {
  for (const [id, original] of originals) {
    assert.deepEqual(pair.receiver.transfer(id).end, { how: "done" });
    assert.ok(pair.receiver.finished.get(id)?.equals(original), "the file is the same");
    const offer = pair.sender.state.offers.find((each) => each.id === id);
    assert.equal(offer?.over, "sent");
    assert.equal(offer.hashes.length, blockCount(original.length));
  }
}
