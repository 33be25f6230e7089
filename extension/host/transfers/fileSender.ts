// The files that the user sends to one peer: runs what the core decides about them.
import { BLOCK_BYTES, blockCount, blockSize, type FileId, type FilePart } from "../../../protocol/bulk.ts";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { send, type SendingEvent } from "../../core/transfers/sending.ts";
import {
  newSending,
  restoreOffer,
  saveOffer,
  type Offer,
  type Sending,
  type SendingEffect,
  type Source,
} from "../../core/transfers/sendingState.ts";
import { EffectQueue } from "./effectQueue.ts";
import { rootOf } from "./hashes.ts";
import type { OutgoingRecord, Sidecars } from "./sidecars.ts";
import { SourceReader, type SourceBlock } from "./sourceFile.ts";
import type { Wire } from "./wire.ts";

export type OutgoingFile = Omit<OutgoingRecord, "snapshot">;

/** An effect, and the bulk link that it is for: another one has not seen what came before it. */
type LinkedEffect = { readonly effect: SendingEffect; readonly link: Sending["link"] };

type Deps = {
  readonly sid: SessionId;
  readonly pin: Pin;
  readonly sidecars: Sidecars;
  readonly wire: Wire;
  /** Something of a transfer has changed. */
  readonly onChange: () => void;
  readonly report: (error: unknown) => void;
};

export class FileSender {
  readonly #deps: Deps;
  readonly #files = new Map<FileId, OutgoingFile>();
  readonly #queue: EffectQueue<LinkedEffect>;
  #sending: Sending = newSending([]);
  /** The block that was read last. */
  #block: Uint8Array = new Uint8Array(0);
  readonly #reader = new SourceReader();
  /** What has changed since it was saved, and the saves that are on their way; null if there are none. */
  readonly #unsaved = new Set<FileId>();
  #saving: Promise<void> | null = null;
  /** The one that was read, or is being read, before it is asked for. */
  #ahead: { readonly id: FileId; readonly at: number; readonly block: Promise<SourceBlock> } | null = null;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#queue = new EffectQueue((effect) => this.#run(effect), deps.report);
  }

  /** With the offers that sidecars hold. */
  static async restore(deps: Deps): Promise<FileSender> {
    const sender = new FileSender(deps);
    const offers: Offer[] = [];
    for (const record of await deps.sidecars.restoreOutgoing(deps)) {
      const offer = restoreOffer(record.snapshot);
      if (offer === undefined) continue;
      offers.push(offer);
      sender.#files.set(offer.id, record);
    }
    sender.#sending = newSending(offers);
    return sender;
  }

  get sending(): Sending {
    return this.#sending;
  }

  file(id: FileId): OutgoingFile | undefined {
    return this.#files.get(id);
  }

  /** The user offers a file. Resolves when that is saved; with false if too many offers are open. */
  async offer(part: FilePart, path: string, source: Source): Promise<boolean> {
    const { sid, pin } = this.#deps;
    this.#files.set(part.id, { sid, pin, offer: part, path });
    this.take({ type: "offer", id: part.id, source });
    if (this.#offer(part.id) !== undefined) {
      await this.#save(part.id);
      return true;
    }
    this.#files.delete(part.id);
    return false;
  }

  take(event: SendingEvent): void {
    const { state, effects } = send(this.#sending, event);
    const isChanged = state !== this.#sending;
    this.#sending = state;
    this.#queue.add(effects.map((effect) => ({ effect, link: state.link })));
    if (isChanged) this.#deps.onChange();
    if (state.running.length === 0 && state.work === null) this.#rest();
  }

  /** Resolves when everything that has begun is on the disk. */
  async close(): Promise<void> {
    await this.#queue.idle();
    this.#rest();
    await Promise.all([this.#untilSaved(), this.#reader.close()]);
    await this.#deps.sidecars.rest();
  }

  #run({ effect, link }: LinkedEffect): void | Promise<void> {
    const { wire } = this.#deps;
    const isStale = (): boolean => link !== this.#sending.link;
    switch (effect.type) {
      case "tell":
        return this.#saved(() => wire.tell(effect.frame));
      case "bulk": {
        const send = (): void => {
          if (!isStale()) wire.sendBulk(effect.frame);
        };
        // A block does not wait: a hash that a crash loses is computed again.
        return effect.frame.type === "end" ? this.#saved(send) : send();
      }
      case "chunk":
        if (!isStale()) wire.sendChunk(this.#block.subarray(effect.at, effect.at + effect.bytes));
        return;
      case "read":
        return this.#read(effect);
      case "hashRoot":
        this.take({ type: "rooted", sha256: rootOf(effect.hashes) });
        return;
      case "save":
        this.#unsaved.add(effect.id);
        this.#saving ??= this.#saveUnsaved();
        return;
      case "refuse":
        wire.refuse(effect.why);
        return;
      case "tooMany":
        // `offer` tells its caller.
        return;
    }
  }

  #offer(id: FileId): Offer | undefined {
    return this.#sending.offers.find((each) => each.id === id);
  }

  async #read({ id, at, bytes }: Extract<SendingEffect, { type: "read" }>): Promise<void> {
    const ahead = this.#ahead?.id === id && this.#ahead.at === at ? this.#ahead.block : null;
    const read = await (ahead ?? this.#blockOf(id, at, bytes));
    this.#ahead = null;
    this.#block = read.bytes;
    const { sha256, before, after } = read;
    this.take({ type: "read", sha256, before, after });
    this.#readAhead();
  }

  #blockOf(id: FileId, at: number, bytes: number): Promise<SourceBlock> {
    const path = this.#files.get(id)?.path;
    if (path !== undefined) return this.#reader.read(path, at, bytes);
    return Promise.resolve({ bytes: new Uint8Array(0), sha256: rootOf([]), before: null, after: null });
  }

  /** Reads the block that will be asked for next while this one is being sent. */
  #readAhead(): void {
    const offer = this.#sending.offers.find(({ id }) => id === this.#sending.running[0]);
    if (offer === undefined || offer.next === null) return;
    const { id, source, next, hashes } = offer;
    const index = Math.min(next, hashes.length);
    if (index >= blockCount(source.size)) return;
    const at = index * BLOCK_BYTES;
    this.#ahead = { id, at, block: this.#blockOf(id, at, blockSize(source.size, index)) };
  }

  /** Nothing is asked for: keeps no file open. */
  #rest(): void {
    this.#ahead = null;
    this.#reader.close().catch(this.#deps.report);
    this.#deps.sidecars.rest().catch(this.#deps.report);
  }

  /** Does something when what has changed before is saved. */
  #saved(what: () => void): void | Promise<void> {
    if (this.#saving === null) what();
    else return this.#untilSaved().then(what);
  }

  async #untilSaved(): Promise<void> {
    const hasMore = this.#unsaved.size > 0;
    await this.#saving;
    if (hasMore) await this.#saving;
  }

  /** However fast blocks go, one round of saves is on its way, and the next one has the newest state. */
  async #saveUnsaved(): Promise<void> {
    const ids = [...this.#unsaved];
    this.#unsaved.clear();
    for (const id of ids) await this.#save(id).catch(this.#deps.report);
    this.#saving = this.#unsaved.size > 0 ? this.#saveUnsaved() : null;
  }

  async #save(id: FileId): Promise<void> {
    const offer = this.#offer(id);
    const file = this.#files.get(id);
    if (offer === undefined || file === undefined) return;
    const { sidecars } = this.#deps;
    await sidecars.saveOutgoing({ ...file, snapshot: saveOffer(offer) });
    if (offer.over !== null) await sidecars.removeCopy(file);
  }
}
