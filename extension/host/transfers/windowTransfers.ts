// All transfers of a window: hands what the core and the network report to the session that it is about.
import type { FileId, FilePart, TransferMessage } from "../../../protocol/bulk.ts";
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import type { RelayMeeting } from "../../core/model/ports.ts";
import type { State } from "../../core/model/state.ts";
import type { BulkEvent, BulkLinks, TransferLink, TransferReports } from "../../core/model/transferPorts.ts";
import type { Source } from "../../core/transfers/sendingState.ts";
import type { TransferStatus } from "../../core/transfers/status.ts";
import type { SavedSession } from "../storage/closedWindows.ts";
import { clearCopies } from "./leftCopies.ts";
import { makeFolder } from "./places.ts";
import { type OnRequest, SessionFiles } from "./sessionFiles.ts";
import { Sidecars } from "./sidecars.ts";

/** Milliseconds after which files that wait for the disk may be tried again. */
const DISK_MS = 10_000;

/** Milliseconds after which what has expired is deleted again: a window may stay open for weeks. */
const EXPIRY_MS = 3_600_000;

type Deps = {
  readonly folder: string;
  readonly bulk: BulkLinks;
  readonly onRequest: OnRequest;
  readonly show: (status: TransferStatus) => void;
  readonly report: (error: unknown) => void;
  /** Where an offered file goes without asking; null if the user has to say. */
  readonly unaskedFolder: (session: SessionId, part: FilePart) => string | null;
  /** A file has come, and is at this path. */
  readonly delivered: (session: SessionId, part: FilePart, path: string) => void;
};

export class WindowTransfers implements TransferReports {
  readonly #deps: Deps;
  readonly #sidecars: Sidecars;
  readonly #sessions = new Map<SessionId, Promise<SessionFiles>>();
  readonly #open = new Map<SessionId, SessionFiles>();
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#sidecars = new Sidecars(deps.folder);
    const expire = (): void => {
      this.#sidecars.expire(Date.now()).catch(deps.report);
    };
    expire();
    this.#timers = [
      setInterval(() => this.#retry(), DISK_MS).unref(),
      setInterval(expire, EXPIRY_MS).unref(),
    ];
  }

  /** Shows the transfers of sessions that a reload has brought back. */
  watch({ sessions }: State): void {
    for (const session of sessions)
      if (session.kind === "peer" && session.link !== "ended") this.#begin(session.sid, session.pin);
  }

  linked(session: SessionId, link: TransferLink): void {
    this.#begin(session, link.pin);
    this.#do(session, (files) => {
      this.#deps.bulk.linked(session, link);
      files.met(link.path);
    });
  }

  unlinked(session: SessionId): void {
    this.#do(session, () => this.#deps.bulk.unlinked(session));
  }

  ended(session: SessionId): void {
    this.#do(session, (files) => {
      files.end().catch(this.#deps.report);
      this.#deps.bulk.ended(session);
      files.dispose();
    });
    this.#sessions.delete(session);
    this.#open.delete(session);
  }

  relayed(session: SessionId, meeting: RelayMeeting | null): void {
    this.#deps.bulk.relayed(session, meeting);
  }

  frame(session: SessionId, frame: TransferMessage): void {
    this.#do(session, (files) => files.frame(frame));
  }

  offered(session: SessionId, part: FilePart): void {
    this.#do(session, ({ receiver }) => {
      const isNew = receiver.file(part.id) === undefined;
      receiver.offer(part);
      const folder = isNew ? this.#deps.unaskedFolder(session, part) : null;
      if (folder === null) return;
      makeFolder(folder)
        .then(() => receiver.accept(part.id, folder))
        .catch(this.#deps.report);
    });
  }

  withdrawn(session: SessionId, id: FileId): void {
    this.#do(session, (files) => files.cancel(id, true));
  }

  bulk(event: BulkEvent): void {
    // Bulk links are opened for sessions whose files are there.
    this.#open.get(event.session)?.bulk(event);
  }

  copyPath(session: SessionId, id: FileId): string {
    return this.#sidecars.copyPath(session, id);
  }

  /** Offers a file, before its message is sent. Resolves with false if too many offers are open. */
  async offer(session: SessionId, part: FilePart, path: string, source: Source): Promise<boolean> {
    const files = await this.#sessions.get(session);
    return (await files?.sender.offer(part, path, source)) ?? false;
  }

  /** The user wants a file in this folder. Null: they want it to go on. */
  async accept(session: SessionId, part: FilePart, folder: string | null): Promise<void> {
    const files = await this.#sessions.get(session);
    files?.receiver.offer(part);
    await files?.receiver.accept(part.id, folder);
  }

  /** Whether a file needs another folder before it can go on. */
  needsFolder(session: SessionId, id: FileId): boolean {
    return this.#open.get(session)?.receiver.file(id)?.trouble === "folder";
  }

  /** Where a file that came is; null until it is there. */
  deliveredPath(session: SessionId, id: FileId): string | null {
    return this.#open.get(session)?.receiver.file(id)?.delivered ?? null;
  }

  resume(session: SessionId, id: FileId): void {
    this.#do(session, (files) => files.sender.take({ type: "resume", id }));
  }

  pause(session: SessionId, id: FileId, own: boolean): void {
    this.#do(session, (files) => files.pause(id, own));
  }

  /** Declines an offer, takes one back, or ends a transfer for good. */
  cancel(session: SessionId, part: FilePart, own: boolean): void {
    this.#do(session, (files) => {
      if (own) files.cancel(part.id, true);
      else files.decline(part);
    });
  }

  /** Its message is gone: ends it in either direction, if it is on its way. */
  drop(session: SessionId, id: FileId): void {
    this.#do(session, (files) => {
      files.cancel(id, true);
      files.cancel(id, false);
    });
  }

  /**
   * The user has cleared the conversations with one key, or (null) all: their files end, and nothing of them stays.
   * @param sessions those of all windows
   */
  async clear(pin: Pin | null, sessions: () => readonly SavedSession[]): Promise<void> {
    const own = await Promise.all([...this.#sessions.values()]);
    const cleared = own.filter((files) => pin === null || files.pin === pin);
    await Promise.all(cleared.map((files) => files.end()));
    const open = sessions().flatMap(({ sid, isOpen }) => (isOpen ? [sid] : []));
    await this.#sidecars.clear(pin, new Set([...open, ...this.#sessions.keys()]));
    await clearCopies(this.#deps.folder, pin, sessions);
  }

  dispose(): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const files of this.#open.values()) files.dispose();
  }

  #begin(sid: SessionId, pin: Pin): void {
    if (this.#sessions.has(sid)) return;
    const { folder, bulk, onRequest, show, report, delivered } = this.#deps;
    const opening = SessionFiles.open({
      ...{ sid, pin, folder, sidecars: this.#sidecars, bulk, onRequest, show, report },
      delivered: (part, path) => delivered(sid, part, path),
    });
    this.#sessions.set(sid, opening);
    opening.then((files) => {
      if (this.#sessions.get(sid) === opening) this.#open.set(sid, files);
    }, report);
  }

  /** In the order of the calls, once the session's sidecars are read. */
  #do(session: SessionId, work: (files: SessionFiles) => void): void {
    const files = this.#open.get(session);
    if (files !== undefined) work(files);
    else this.#sessions.get(session)?.then(work).catch(this.#deps.report);
  }

  #retry(): void {
    for (const files of this.#open.values()) files.receiver.retryDisk().catch(this.#deps.report);
  }
}
