// What the tests of bulk links share: two networks with a session's link, and files in memory that pass over a bulk link.
import { createHash } from "node:crypto";
import type { LinkId, NetworkEvent } from "../../extension/core/model/ports.ts";
import type { BulkEvent, BulkLinks, TransferLink } from "../../extension/core/model/transferPorts.ts";
import { toIncoming, toSending } from "../../extension/core/transfers/bulkEvents.ts";
import {
  newIncoming,
  takeIn,
  wantsLink,
  type Incoming,
  type IncomingEvent,
} from "../../extension/core/transfers/incoming.ts";
import type { ReceivingEffect } from "../../extension/core/transfers/receivingState.ts";
import { send, type SendingEvent } from "../../extension/core/transfers/sending.ts";
import { newSending, type Sending, type SendingEffect } from "../../extension/core/transfers/sendingState.ts";
import { BLOCK_BYTES, Sha256, TransferMessage, type FileId } from "../../protocol/bulk.ts";
import * as v from "valibot";
import { hashOf, rootOf } from "../support/fileIds.ts";
import { Stream, type TestNetwork } from "./netHarness.ts";
import { boot, pair, pinOf, sid, type Pair } from "./peerHarness.ts";

type Write = Extract<ReceivingEffect, { type: "write" }>;

/** One window's files: disks and sidecars are memory that answers at once. */
export class Files {
  incoming: Incoming = newIncoming([]);
  sending: Sending = newSending([]);
  /** What is offered, and what has come. */
  readonly sources = new Map<FileId, Uint8Array>();
  readonly parts = new Map<FileId, Buffer>();
  /** Files that are verified, and effects in general. */
  readonly finished = new Stream<FileId>();
  readonly effects = new Stream<ReceivingEffect["type"] | SendingEffect["type"] | "grant" | "forget">();
  readonly reads: number[] = [];
  /** Chunks that were sent. */
  chunks = 0;
  /** Chunks that were sent after the link was full and before it was drained, at most. */
  mostWhileFull = 0;
  #whileFull = 0;
  /** The disk takes nothing, and says nothing. */
  stuck = false;
  readonly #bulk: BulkLinks;
  readonly #hashes = new Map<FileId, ReturnType<typeof createHash>>();
  #block: Uint8Array = new Uint8Array(0);

  constructor(bulk: BulkLinks) {
    this.#bulk = bulk;
  }

  offer(id: FileId, data: Uint8Array): void {
    this.sources.set(id, data);
    this.give({ type: "offer", id, source: { size: data.length, mtime: 1 } });
  }

  accept(id: FileId, size: number): void {
    this.parts.set(id, Buffer.alloc(size));
    this.take({ type: "offered", id, size });
    this.take({ type: "accept", id });
  }

  /** A link of the session is new. */
  met(): void {
    this.take({ type: "met" });
    this.give({ type: "met" });
  }

  hear(event: NetworkEvent | BulkEvent): void {
    if (event.type === "link/frame") {
      if (!v.is(TransferMessage, event.frame)) return;
      if (event.frame.type === "bulk") this.#bulk.asked(sid);
      this.take({ type: "peer", frame: event.frame });
      this.give({ type: "peer", frame: event.frame });
    } else if ("session" in event && event.type !== "bulk/needsTicket") {
      const incoming = toIncoming(event);
      const sending = toSending(event);
      if (incoming !== null) this.take(incoming, event.type === "bulk/chunk" ? event.bytes : undefined);
      if (sending !== null) this.give(sending);
    }
  }

  take(event: IncomingEvent, bytes: Uint8Array = new Uint8Array(0)): void {
    const { state, effects } = takeIn(this.incoming, event);
    this.incoming = state;
    for (const effect of effects) {
      this.effects.push(effect.type);
      if (effect.type === "tell") this.#bulk.tell(sid, effect.frame);
      if (effect.type === "grant") this.#bulk.send(sid, { type: "credit", bytes: effect.bytes });
      if (effect.type === "refuse") this.#bulk.refuse(sid, effect.why);
      if (effect.type === "finish") this.finished.push(effect.id);
      if (effect.type === "write") this.#write(effect, bytes);
      if (effect.type === "hashRoot") {
        const event = { type: "rooted", sha256: rootOf(effect.hashes) } as const;
        queueMicrotask(() => this.take({ type: "disk", id: effect.id, event }));
      }
    }
    this.#bulk.want(sid, wantsLink(this.incoming));
  }

  give(event: SendingEvent): void {
    const { state, effects } = send(this.sending, event);
    this.sending = state;
    for (const effect of effects) {
      this.effects.push(effect.type);
      if (effect.type === "tell") this.#bulk.tell(sid, effect.frame);
      if (effect.type === "bulk") this.#bulk.send(sid, effect.frame);
      if (effect.type === "refuse") this.#bulk.refuse(sid, effect.why);
      if (effect.type === "chunk") {
        this.chunks += 1;
        this.#whileFull = this.sending.full ? this.#whileFull + 1 : 0;
        this.mostWhileFull = Math.max(this.mostWhileFull, this.#whileFull);
        this.#bulk.sendChunk(sid, this.#block.subarray(effect.at, effect.at + effect.bytes));
      }
      if (effect.type === "read") setImmediate(() => this.#read(effect));
      if (effect.type === "hashRoot")
        queueMicrotask(() => this.give({ type: "rooted", sha256: rootOf(effect.hashes) }));
    }
  }

  #read({ id, index, at, bytes }: Extract<SendingEffect, { type: "read" }>): void {
    const data = this.sources.get(id) ?? new Uint8Array(0);
    const source = { size: data.length, mtime: 1 };
    this.reads.push(index);
    this.#block = data.slice(at, at + bytes);
    this.give({ type: "read", sha256: hashOf(this.#block), before: source, after: source });
  }

  #write({ id, index, at, bytes: length, last }: Write, bytes: Uint8Array): void {
    if (this.stuck) return;
    if (at === 0) this.#hashes.set(id, createHash("sha256"));
    const hash = this.#hashes.get(id);
    hash?.update(bytes);
    this.parts.get(id)?.set(bytes, index * BLOCK_BYTES + at);
    const sha256 = last ? v.parse(Sha256, hash?.digest("base64url")) : null;
    const event = { type: "written", index, bytes: length, sha256 } as const;
    setImmediate(() => {
      this.take({ type: "disk", id, event });
      if (last) this.#bulk.used(sid);
    });
  }
}

export type BulkPair = Pair & {
  readonly files: { readonly anna: Files; readonly bobby: Files };
  /** The session has this link from now on, as both cores would report. */
  readonly meet: (d: LinkId, i: LinkId) => void;
};

/** Two networks with a session's link, which anna dialed, and files over it. */
export async function bulkPair(options: Parameters<typeof pair>[0] = {}): Promise<BulkPair> {
  const held: { files?: BulkPair["files"] } = {};
  const made = await pair({
    ...options,
    on: (who, event) => {
      held.files?.[who].hear(event);
      options.on?.(who, event);
    },
  });
  const { anna, bobby } = made;
  const files = { anna: new Files(anna.bulk), bobby: new Files(bobby.bulk) };
  held.files = files;
  const meet = (d: LinkId, i: LinkId): void => {
    bobby.bulk.linked(sid, linkTo(anna, "peer", i));
    anna.bulk.linked(sid, linkTo(bobby, "me", d));
    files.anna.met();
    files.bobby.met();
  };
  meet("d1", "i1");
  return { ...made, files, meet };
}

export function linkTo(peer: TestNetwork, dialler: TransferLink["dialler"], link: LinkId): TransferLink {
  return { link, pin: pinOf(peer), dialler, path: "direct", boot, peerBoot: boot };
}
