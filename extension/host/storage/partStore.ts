// What messages bring besides their text, kept on this machine for as long as their messages are: a file each, which only the user
// can read. Peers choose the ids, so that files and folders are named by hashes.
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BODY_NAME } from "../../../protocol/changesPart.ts";
import type { FileId } from "../../../protocol/bulk.ts";
import type { Pin } from "../../../protocol/fields.ts";

/** Bytes of all parts. The oldest are deleted beyond that. */
export const PARTS_BYTES = 512 * 1024 * 1024;

export type PartKey = {
  /** Of the peer who sends or gets it. */
  readonly pin: Pin;
  readonly way: "in" | "out";
  readonly id: FileId;
};

const DAY_MS = 24 * 3_600_000;

type Bound = {
  /** Days for which conversations are kept. */
  readonly days: () => number;
  readonly bytes: number;
};

export class PartStore {
  readonly #folder: string;
  readonly #bound: Bound;

  constructor(folder: string, bound: Partial<Bound> & Pick<Bound, "days">) {
    this.#folder = folder;
    this.#bound = { bytes: PARTS_BYTES, ...bound };
  }

  path(key: PartKey): string {
    return join(this.#folderOf(key), BODY_NAME);
  }

  /** Null unless there are exactly so many bytes. */
  async read(key: PartKey, bytes: number): Promise<Uint8Array | null> {
    try {
      const path = this.path(key);
      return (await stat(path)).size === bytes ? await readFile(path) : null;
    } catch {
      return null;
    }
  }

  /** With any number of bytes. */
  async has(key: PartKey): Promise<boolean> {
    return (await stat(this.path(key)).catch(() => null)) !== null;
  }

  async write(key: PartKey, bytes: Uint8Array): Promise<void> {
    const folder = await this.makeFolder(key);
    const aside = join(folder, `${BODY_NAME}.new`);
    await writeFile(aside, bytes, { mode: 0o600 });
    await rename(aside, this.path(key));
    await this.prune();
  }

  /** An empty folder for one part. */
  async makeFolder(key: PartKey): Promise<string> {
    const folder = this.#folderOf(key);
    await this.remove(key);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(this.#folder, 0o700);
    return folder;
  }

  async remove(key: PartKey): Promise<void> {
    await rm(this.#folderOf(key), { recursive: true, force: true });
  }

  /** Deletes all parts of one peer, or of all. */
  async forget(pin: Pin | null): Promise<void> {
    await rm(pin === null ? this.#folder : this.#ofPeer(pin), { recursive: true, force: true });
  }

  /** Deletes what no conversation has any more, and then the oldest parts, until the others have room. */
  async prune(): Promise<void> {
    const kept: { readonly folder: string; readonly size: number; readonly at: number }[] = [];
    for (const peer of await names(this.#folder))
      for (const name of await names(join(this.#folder, peer))) {
        const folder = join(this.#folder, peer, name);
        const found = await stat(join(folder, BODY_NAME)).catch(() => null);
        if (found !== null) kept.push({ folder, size: found.size, at: found.mtimeMs });
      }
    let bytes = kept.reduce((sum, { size }) => sum + size, 0);
    // Without history, messages last as long as their window, which a reload can bring back.
    const oldest = Date.now() - Math.max(1, this.#bound.days()) * DAY_MS;
    for (const { folder, size, at } of kept.sort((a, b) => a.at - b.at)) {
      if (bytes <= this.#bound.bytes && at >= oldest) return;
      await rm(folder, { recursive: true, force: true });
      bytes -= size;
    }
  }

  #folderOf({ pin, way, id }: PartKey): string {
    return join(this.#ofPeer(pin), hashed(`${way}/${id}`));
  }

  #ofPeer(pin: Pin): string {
    return join(this.#folder, hashed(pin));
  }
}

function hashed(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
