// What messages bring besides their text, kept on this machine for as long as their messages are.
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BODY_NAME } from "../../../protocol/changesPart.ts";
import type { FileId } from "../../../protocol/bulk.ts";
import type { Pin } from "../../../protocol/fields.ts";
import { OwnedFolders, type KeptBound } from "./ownedFolders.ts";
import { renameFile } from "./renameFile.ts";

export type PartKey = {
  /** Of the peer who sends or gets it. */
  readonly pin: Pin;
  readonly way: "in" | "out";
  readonly id: FileId;
};

export class PartStore {
  readonly #folders: OwnedFolders;
  readonly #bound: () => KeptBound;
  readonly #peersElsewhere: () => readonly Pin[];

  /** @param peersElsewhere those whose messages other windows show */
  constructor(root: string, bound: () => KeptBound, peersElsewhere: () => readonly Pin[]) {
    this.#folders = new OwnedFolders(root);
    this.#bound = bound;
    this.#peersElsewhere = peersElsewhere;
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
    await renameFile(aside, this.path(key));
    await this.prune();
  }

  /** An empty folder for one part. */
  async makeFolder(key: PartKey): Promise<string> {
    const folder = this.#folderOf(key);
    await this.remove(key);
    await this.#folders.make(folder);
    return folder;
  }

  async remove(key: PartKey): Promise<void> {
    await this.#folders.remove(this.#folderOf(key));
  }

  /** Deletes all parts of one peer, or (null) of all, except what other windows show. */
  async forget(pin: Pin | null): Promise<void> {
    const except = this.#peersElsewhere();
    await (pin === null ? this.#folders.forgetAll(except) : this.#folders.forget(pin, except));
  }

  /** Deletes what no conversation has any more, and then the oldest parts, until the others have room. */
  async prune(): Promise<void> {
    const { days, ...bytes } = this.#bound();
    // Without history, messages last as long as their window, which a reload can bring back.
    await this.#folders.expire({ days: Math.max(1, days), ...bytes }, Date.now());
  }

  #folderOf({ pin, way, id }: PartKey): string {
    return this.#folders.of(pin, [way, id]);
  }
}
