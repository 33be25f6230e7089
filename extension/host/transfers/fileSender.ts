// The files that the user sends to one peer: runs what the core decides about them.
import type { FileId, FilePart } from "../../../protocol/bulk.ts";
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
import { readBlock } from "./sourceFile.ts";
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
  }

  /** Resolves when everything that has begun is on the disk. */
  close(): Promise<void> {
    return this.#queue.idle();
  }

  #run({ effect, link }: LinkedEffect): void | Promise<void> {
    const { wire } = this.#deps;
    const isStale = link !== this.#sending.link;
    switch (effect.type) {
      case "tell":
        wire.tell(effect.frame);
        return;
      case "bulk":
        if (!isStale) wire.sendBulk(effect.frame);
        return;
      case "chunk":
        if (!isStale) wire.sendChunk(this.#block.subarray(effect.at, effect.at + effect.bytes));
        return;
      case "read":
        return this.#read(effect);
      case "hashRoot":
        this.take({ type: "rooted", sha256: rootOf(effect.hashes) });
        return;
      case "save":
        return this.#save(effect.id);
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
    const path = this.#files.get(id)?.path;
    const read =
      path === undefined
        ? { bytes: new Uint8Array(0), sha256: rootOf([]), before: null, after: null }
        : await readBlock(path, at, bytes);
    this.#block = read.bytes;
    const { sha256, before, after } = read;
    this.take({ type: "read", sha256, before, after });
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
