// Two windows that send each other files over simulated links, disks and processes. What happens next is always a choice of the
// test: a frame arrives, a disk answers, a link is cut, a process dies between any two effects.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  BLOCK_BYTES,
  CHUNK_BYTES,
  MOST_CREDIT,
  OPEN_OFFERS,
  RUNNING_TRANSFERS,
  type BulkMessage,
  type FileId,
  type Sha256,
  type TransferMessage,
} from "../../protocol/bulk.ts";
import type { Incoming, IncomingEffect, IncomingEvent } from "../../extension/core/transfers/incoming.ts";
import type { Receiving } from "../../extension/core/transfers/receivingState.ts";
import type { SendingEvent } from "../../extension/core/transfers/sending.ts";
import type { Offer, Sending, SendingEffect, Source } from "../../extension/core/transfers/sendingState.ts";
import * as incomingModule from "../../extension/core/transfers/incoming.ts";
import * as receivingModule from "../../extension/core/transfers/receivingState.ts";
import * as sendingModule from "../../extension/core/transfers/sending.ts";
import * as offersModule from "../../extension/core/transfers/sendingState.ts";

/** The code under test, or a mutant of it. */
export const transfers = { ...incomingModule, ...receivingModule, ...sendingModule, ...offersModule };
export type Transfers = typeof transfers;

export function fileId(n: number): FileId {
  return `${String(n).padStart(21, "0")}A` as FileId;
}

export function hashOf(bytes: Uint8Array): Sha256 {
  return createHash("sha256").update(bytes).digest("base64url") as Sha256;
}

export function rootOf(hashes: readonly Sha256[]): Sha256 {
  return hashOf(Buffer.concat(hashes.map((hash) => Buffer.from(hash, "base64url"))));
}

type Bulk = { readonly frame: BulkMessage } | { readonly bytes: Uint8Array };
type Written = {
  readonly index: number;
  readonly at: number;
  readonly data: Uint8Array;
  readonly last: boolean;
};

export class SendingWindow {
  state: Sending;
  /** What its disk holds. */
  readonly files = new Map<FileId, { data: Uint8Array; mtime: number } | null>();
  readonly sidecars = new Map<FileId, string>();
  effects: SendingEffect[] = [];
  /** Reads and hashes that are not done. */
  jobs: SendingEffect[] = [];
  block: Uint8Array = new Uint8Array(0);
  linked = false;
  readonly reads: { readonly id: FileId; readonly index: number }[] = [];

  readonly code: Transfers;

  constructor(code: Transfers) {
    this.code = code;
    this.state = code.newSending([]);
  }

  take(event: SendingEvent): void {
    const { state, effects } = this.code.send(this.state, event);
    this.state = state;
    this.effects.push(...effects);
    assert.ok(state.running.length <= RUNNING_TRANSFERS && state.credit >= 0 && state.credit <= MOST_CREDIT);
    assert.ok(state.offers.length <= 2 * OPEN_OFFERS);
  }

  source(id: FileId): Source | null {
    const file = this.files.get(id);
    return file ? { size: file.data.length, mtime: file.mtime } : null;
  }

  finishJob(): void {
    const job = this.jobs.shift();
    if (job?.type === "hashRoot") this.take({ type: "rooted", sha256: rootOf(job.hashes) });
    if (job?.type !== "read") return;
    const before = this.source(job.id);
    this.block = this.files.get(job.id)?.data.subarray(job.at, job.at + job.bytes) ?? new Uint8Array(0);
    this.take({ type: "read", sha256: hashOf(this.block), before, after: this.source(job.id) });
  }

  restart(): void {
    const offers = [...this.sidecars.values()].map((text) => this.code.restoreOffer(JSON.parse(text)));
    assert.ok(offers.every((offer): offer is Offer => offer !== undefined));
    this.state = this.code.newSending(offers);
    Object.assign(this, { effects: [], jobs: [], linked: false });
  }
}

export class ReceivingWindow {
  state: Incoming;
  readonly sidecars = new Map<FileId, string>();
  readonly parts = new Map<FileId, Buffer>();
  readonly finished = new Map<FileId, Buffer>();
  effects: { effect: IncomingEffect; data: Uint8Array | null }[] = [];
  /** Per transfer, the oldest first. */
  writes = new Map<FileId, Written[]>();
  roots: { id: FileId; root: Sha256 }[] = [];
  hashers = new Map<FileId, ReturnType<typeof createHash>>();
  linked = false;
  met = false;
  refused: string[] = [];

  readonly code: Transfers;

  constructor(code: Transfers) {
    this.code = code;
    this.state = code.newIncoming([]);
  }

  take(event: IncomingEvent, data: Uint8Array | null = null): void {
    const { state, effects } = this.code.takeIn(this.state, event);
    this.state = state;
    this.effects.push(...effects.map((effect) => ({ effect, data })));
    const unwritten = state.transfers.flatMap(({ blocks }) => blocks.map((block) => block.unwritten));
    const held = unwritten.reduce((sum, bytes) => sum + bytes, 0);
    assert.ok(state.credit >= 0 && state.credit + held <= MOST_CREDIT, "the buffers have their bound");
    assert.ok(state.transfers.length <= 2 * OPEN_OFFERS);
    for (const { blocks } of state.transfers)
      assert.ok(blocks.length <= MOST_CREDIT / BLOCK_BYTES + 2, `${blocks.length} blocks are held`);
  }

  transfer(id: FileId): Receiving {
    const found = this.state.transfers.find((each) => each.id === id);
    assert.ok(found);
    return found;
  }

  write(id: FileId, { index, at, data, last }: Written): void {
    const part = this.parts.get(id) ?? Buffer.alloc(0);
    const start = index * BLOCK_BYTES + at;
    assert.ok(start + data.length <= this.transfer(id).size, "no byte is kept that was not announced");
    const grown = part.length >= start + data.length ? part : Buffer.alloc(this.transfer(id).size);
    if (grown !== part) part.copy(grown);
    grown.set(data, start);
    this.parts.set(id, grown);
    const hasher = at === 0 ? createHash("sha256") : this.hashers.get(id);
    hasher?.update(data);
    if (hasher !== undefined) this.hashers.set(id, hasher);
    const sha256 = last ? (hasher?.digest("base64url") as Sha256) : null;
    if (last) this.hashers.delete(id);
    this.take({ type: "disk", id, event: { type: "written", index, bytes: data.length, sha256 } });
  }

  finishWrite(id: FileId): void {
    const job = this.writes.get(id)?.shift();
    if (job !== undefined) this.write(id, job);
  }

  finishRoot(): void {
    const job = this.roots.shift();
    if (job !== undefined)
      this.take({ type: "disk", id: job.id, event: { type: "rooted", sha256: job.root } });
  }

  /** Moves a file to its place, once. */
  finish(id: FileId): void {
    if (!this.finished.has(id)) this.finished.set(id, this.parts.get(id) ?? Buffer.alloc(0));
  }

  failDisk(id: FileId): void {
    this.writes.delete(id);
    this.hashers.delete(id);
    this.effects = this.effects.filter(({ effect }) => effect.type !== "write" || effect.id !== id);
    this.take({ type: "disk", id, event: { type: "diskFailed", reason: "full" } });
  }

  /** Blocks that came as a whole and are lost when the process dies: unwritten, or verified and not in the sidecar. */
  backlog(): number {
    return this.state.transfers.reduce((sum, { id, blocks, hashes }) => {
      const saved = this.code.restoreReceiving(JSON.parse(this.sidecars.get(id) ?? "null"));
      const unsaved = hashes.length - (saved?.hashes.length ?? 0);
      return sum + unsaved + blocks.filter(({ closed }) => closed).length;
    }, 0);
  }

  restart(): void {
    const saved = [...this.sidecars.values()].map((text) => this.code.restoreReceiving(JSON.parse(text)));
    assert.ok(saved.every((transfer): transfer is Receiving => transfer !== undefined));
    this.state = this.code.newIncoming(saved);
    Object.assign(this, { effects: [], roots: [], linked: false });
    this.writes.clear();
    this.hashers.clear();
    for (const { id, end } of saved) if (end?.how === "done") this.finish(id);
  }
}

export class Pair {
  readonly sender: SendingWindow;
  readonly receiver: ReceivingWindow;
  toReceiver: TransferMessage[] = [];
  toSender: TransferMessage[] = [];
  bulk: Bulk[] = [];
  grants: number[] = [];
  connected = false;
  /** The number of the bulk link. */
  #n = 1;
  /** Bytes granted on this link and not sent. */
  granted = 0;
  /** How often each block's first frame came, and what the sender was asked for last. */
  readonly arrivals = new Map<string, number>();
  readonly asked = new Map<FileId, number>();

  readonly code: Transfers;

  constructor(code: Transfers = transfers) {
    this.code = code;
    this.sender = new SendingWindow(code);
    this.receiver = new ReceivingWindow(code);
  }

  offer(id: FileId, data: Uint8Array): void {
    this.sender.files.set(id, { data, mtime: 1 });
    this.sender.take({ type: "offer", id, source: { size: data.length, mtime: 1 } });
    this.receiver.take({ type: "offered", id, size: data.length });
    this.receiver.sidecars.set(id, JSON.stringify(this.code.saveReceiving(this.receiver.transfer(id))));
    while (this.sender.effects.length > 0) this.runSender();
  }

  /** Everything that can happen now, without what disturbs. */
  steps(): (() => void)[] {
    const { sender, receiver } = this;
    const steps: (() => void)[] = [];
    if (sender.effects.length > 0) steps.push(() => this.runSender());
    if (receiver.effects.length > 0) steps.push(() => this.runReceiver());
    if (sender.jobs.length > 0) steps.push(() => sender.finishJob());
    if (receiver.roots.length > 0) steps.push(() => receiver.finishRoot());
    for (const [id, writes] of receiver.writes)
      if (writes.length > 0) steps.push(() => receiver.finishWrite(id));
    if (!this.connected) return [...steps, () => (this.connected = true)];
    if (!sender.linked) steps.push(() => this.linkSender());
    if (!receiver.linked) steps.push(() => this.linkReceiver());
    const [frame] = this.toReceiver;
    const [answer] = this.toSender;
    const [item] = this.bulk;
    const [grant] = this.grants;
    if (frame !== undefined) steps.push(() => this.#tellReceiver(frame));
    if (answer !== undefined) steps.push(() => this.#tellSender(answer));
    if (item !== undefined && receiver.linked) steps.push(() => this.#deliver(item));
    if (sender.state.full) steps.push(() => sender.take({ type: "drained" }));
    if (grant !== undefined && sender.linked)
      steps.push(() => {
        this.grants.shift();
        sender.take({ type: "credit", bytes: grant });
      });
    return steps;
  }

  linkSender(): void {
    this.sender.linked = true;
    this.sender.take({ type: "bulkLink", n: this.#n });
  }

  linkReceiver(): void {
    this.receiver.linked = true;
    if (!this.receiver.met) this.receiver.take({ type: "met" });
    this.receiver.met = true;
    this.receiver.take({ type: "bulkLink", n: this.#n });
  }

  /** Both links. */
  cut(): void {
    this.connected = false;
    Object.assign(this, { toReceiver: [], toSender: [] });
    this.sender.effects = this.sender.effects.filter(({ type }) => type !== "tell");
    this.receiver.effects = this.receiver.effects.filter(({ effect }) => effect.type !== "tell");
    this.cutBulk();
    this.receiver.met = false;
  }

  /** The bulk link only. Frames on the session's own link still arrive. */
  cutBulk(): void {
    this.#n += 1;
    Object.assign(this, { bulk: [], grants: [], granted: 0 });
    // What was to be sent on the link that is gone must not be sent on the next one.
    this.sender.effects = this.sender.effects.filter(({ type }) => type !== "bulk" && type !== "chunk");
    this.receiver.effects = this.receiver.effects.filter(({ effect }) => effect.type !== "grant");
    for (const side of [this.sender, this.receiver] as const) {
      if (side.linked) side.take({ type: "bulkLink", n: null });
      side.linked = false;
    }
  }

  restartSender(): void {
    this.sender.restart();
    this.cut();
  }

  restartReceiver(): void {
    this.receiver.restart();
    this.cut();
  }

  runSender(): void {
    const { sender } = this;
    const effect = sender.effects.shift();
    switch (effect?.type) {
      case "tell":
        if (this.connected) this.toReceiver.push(effect.frame);
        break;
      case "bulk":
        this.bulk.push({ frame: effect.frame });
        break;
      case "chunk":
        assert.ok(effect.bytes <= CHUNK_BYTES);
        this.granted -= effect.bytes;
        assert.ok(this.granted >= 0, "the credit is never exceeded");
        this.bulk.push({ bytes: sender.block.subarray(effect.at, effect.at + effect.bytes) });
        break;
      case "read":
        sender.reads.push({ id: effect.id, index: effect.index });
        assert.ok(
          effect.index >= (this.asked.get(effect.id) ?? 0),
          "nothing that the receiver has is read again",
        );
        sender.jobs.push(effect);
        assert.ok(sender.jobs.length <= 1, "there is one block in memory");
        break;
      case "hashRoot":
        sender.jobs.push(effect);
        break;
      case "save": {
        const offer = sender.state.offers.find(({ id }) => id === effect.id);
        assert.ok(offer);
        sender.sidecars.set(effect.id, JSON.stringify(this.code.saveOffer(offer)));
        break;
      }
      case "refuse":
        assert.fail("an honest receiver is refused");
        break;
      case "tooMany":
      case undefined:
        break;
    }
  }

  runReceiver(): void {
    const { receiver } = this;
    const next = receiver.effects.shift();
    if (next === undefined) return;
    const { effect, data } = next;
    switch (effect.type) {
      case "tell":
        if (this.connected) this.toSender.push(effect.frame);
        break;
      case "grant":
        this.granted += effect.bytes;
        this.grants.push(effect.bytes);
        break;
      case "write": {
        assert.ok(data !== null && data.length === effect.bytes);
        const writes = receiver.writes.get(effect.id) ?? [];
        writes.push({ index: effect.index, at: effect.at, data, last: effect.last });
        receiver.writes.set(effect.id, writes);
        break;
      }
      case "hashRoot":
        receiver.roots.push({ id: effect.id, root: rootOf(effect.hashes) });
        break;
      case "save":
        receiver.sidecars.set(
          effect.id,
          JSON.stringify(this.code.saveReceiving(receiver.transfer(effect.id))),
        );
        break;
      case "finish":
        receiver.finish(effect.id);
        break;
      case "discard":
        receiver.parts.delete(effect.id);
        break;
      case "forget":
        receiver.sidecars.delete(effect.id);
        break;
      case "refuse":
        receiver.refused.push(effect.why);
        break;
    }
  }

  #tellReceiver(frame: TransferMessage): void {
    this.toReceiver.shift();
    this.receiver.take({ type: "peer", frame });
  }

  #tellSender(frame: TransferMessage): void {
    this.toSender.shift();
    if (frame.type === "fetch") this.asked.set(frame.id, frame.from);
    this.sender.take({ type: "peer", frame });
  }

  #deliver(item: Bulk): void {
    this.bulk.shift();
    if ("bytes" in item) this.receiver.take({ type: "chunk", bytes: item.bytes.length }, item.bytes);
    else {
      if (item.frame.type === "block") {
        const block = `${item.frame.id} ${item.frame.index}`;
        this.arrivals.set(block, (this.arrivals.get(block) ?? 0) + 1);
      }
      this.receiver.take({ type: "bulk", frame: item.frame });
    }
  }
}
