// A window that receives files on a simulated disk: what happens next is the choice of the test.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { BLOCK_BYTES, MOST_CREDIT, OPEN_OFFERS, type FileId, type Sha256 } from "../../protocol/bulk.ts";
import type { Incoming, IncomingEffect, IncomingEvent } from "../../extension/core/transfers/incoming.ts";
import type { Receiving } from "../../extension/core/transfers/receivingState.ts";
import type { Transfers } from "./transferCode.ts";

type Written = {
  readonly index: number;
  readonly at: number;
  readonly data: Uint8Array;
  readonly last: boolean;
};

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
