// The hashes of blocks that were verified since a sidecar was saved, in a file beside it: a line for each, appended. So a block
// costs one visit to the disk, however large its file is.
import { randomBytes } from "node:crypto";
import { open, readFile, type FileHandle } from "node:fs/promises";
import * as v from "valibot";
import { Sha256 } from "../../../protocol/bulk.ts";

/** A new one for each sidecar that is saved: a log that belongs to another one does not count. */
export function newMark(): string {
  return randomBytes(12).toString("base64url");
}

export class HashLog {
  readonly #path: string;
  readonly #mark: string;
  /** Those in the sidecar and in the log. */
  #hashes: readonly Sha256[];
  #file: FileHandle | null = null;
  #isBegun = false;

  /** @param mark what the sidecar has, too */
  constructor(path: string, mark: string, hashes: readonly Sha256[]) {
    this.#path = path;
    this.#mark = mark;
    this.#hashes = hashes;
  }

  /** Appends those that are new. Returns whether sidecar and log have these hashes now, and no others. */
  async add(hashes: readonly Sha256[]): Promise<boolean> {
    if (this.#hashes.some((hash, i) => hash !== hashes[i])) return false;
    const more = hashes.slice(this.#hashes.length);
    if (more.length === 0) return true;
    try {
      this.#file ??= await open(this.#path, this.#isBegun ? "a" : "w", 0o600);
      const lines = this.#isBegun ? more : [this.#mark, ...more];
      await this.#file.appendFile(lines.map((line) => `${line}\n`).join(""));
    } catch {
      return false;
    }
    this.#isBegun = true;
    this.#hashes = hashes;
    return true;
  }

  /** Keeps no file open until there is something to append. */
  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }
}

/** The hashes in a log up to the first line that is not whole; none if there is none with this mark. */
export async function readHashLog(path: string, mark: string): Promise<Sha256[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const [first, ...lines] = text.split("\n");
  if (first !== mark) return [];
  const end = lines.findIndex((line) => !v.is(Sha256, line));
  return (end === -1 ? lines : lines.slice(0, end)).map((line) => v.parse(Sha256, line));
}
