// A window that sends files from a simulated disk: what happens next is the choice of the test.
import assert from "node:assert/strict";
import { MOST_CREDIT, OPEN_OFFERS, RUNNING_TRANSFERS, type FileId } from "../../protocol/bulk.ts";
import type { SendingEvent } from "../../extension/core/transfers/sending.ts";
import type { Offer, Sending, SendingEffect, Source } from "../../extension/core/transfers/sendingState.ts";
import { hashOf, rootOf } from "./fileIds.ts";
import type { Transfers } from "./transferCode.ts";

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
