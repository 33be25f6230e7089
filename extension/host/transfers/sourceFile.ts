// A file that the user sends. It is looked at before and after each read, so that a changed one is never sent mixed.
import { open, realpath, stat, type FileHandle } from "node:fs/promises";
import type { Sha256 } from "../../../protocol/bulk.ts";
import { isSecretPath } from "../../core/code/secrets.ts";
import type { Source } from "../../core/transfers/sendingState.ts";
import { hashOf } from "./hashes.ts";

export type SourceBlock = {
  /** Valid until the second block after it is read. */
  readonly bytes: Uint8Array;
  readonly sha256: Sha256;
  readonly before: Source | null;
  readonly after: Source | null;
};

const noBytes = new Uint8Array(0);

/** A file as it is now. Null if there is none: a folder or a device is no file. */
export async function lookAt(path: string): Promise<Source | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? { size: found.size, mtime: found.mtimeMs } : null;
  } catch {
    return null;
  }
}

/**
 * What the user may be asked about before a file is sent: its path, or where that leads, and how it begins. Some files say
 * that they are empty, and never end.
 * @param shown where the user has it, if its bytes are read from a copy
 */
export async function lookInside(
  path: string,
  most: number,
  shown = path,
): Promise<{ path: string; text: string }> {
  const target = shown === path ? await realpath(path).catch(() => path) : shown;
  return { path: isSecretPath(shown) ? shown : target, text: textOf(await readBeginning(path, most)) };
}

function textOf(bytes: Uint8Array): string {
  // As some shells on Windows write files.
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
}

async function readBeginning(path: string, most: number): Promise<Uint8Array> {
  try {
    const file = await open(path, "r");
    try {
      const bytes = new Uint8Array(most);
      const { bytesRead } = await file.read(bytes, 0, most, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return new Uint8Array(0);
  }
}

/**
 * Reads blocks, mostly one behind the other: each visit to a disk costs about as much as the bytes. New memory costs more than
 * both, so that the memory of a block is used again for the second block after it.
 */
export class SourceReader {
  #memory: readonly [Uint8Array, Uint8Array] = [noBytes, noBytes];
  /** The file that was read last, and as it was then. */
  #open: { readonly path: string; readonly file: FileHandle; readonly seen: Source | null } | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  /** Reads one block. A file that cannot be read counts as not there. */
  read(path: string, at: number, size: number): Promise<SourceBlock> {
    const read = this.#queue.then(() => this.#read(path, at, size));
    this.#queue = read;
    return read;
  }

  /** Closes the file until there is something to read, and gives its memory back. What was read last stays as it is. */
  close(): Promise<void> {
    const closed = this.#queue.then(() => {
      this.#memory = [noBytes, noBytes];
      return this.#close();
    });
    this.#queue = closed;
    return closed;
  }

  async #read(path: string, at: number, size: number): Promise<SourceBlock> {
    if (this.#open?.path !== path) await this.#close();
    // What was seen after the block before was seen before this one.
    const before = this.#open?.seen ?? (await lookAt(path));
    // A pipe would keep the reader waiting.
    const bytes = before === null ? null : await this.#bytes(path, at, size);
    const found = await lookAt(path);
    if (this.#open !== null) this.#open = { ...this.#open, seen: found };
    const isReadable = bytes !== null || found?.size !== before?.size || found?.mtime !== before?.mtime;
    const block = bytes ?? new Uint8Array(0);
    return { bytes: block, sha256: hashOf(block), before, after: isReadable ? found : null };
  }

  async #bytes(path: string, at: number, size: number): Promise<Uint8Array | null> {
    try {
      this.#open ??= { path, file: await open(path, "r"), seen: null };
      const bytes = this.#take(size);
      let done = 0;
      while (done < size) {
        const { bytesRead } = await this.#open.file.read(bytes, done, size - done, at + done);
        if (bytesRead === 0) return null;
        done += bytesRead;
      }
      return bytes;
    } catch {
      return null;
    }
  }

  #take(size: number): Uint8Array {
    const [next, other] = this.#memory;
    const memory = next.length >= size ? next : new Uint8Array(Math.max(size, other.length));
    this.#memory = [other, memory];
    return memory.subarray(0, size);
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.file.close().catch(() => undefined);
  }
}
