// The bytes of a file that is coming. Writes are reported once they are on the disk, a block's last one with the block's hash.
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { BLOCK_BYTES, type Sha256 } from "../../../protocol/bulk.ts";
import type { ReceivingEvent } from "../../core/transfers/receivingState.ts";
import { logFailure } from "../vscode/failureLog.ts";
import type { BlockInMemory, BlockMemory } from "./blockMemory.ts";
import { diskReason } from "./diskRoom.ts";
import { parseHash } from "./hashes.ts";
import { makeFolder, NO_FOLLOW } from "./places.ts";

type Written = Extract<ReceivingEvent, { type: "written" | "diskFailed" }>;

/** A piece of a block, and whether it is the block's last. */
export type Piece = { readonly index: number; readonly at: number; readonly last: boolean };

/** A piece that waits to be written; with a block's last one, the block's hash. */
type Waiting = Omit<Piece, "last"> & {
  readonly size: number;
  readonly block: BlockInMemory;
  readonly sha256: Sha256 | null;
};

export class PartFile {
  readonly path: string;
  readonly #memory: BlockMemory;
  readonly #report: (event: Written) => void;
  #queue: Promise<void> = Promise.resolve();
  #file: FileHandle | null = null;
  #hash: Hash | null = null;
  #waiting: Waiting[] = [];

  constructor(path: string, memory: BlockMemory, report: (event: Written) => void) {
    this.path = path;
    this.#memory = memory;
    this.#report = report;
  }

  /**
   * Copies the bytes, and writes them behind what is queued already. After a failure nothing of the queue is written or reported.
   */
  write({ index, at, last }: Piece, bytes: Uint8Array): void {
    if (at === 0) this.#hash = createHash("sha256");
    this.#hash?.update(bytes);
    const sha256 = last && this.#hash !== null ? parseHash(this.#hash.digest()) : null;
    if (last) this.#hash = null;
    const block = this.#memory.blockFor(at);
    block.bytes.set(bytes, at);
    block.waiting += 1;
    this.#waiting.push({ index, at, size: bytes.length, block, sha256 });
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
        this.#leave(this.#waiting.length);
        this.#hash = null;
        this.#report({ type: "diskFailed", reason: diskReason(error) });
        return;
      }
      this.#leave(pieces.length);
      this.#report(reportOf(pieces));
    }
  }

  /** The first of those that wait do not wait any more. */
  #leave(count: number): void {
    for (const { block } of this.#waiting.splice(0, count)) block.waiting -= 1;
  }

  async #put(pieces: readonly Waiting[]): Promise<void> {
    const [first] = pieces;
    if (first === undefined) return;
    const start = startOf(first);
    this.#file ??= await this.#open(start);
    const size = pieces.reduce((sum, piece) => sum + piece.size, 0);
    const bytes = first.block.bytes.subarray(first.at, first.at + size);
    for (let done = 0; done < size;) {
      const { bytesWritten } = await this.#file.write(bytes, done, size - done, start + done);
      done += bytesWritten;
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

function startOf({ index, at }: Waiting): number {
  return index * BLOCK_BYTES + at;
}

/** The first pieces of one block that lie one behind the other. */
function nextRun(waiting: readonly Waiting[]): Waiting[] {
  const run: Waiting[] = [];
  for (const piece of waiting) {
    const last = run.at(-1);
    if (last !== undefined && (piece.block !== last.block || piece.at !== last.at + last.size)) break;
    run.push(piece);
  }
  return run;
}

/** One report for all of them: what hears of it looks at everything each time. */
function reportOf(pieces: readonly Waiting[]): Written {
  const index = pieces[0]?.index ?? 0;
  const bytes = pieces.reduce((sum, { size }) => sum + size, 0);
  return { type: "written", index, bytes, sha256: pieces.at(-1)?.sha256 ?? null };
}
