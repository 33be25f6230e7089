// The bytes of a file that is coming. Each write is reported once it is on the disk, a block's last one with the block's hash.
import { createHash, type Hash } from "node:crypto";
import { constants } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { BLOCK_BYTES, type Sha256 } from "../../../protocol/bulk.ts";
import type { ReceivingEvent } from "../../core/transfers/receiving.ts";
import { logFailure } from "../vscode/failureLog.ts";
import { diskReason } from "./diskRoom.ts";
import { parseHash } from "./hashes.ts";
import { makeFolder, NO_FOLLOW } from "./places.ts";

type Written = Extract<ReceivingEvent, { type: "written" | "diskFailed" }>;

/** A piece of a block, and whether it is the block's last. */
export type Piece = { readonly index: number; readonly at: number; readonly last: boolean };

export class PartFile {
  readonly path: string;
  readonly #report: (event: Written) => void;
  #queue: Promise<void> = Promise.resolve();
  #file: FileHandle | null = null;
  #hash: Hash | null = null;
  /** Counts the failures: what was queued before one is dropped. */
  #failures = 0;

  constructor(path: string, report: (event: Written) => void) {
    this.path = path;
    this.#report = report;
  }

  /** Writes behind what is queued already. After a failure nothing of the queue is written or reported. */
  write(piece: Piece, bytes: Uint8Array): void {
    const failures = this.#failures;
    logFailure(
      this.#then(async () => {
        if (failures === this.#failures) this.#report(await this.#written(piece, bytes));
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

  async #written(piece: Piece, bytes: Uint8Array): Promise<Written> {
    try {
      const sha256 = await this.#put(piece, bytes);
      return { type: "written", index: piece.index, bytes: bytes.length, sha256 };
    } catch (error) {
      this.#failures++;
      this.#hash = null;
      return { type: "diskFailed", reason: diskReason(error) };
    }
  }

  async #put({ index, at, last }: Piece, bytes: Uint8Array): Promise<Sha256 | null> {
    const start = index * BLOCK_BYTES + at;
    this.#file ??= await this.#open(start);
    if (at === 0) this.#hash = createHash("sha256");
    this.#hash?.update(bytes);
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, start + done);
      done += bytesWritten;
    }
    if (!last || this.#hash === null) return null;
    const sha256 = parseHash(this.#hash.digest());
    this.#hash = null;
    return sha256;
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
