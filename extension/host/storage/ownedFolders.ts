// Files that this machine keeps for conversations: each in a folder of its own, below that of its owner, which only the user can
// read. Peers choose ids, so that folders are named by hashes. The files are bounded in bytes and days; the oldest go first.
import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Bytes of all files below one root. */
const MOST_BYTES = 512 * 1024 * 1024;

const DAY_MS = 24 * 3_600_000;

/** How long files are kept, and how many bytes of them. */
export type KeptBound = {
  readonly days: number;
  /** 512 MiB without it. */
  readonly bytes?: number;
};

export class OwnedFolders {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /**
   * The folder for one file.
   * @param owner whose files are deleted together: any value that JSON has
   * @param item tells the owner's files apart
   */
  of(owner: unknown, item: unknown): string {
    return join(this.#ofOwner(owner), hashed(item));
  }

  async make(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(this.root, 0o700);
  }

  async remove(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    // That of the owner, if it is empty now.
    await rmdir(dirname(folder)).catch(() => undefined);
  }

  /** Deletes the files of one owner, or (null) all. */
  async forget(owner: unknown): Promise<void> {
    await rm(owner === null ? this.root : this.#ofOwner(owner), { recursive: true, force: true });
  }

  /** Deletes what is too old, and the oldest until the others fit. */
  async expire({ days, bytes = MOST_BYTES }: KeptBound, now: number): Promise<void> {
    const files = (await this.#files()).sort((a, b) => b.at - a.at);
    let sum = 0;
    for (const { folder, size, at } of files) {
      sum += size;
      if (sum > bytes || now - at > days * DAY_MS) await this.remove(folder);
    }
  }

  async #files(): Promise<{ folder: string; size: number; at: number }[]> {
    const entries = await readdir(this.root, { recursive: true, withFileTypes: true }).catch(() => []);
    const found = await Promise.all(
      entries.map(async (entry) => {
        const folder = entry.parentPath;
        const status = entry.isFile() ? await stat(join(folder, entry.name)).catch(() => null) : null;
        return status === null ? [] : [{ folder, size: status.size, at: status.mtimeMs }];
      }),
    );
    return found.flat();
  }

  #ofOwner(owner: unknown): string {
    return join(this.root, hashed(owner));
  }
}

function hashed(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
