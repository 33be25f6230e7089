// The files of one session, in both directions.
import {
  BLOCK_BYTES,
  type BulkFrame,
  type FileId,
  type FilePart,
  type TransferMessage,
} from "../../../protocol/bulk.ts";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import type { LinkPath } from "../../core/model/ports.ts";
import type { BulkLinks } from "../../core/model/transferPorts.ts";
import { toIncoming, toSending, type BulkLinkEvent } from "../../core/transfers/bulkEvents.ts";
import { sendingStatus, type TransferStatus } from "../../core/transfers/status.ts";
import { FileReceiver } from "./fileReceiver.ts";
import { FileSender } from "./fileSender.ts";
import { ShownTransfers } from "./shownTransfers.ts";
import type { Sidecars } from "./sidecars.ts";
import { lookAt } from "./sourceFile.ts";
import { incomingStatus } from "./transferStatus.ts";

export type SessionFilesDeps = {
  readonly sid: SessionId;
  readonly pin: Pin;
  readonly folder: string;
  readonly sidecars: Sidecars;
  readonly bulk: BulkLinks;
  readonly onRequest: OnRequest;
  readonly show: (status: TransferStatus) => void;
  readonly report: (error: unknown) => void;
  /** A file has come, and is at this path. */
  readonly delivered: (part: FilePart, path: string) => void;
};

/** What messages bring is offered when the peer asks for it: it does not count among the offers before. Null if there is none. */
export type OnRequest = (
  sid: SessionId,
  id: FileId,
) => { readonly file: FilePart; readonly path: string } | null;

export class SessionFiles {
  readonly receiver: FileReceiver;
  readonly sender: FileSender;
  readonly #deps: SessionFilesDeps;
  readonly #shown: ShownTransfers;
  /** What the status of each transfer was made of. */
  readonly #seen = new Map<string, readonly unknown[]>();
  /** How the session's latest link goes. */
  #path: LinkPath = "direct";
  /** Blocks that have come, and bytes that went over this bulk link. */
  #verified = 0;
  #sent = 0;

  private constructor(deps: SessionFilesDeps, receiver: FileReceiver, sender: FileSender) {
    this.receiver = receiver;
    this.sender = sender;
    this.#deps = deps;
    this.#shown = new ShownTransfers(deps.show);
  }

  /** With what sidecars hold. */
  static async open(deps: SessionFilesDeps): Promise<SessionFiles> {
    const { sid, bulk } = deps;
    const own = { changed: (): void => undefined, sent: (_bytes: number): void => undefined };
    const common = {
      ...{ sid, pin: deps.pin, folder: deps.folder, sidecars: deps.sidecars, report: deps.report },
      onChange: () => own.changed(),
      wire: {
        tell: (frame: TransferMessage) => bulk.tell(sid, frame),
        sendBulk: (frame: BulkFrame) => bulk.send(sid, frame),
        sendChunk: (bytes: Uint8Array) => {
          bulk.sendChunk(sid, bytes);
          own.sent(bytes.length);
        },
        hold: (isHeld: boolean) => bulk.hold(sid, isHeld),
        refuse: (why: string) => bulk.refuse(sid, why),
      },
    };
    const files = new SessionFiles(
      deps,
      await FileReceiver.restore({ ...common, delivered: deps.delivered }),
      await FileSender.restore(common),
    );
    own.changed = () => files.#changed();
    own.sent = (bytes) => files.#haveSent(bytes);
    files.#verified = files.#countVerified();
    files.#changed();
    return files;
  }

  get pin(): Pin {
    return this.#deps.pin;
  }

  /** The session's own link is new. */
  met(path: LinkPath): void {
    this.#path = path;
    this.#changed();
    this.receiver.take({ type: "met" });
    this.sender.take({ type: "met" });
  }

  frame(frame: TransferMessage): void {
    if (frame.type === "bulk") this.#deps.bulk.asked(this.#deps.sid);
    this.receiver.take({ type: "peer", frame });
    const kept = frame.type === "fetch" ? this.#requested(frame.id) : null;
    if (kept === null) this.sender.take({ type: "peer", frame });
    else this.#offerRequested(kept, frame).catch(this.#deps.report);
  }

  bulk(event: BulkLinkEvent): void {
    const incoming = toIncoming(event);
    const sending = toSending(event);
    if (event.type === "bulk/opened") this.#sent = 0;
    if (incoming !== null)
      this.receiver.take(incoming, event.type === "bulk/chunk" ? event.bytes : undefined);
    if (sending !== null) this.sender.take(sending);
  }

  /** Of either direction. */
  pause(id: FileId, own: boolean): void {
    if (own) this.sender.take({ type: "pause", id });
    else this.receiver.take({ type: "pause", id });
  }

  /** Also ends a file that was accepted. */
  decline(part: FilePart): void {
    this.receiver.offer(part);
    this.receiver.take({ type: "decline", id: part.id });
  }

  cancel(id: FileId, own: boolean): void {
    if (own) this.sender.take({ type: "cancel", id });
    else this.receiver.take({ type: "cancel", id });
  }

  /** The session is over, or cleared: what has not arrived never will. Resolves when nothing of it is on the disk. */
  async end(): Promise<void> {
    for (const { id } of this.receiver.incoming.transfers) this.cancel(id, false);
    for (const { id } of this.sender.sending.offers) this.cancel(id, true);
    await Promise.all([this.receiver.close(), this.sender.close()]);
    await this.#deps.sidecars.forget(this.#deps);
  }

  dispose(): void {
    this.#shown.dispose();
  }

  #countVerified(): number {
    return this.receiver.incoming.transfers.reduce((sum, { hashes }) => sum + hashes.length, 0);
  }

  /** A small block proves nothing: a peer could ask for it again and again. */
  #haveSent(bytes: number): void {
    const before = this.#sent;
    this.#sent += bytes;
    if (before < BLOCK_BYTES && this.#sent >= BLOCK_BYTES) this.#deps.bulk.used(this.#deps.sid);
  }

  #requested(id: FileId): ReturnType<OnRequest> {
    return this.sender.file(id) === undefined ? this.#deps.onRequest(this.#deps.sid, id) : null;
  }

  async #offerRequested(
    { file, path }: NonNullable<ReturnType<OnRequest>>,
    frame: TransferMessage,
  ): Promise<void> {
    const source = await lookAt(path);
    // Its message may have been retracted meanwhile.
    if (source?.size === file.size && this.#requested(file.id) !== null)
      await this.sender.offer(file, path, source);
    this.sender.take({ type: "peer", frame });
  }

  #changed(): void {
    const { sid, bulk } = this.#deps;
    bulk.want(sid, this.receiver.wantsLink);
    const verified = this.#countVerified();
    if (verified > this.#verified) bulk.used(sid);
    this.#verified = verified;
    const { transfers, link } = this.receiver.incoming;
    const { sending } = this.sender;
    const path = this.#path;
    const pace = path === "relayed" ? limits.relayBytesPerSecond : null;
    // This runs for each chunk: what has not changed costs a look.
    for (const transfer of transfers) {
      const file = this.receiver.file(transfer.id);
      if (this.#isChanged(`in/${transfer.id}`, [transfer, file, link, path]))
        this.#shown.update([{ sid, ...incomingStatus(transfer, file, link !== null) }], pace);
    }
    for (const offer of sending.offers) {
      const { work, running } = sending;
      if (this.#isChanged(`out/${offer.id}`, [offer, work, running, sending.link, path]))
        this.#shown.update([{ sid, ...sendingStatus(offer, sending) }], pace);
    }
    if (this.#seen.size > transfers.length + sending.offers.length) this.#forget();
  }

  /** Of transfers that are not known any more, nothing is kept. */
  #forget(): void {
    const known = new Set([
      ...this.receiver.incoming.transfers.map(({ id }) => `in/${id}`),
      ...this.sender.sending.offers.map(({ id }) => `out/${id}`),
    ]);
    for (const key of this.#seen.keys()) if (!known.has(key)) this.#seen.delete(key);
    this.#shown.keep(known);
  }

  #isChanged(key: string, now: readonly unknown[]): boolean {
    const before = this.#seen.get(key);
    this.#seen.set(key, now);
    return before === undefined || now.some((part, i) => part !== before[i]);
  }
}
