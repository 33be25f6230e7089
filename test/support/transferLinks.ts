// Two windows that send each other files over simulated links, disks and processes. What happens next is always a choice of the
// test: a frame arrives, a disk answers, a link is cut, a process dies between any two effects.
import assert from "node:assert/strict";
import { CHUNK_BYTES, type BulkMessage, type FileId, type TransferMessage } from "../../protocol/bulk.ts";
import { rootOf } from "./fileIds.ts";
import { transfers, type Transfers } from "./transferCode.ts";
import { SendingWindow } from "./sendingWindow.ts";
import { ReceivingWindow } from "./receivingWindow.ts";

type Bulk = { readonly frame: BulkMessage } | { readonly bytes: Uint8Array };

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
