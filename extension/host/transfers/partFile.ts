// The bytes of a file that is coming. Writes are reported once they are on the disk, a block's last one with the block's hash.
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { BLOCK_BYTES, type Sha256 } from "../../../protocol/bulk.ts";
import type { ReceivingEvent } from "../../core/transfers/receivingState.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { diskReason } from "./diskRoom.ts";
import { parseHash } from "./hashes.ts";
import { makeFolder, NO_FOLLOW } from "./places.ts";

type Written = Extract<ReceivingEvent, { type: "written" | "diskFailed" }>;

/** A piece of a block, and whether it is the block's last. */
export type Piece = { readonly index: number; readonly at: number; readonly last: boolean };

/** A piece that waits to be written; with a block's last one, the block's hash. */
type Waiting = {
  readonly index: number;
  readonly start: number;
  readonly bytes: Uint8Array;
  readonly sha256: Sha256 | null;
};

export class PartFile {
  readonly path: string;
  readonly #report: (event: Written) => void;
  #queue: Promise<void> = Promise.resolve();
  #file: FileHandle | null = null;
  #hash: Hash | null = null;
  #waiting: Waiting[] = [];

  constructor(path: string, report: (event: Written) => void) {
    this.path = path;
    this.#report = report;
  }

  /** Writes behind what is queued already. After a failure nothing of the queue is written or reported. */
  write({ index, at, last }: Piece, bytes: Uint8Array): void {
    if (at === 0) this.#hash = createHash("sha256");
    this.#hash?.update(bytes);
    const sha256 = last && this.#hash !== null ? parseHash(this.#hash.digest()) : null;
    if (last) this.#hash = null;
    this.#waiting.push({ index, start: index * BLOCK_BYTES + at, bytes, sha256 });
    if (this.#waiting.length > 1) return;
    // With all that this turn of the event loop brings.
    logFailure(
      this.#then(async () => {
        await setImmediate();
        await this.#writeWaiting();
      }),
    );
  }

  /** An empty file has no block that would create it. */
  create(): Promise<void> {
    return this.#then(async () => {
      this.#file ??= await this.#open(0);
      await this.#close();
    });
  }

  /** Closes it when everything that is queued is written. */
  close(): Promise<void> {
    return this.#then(() => this.#close());
  }

  /** Deletes it after what is queued. */
  remove(): Promise<void> {
    return this.#then(async () => {
      await this.#close();
      await rm(this.path, { force: true });
    });
  }

  #then(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  /** Everything that waits, in few writes: each costs a turn of another thread, however few bytes it has. */
  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const pieces = nextRun(this.#waiting);
      try {
        await this.#put(pieces);
      } catch (error) {
        this.#waiting = [];
        this.#hash = null;
        this.#report({ type: "diskFailed", reason: diskReason(error) });
        return;
      }
      this.#waiting = this.#waiting.slice(pieces.length);
      for (const event of reportsOf(pieces)) this.#report(event);
    }
  }

  async #put(pieces: readonly Waiting[]): Promise<void> {
    const [{ start } = { start: 0 }] = pieces;
    this.#file ??= await this.#open(start);
    let buffers: Uint8Array[] = pieces.map(({ bytes }) => bytes);
    for (let at = start; buffers.length > 0;) {
      const { bytesWritten } = await this.#file.writev(buffers, at);
      at += bytesWritten;
      buffers = without(buffers, bytesWritten);
    }
  }

  /** @param from bytes that it has to have: without them, the file would get a gap */
  async #open(from: number): Promise<FileHandle> {
    await makeFolder(dirname(this.path));
    const file = await open(this.path, constants.O_RDWR | constants.O_CREAT | NO_FOLLOW, 0o600);
    const { size } = await file.stat();
    if (size >= from) return file;
    await file.close();
    throw new Error("The bytes that came before are gone");
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}

/** The first pieces that lie one behind the other in the file, a block's bytes at most. */
function nextRun(waiting: readonly Waiting[]): Waiting[] {
  const run: Waiting[] = [];
  let end: number | undefined;
  let bytes = 0;
  for (const piece of waiting) {
    bytes += piece.bytes.length;
    if ((end !== undefined && piece.start !== end) || (run.length > 0 && bytes > BLOCK_BYTES)) break;
    run.push(piece);
    end = piece.start + piece.bytes.length;
  }
  return run;
}

/** One report for all pieces of a block up to its last one: what hears of it looks at everything each time. */
function reportsOf(pieces: readonly Waiting[]): Written[] {
  const reports: Extract<Written, { type: "written" }>[] = [];
  for (const { index, bytes, sha256 } of pieces) {
    const last = reports.at(-1);
    const isSame = last?.index === index && last.sha256 === null;
    if (isSame) reports.splice(-1, 1, { ...last, bytes: last.bytes + bytes.length, sha256 });
    else reports.push({ type: "written", index, bytes: bytes.length, sha256 });
  }
  return reports;
}

/** What is left of these buffers after so many bytes. */
function without(buffers: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  return buffers.flatMap((buffer) => {
    const rest = buffer.subarray(Math.min(left, buffer.length));
    left -= buffer.length - rest.length;
    return rest.length === 0 ? [] : [rest];
  });
}
