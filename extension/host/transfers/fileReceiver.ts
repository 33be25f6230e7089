// The files that one peer sends: runs what the core decides about them.
import { rm } from "node:fs/promises";
import { BLOCK_BYTES, type FileId, type FilePart } from "../../../protocol/bulk.ts";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import {
  hasUnverified,
  newIncoming,
  takeIn,
  wantsLink,
  type Incoming,
  type IncomingEffect,
  type IncomingEvent,
} from "../../core/transfers/incoming.ts";
import { saveReceiving, verifiedBytes, type Receiving } from "../../core/transfers/receivingState.ts";
import { HOST } from "../storage/processes.ts";
import { BlockMemory } from "./blockMemory.ts";
import { blocksIn, restored } from "./blocks.ts";
import { deliver, deliveryTrouble, tidy } from "./delivery.ts";
import { DiskRetries } from "./diskRetries.ts";
import { diskReason, roomFor, type DiskReason } from "./diskRoom.ts";
import { EffectQueue } from "./effectQueue.ts";
import { rootOf } from "./hashes.ts";
import { PartFile } from "./partFile.ts";
import type { IncomingRecord, Sidecars } from "./sidecars.ts";
import type { Wire } from "./wire.ts";

/** What is known of a file beside the core's state. */
export type IncomingFile = Omit<IncomingRecord, "snapshot" | "host"> & {
  /** Why it cannot come, or cannot be put into its folder; null if nothing is in its way. */
  readonly trouble: DiskReason | "folder" | null;
};

/** What waits for its turn. Saves are begun at once, and what follows them waits for them. */
type Queued =
  | Exclude<IncomingEffect, { type: "write" | "grant" | "refuse" | "save" }>
  | { readonly type: "saved"; readonly saved: Promise<void> };

type Deps = {
  readonly sid: SessionId;
  readonly pin: Pin;
  readonly folder: string;
  readonly sidecars: Sidecars;
  readonly wire: Wire;
  /** Something of a transfer has changed. */
  readonly onChange: () => void;
  readonly report: (error: unknown) => void;
  /** A file has come, and is at this path. */
  readonly delivered: (part: FilePart, path: string) => void;
};

export class FileReceiver {
  readonly #deps: Deps;
  readonly #files = new Map<FileId, IncomingFile>();
  readonly #parts = new Map<FileId, PartFile>();
  readonly #memory = new BlockMemory();
  readonly #retries = new DiskRetries();
  readonly #queue: EffectQueue<Queued>;
  /** Saves that have begun and not ended. */
  #saves = 0;
  #isHeld = false;
  #incoming: Incoming = newIncoming([]);

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#queue = new EffectQueue((effect) => this.#run(effect), deps.report);
  }

  /** With the transfers that sidecars hold. */
  static async restore(deps: Deps): Promise<FileReceiver> {
    const receiver = new FileReceiver(deps);
    const transfers: Receiving[] = [];
    for (const record of await deps.sidecars.restoreIncoming(deps)) {
      const transfer = await restored(record, deps.sidecars.partPath(record));
      if (transfer === null) continue;
      transfers.push(transfer);
      receiver.#files.set(transfer.id, { ...record, trouble: null });
    }
    receiver.#incoming = newIncoming(transfers);
    for (const { id, end } of transfers)
      if (end?.how === "done") receiver.#queue.add([{ type: "finish", id }]);
    return receiver;
  }

  get incoming(): Incoming {
    return this.#incoming;
  }

  get wantsLink(): boolean {
    return wantsLink(this.#incoming);
  }

  file(id: FileId): IncomingFile | undefined {
    return this.#files.get(id);
  }

  /** A message with an offer came, or is there since before. */
  offer(part: FilePart): void {
    const { sid, pin } = this.#deps;
    const { id, name, size } = part;
    const known = this.#files.get(id);
    if (known !== undefined && (known.offer.name !== name || known.offer.size !== size)) {
      // The cards of both stand for one file, and the user may see only one of them.
      this.take({ type: "peer", frame: { type: "unavailable", id, why: "changed" } });
      return;
    }
    if (known === undefined)
      this.#files.set(id, { sid, pin, offer: part, folder: null, delivered: null, trouble: null });
    this.take({ type: "offered", id, size });
  }

  /** The user wants the file in this folder; null if they want it to go on. */
  async accept(id: FileId, folder: string | null): Promise<void> {
    const transfer = this.#transfer(id);
    const file = this.#files.get(id);
    if (transfer === undefined || file === undefined) return;
    if (transfer.end !== null && transfer.end.how !== "done") return;
    this.#change(id, folder === null ? { trouble: null } : { folder, trouble: null });
    await this.#lookForLost(transfer, file);
    if (this.#transfer(id)?.end?.how === "done") {
      this.#start({ type: "save", id });
      this.#start({ type: "finish", id });
      return;
    }
    const { sidecars, folder: transfers } = this.#deps;
    const missing = transfer.size - verifiedBytes(transfer);
    const trouble = await sidecars.reserve(file, (others) =>
      roomFor(transfers, transfer.size, missing, others),
    );
    if (trouble !== null) this.#change(id, { trouble });
    else this.take({ type: "accept", id });
  }

  /** Someone may have deleted what was there: then it has to come again. */
  async #lookForLost({ id, size, hashes }: Receiving, file: IncomingFile): Promise<void> {
    if (hashes.length === 0 || file.delivered !== null) return;
    const blocks = await blocksIn(this.#deps.sidecars.partPath(file), size);
    if (blocks >= hashes.length) return;
    // It may still be open.
    await this.#parts.get(id)?.close();
    this.take({ type: "disk", id, event: { type: "lost", blocks } });
  }

  /** Lets files go on that wait for the disk alone, if there is room now. */
  async retryDisk(): Promise<void> {
    for (const [{ id, size, hashes }, file] of this.#retries.turn(this.#incoming.transfers, this.#files)) {
      const missing = size - hashes.length * BLOCK_BYTES;
      const trouble = await this.#deps.sidecars.reserve(file, (others) =>
        roomFor(this.#deps.folder, size, missing, others),
      );
      if (trouble === null) await this.accept(id, null);
    }
  }

  /** @param bytes of a binary frame */
  take(event: IncomingEvent, bytes?: Uint8Array): void {
    const { state, effects } = takeIn(this.#incoming, event);
    const isChanged = state !== this.#incoming;
    this.#incoming = state;
    for (const effect of effects) this.#start(effect, bytes);
    if (isChanged) this.#deps.onChange();
    if (!this.wantsLink) this.#memory.rest();
    if (event.type === "bulkLink") this.#isHeld = false;
    this.#hold();
    if (event.type === "bulkLink" && event.n === null) this.#deps.sidecars.rest().catch(this.#deps.report);
  }

  /** Resolves when everything that has begun is on the disk. */
  async close(): Promise<void> {
    await Promise.all([...this.#parts.values()].map((part) => part.close()));
    await this.#queue.idle();
    await this.#deps.sidecars.rest();
  }

  #start(effect: IncomingEffect, bytes?: Uint8Array): void {
    const { wire } = this.#deps;
    if (effect.type === "grant") wire.sendBulk({ type: "credit", bytes: effect.bytes });
    else if (effect.type === "refuse") wire.refuse(effect.why);
    else if (effect.type === "write") {
      const { index, at, last } = effect;
      if (bytes !== undefined) this.#part(effect.id)?.write({ index, at, last }, bytes);
    } else if (effect.type === "save") this.#queue.add([{ type: "saved", saved: this.#save(effect.id) }]);
    else this.#queue.add([effect]);
  }

  /** Reads on when each whole block is verified and saved: a window that is killed loses one block at most. */
  #hold(): void {
    const isHeld = this.#saves > 0 || hasUnverified(this.#incoming);
    if (isHeld === this.#isHeld) return;
    this.#isHeld = isHeld;
    this.#deps.wire.hold(isHeld);
  }

  #run(effect: Queued): void | Promise<void> {
    switch (effect.type) {
      case "tell":
        return this.#deps.wire.tell(effect.frame);
      case "hashRoot": {
        const event = { type: "rooted", sha256: rootOf(effect.hashes) } as const;
        return this.take({ type: "disk", id: effect.id, event });
      }
      case "saved":
        return effect.saved;
      case "finish":
        return this.#finish(effect.id);
      case "discard":
        return this.#discard(effect.id);
      case "forget":
        return this.#forget(effect.id);
    }
  }

  #transfer(id: FileId): Receiving | undefined {
    return this.#incoming.transfers.find((each) => each.id === id);
  }

  #change(id: FileId, change: Partial<IncomingFile>): void {
    const file = this.#files.get(id);
    if (file === undefined) return;
    this.#files.set(id, { ...file, ...change });
    this.#deps.onChange();
  }

  #part(id: FileId): PartFile | undefined {
    const file = this.#files.get(id);
    const known = this.#parts.get(id);
    if (file === undefined || known !== undefined) return known;
    const path = this.#deps.sidecars.partPath(file);
    const part = new PartFile(path, this.#memory, (event) => this.take({ type: "disk", id, event }));
    this.#parts.set(id, part);
    return part;
  }

  async #save(id: FileId): Promise<void> {
    const transfer = this.#transfer(id);
    const file = this.#files.get(id);
    if (transfer === undefined || file === undefined) return;
    const { sid, pin, offer, folder, delivered } = file;
    const snapshot = saveReceiving(transfer);
    this.#saves += 1;
    try {
      const record = { sid, pin, offer, snapshot, folder, delivered, host: HOST };
      await this.#deps.sidecars.saveIncoming(record);
    } catch (error) {
      this.#deps.report(error);
      // A transfer that has stopped says so already, and needs no sidecar to stay stopped.
      if (transfer.end === null && transfer.paused.disk === null)
        this.take({ type: "disk", id, event: { type: "diskFailed", reason: diskReason(error) } });
    } finally {
      this.#saves -= 1;
      this.#hold();
    }
  }

  /** Puts the file into its place. What is in the way of that is shown, and `accept` tries again. */
  async #finish(id: FileId): Promise<void> {
    const transfer = this.#transfer(id);
    const file = this.#files.get(id);
    if (transfer === undefined || file?.folder == null) return;
    const { folder } = file;
    const part = this.#deps.sidecars.partPath(file);
    await this.#parts.get(id)?.close();
    if (file.delivered === null) {
      const { size, hashes } = transfer;
      try {
        if (size === 0) await this.#part(id)?.create();
        const { name } = file.offer;
        const delivered = await deliver({ part, size, hashes, name, folder });
        this.#change(id, { delivered });
        this.#deps.delivered(file.offer, delivered);
      } catch (error) {
        this.#deps.report(error);
        this.#change(id, { trouble: deliveryTrouble(error) });
        return;
      }
      await this.#save(id);
    }
    await tidy({ part, folder });
    this.#parts.delete(id);
  }

  async #forget(id: FileId): Promise<void> {
    const file = this.#files.get(id);
    // Offered again meanwhile, it is another transfer.
    if (file === undefined || this.#transfer(id) !== undefined) return;
    // Its bytes are all there, and wait for a folder.
    if (file.trouble !== null && file.delivered === null) return;
    this.#files.delete(id);
    this.#parts.delete(id);
    await this.#deps.sidecars.remove(file);
  }

  async #discard(id: FileId): Promise<void> {
    const file = this.#files.get(id);
    if (file === undefined) return;
    await this.#part(id)?.remove();
    await rm(this.#deps.sidecars.partPath(file), { force: true });
    this.#parts.delete(id);
  }
}
