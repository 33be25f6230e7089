// Files that this machine keeps for conversations: each in a folder of its own, below that of its owner, which only the user can
// read. Peers choose ids, so that folders are named by hashes. The files are bounded in bytes, number and days.
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { mkdir, readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setMode } from "./setMode.ts";

/** Bytes of all files below one root. */
const MOST_BYTES = 512 * 1024 * 1024;

/** What each file counts for at least: also a tiny one costs a place on the disk and a look, so that there are few thousand. */
const LEAST_BYTES = 128 * 1024;

/** Days after which a file that was to come does so no more. */
const EMPTY_DAYS = 8;

const DAY_MS = 24 * 3_600_000;

/** How long files are kept, and how many bytes of them. */
export type KeptBound = {
  readonly days: number;
  /** 512 MiB without it. */
  readonly bytes?: number;
};

type Found = { readonly folder: string; readonly size: number; readonly at: number };

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
    await setMode(this.root, 0o700);
  }

  async remove(folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    // That of the owner, if it is empty now.
    await rmdir(dirname(folder)).catch(() => undefined);
  }

  /** Deletes the files of one owner, who may be among the exceptions. */
  async forget(owner: unknown, except: readonly unknown[]): Promise<void> {
    if (except.map(hashed).includes(hashed(owner))) return;
    await rm(this.#ofOwner(owner), { recursive: true, force: true });
  }

  /** Deletes the files of all owners except these. */
  async forgetAll(except: readonly unknown[]): Promise<void> {
    const kept = new Set(except.map(hashed));
    const owners = await readdir(this.root).catch(() => []);
    for (const name of owners.filter((each) => !kept.has(each)))
      await rm(join(this.root, name), { recursive: true, force: true });
    // Fails if there is still something.
    await rmdir(this.root).catch(() => undefined);
  }

  /** Deletes what is too old, and then the oldest of the owner who has the most, until the others fit. */
  async expire({ days, bytes = MOST_BYTES }: KeptBound, now: number): Promise<void> {
    const files = (await this.#files()).sort((a, b) => b.at - a.at);
    const isOld = ({ at }: Found): boolean => now - at > days * DAY_MS;
    const young = files.filter((file) => !isOld(file));
    for (const { folder } of [...files.filter(isOld), ...beyond(young, bytes)]) await this.remove(folder);
    await this.#expireEmpty(now);
  }

  /** Folders of files that never came. */
  async #expireEmpty(now: number): Promise<void> {
    const entries = await this.#entries();
    const full = new Set(entries.map((entry) => entry.parentPath));
    for (const entry of entries) {
      const folder = join(entry.parentPath, entry.name);
      if (!entry.isDirectory() || full.has(folder)) continue;
      const status = await stat(folder).catch(() => null);
      if (status === null || now - status.mtimeMs <= EMPTY_DAYS * DAY_MS) continue;
      // Fails if something has come meanwhile.
      await rmdir(folder).catch(() => undefined);
      await rmdir(dirname(folder)).catch(() => undefined);
    }
  }

  #entries(): Promise<Dirent[]> {
    return readdir(this.root, { recursive: true, withFileTypes: true }).catch(() => []);
  }

  async #files(): Promise<Found[]> {
    const found = await Promise.all(
      (await this.#entries()).map(async (entry) => {
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

/** The files that do not fit: the oldest of the owner who has the most. One person cannot displace the files of others. */
function beyond(newestFirst: readonly Found[], most: number): Found[] {
  const cost = ({ size }: Found): number => Math.max(size, LEAST_BYTES);
  const left = new Map<string, { sum: number; files: Found[] }>();
  let sum = 0;
  for (const file of newestFirst) {
    const owner = dirname(file.folder);
    const own = left.get(owner) ?? { sum: 0, files: [] };
    left.set(owner, own);
    own.files.push(file);
    own.sum += cost(file);
    sum += cost(file);
  }
  const gone: Found[] = [];
  while (sum > most) {
    const largest = [...left.values()].reduce((a, b) => (b.sum > a.sum ? b : a));
    const file = largest.files.pop();
    if (file === undefined) break;
    largest.sum -= cost(file);
    sum -= cost(file);
    gone.push(file);
  }
  return gone;
}
