// Puts a verified file into the folder that the user chose: whole or not at all, under a name that is free, and never through
// a link that someone put there. Repeated after a crash, it finds what it did before.
import { createReadStream } from "node:fs";
import { link, lstat, open, realpath, rm, stat, writeFile, type FileHandle } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Sha256 } from "../../../protocol/bulk.ts";
import { allowedName, numberedName } from "../../../protocol/fileNames.ts";
import { renameFile } from "../storage/renameFile.ts";
import { setMode } from "../storage/setMode.ts";
import { readIntact } from "./blocks.ts";
import { diskReason } from "./diskRoom.ts";
import { markReceived } from "./receivedMark.ts";

export type Delivery = {
  /** The complete file in the folder of transfers. */
  readonly part: string;
  readonly size: number;
  readonly hashes: readonly Sha256[];
  /** As the peer calls it. */
  readonly name: string;
  readonly folder: string;
};

/** Where it runs. */
type System = {
  readonly onWindows: boolean;
  /** Marks a file as received from elsewhere. Never rejects. */
  readonly mark: (path: string) => Promise<void>;
};

const THIS_SYSTEM: System = { onWindows: process.platform === "win32", mark: markReceived };

/** Files with the same name in one folder at most. */
const MOST_NAMES = 1000;

/** The file in the folder of transfers is not what was verified. */
export class DamagedPart extends Error {}

/** Why a file could not be put into its place. */
export function deliveryTrouble(error: unknown): "failed" | "full" | "folder" {
  if (error instanceof DamagedPart) return "failed";
  return diskReason(error) === "full" ? "full" : "folder";
}

/** How a file gets a free name. Null if these disks cannot do it that way. */
type Place = (file: string, path: string) => Promise<"placed" | "taken" | null>;

/**
 * Returns the path of the file in its place. The part stays until the caller has saved that path and calls `tidy`. Throws when
 * the file cannot be put there, and then leaves nothing there.
 */
export async function deliver(
  delivery: Delivery,
  { onWindows, mark }: System = THIS_SYSTEM,
): Promise<string> {
  // The folder may be a link: the user chose what it leads to.
  const folder = await realpath(delivery.folder);
  const name = allowedName(delivery.name, onWindows);
  if ((await stat(delivery.part)).size !== delivery.size) throw new DamagedPart(delivery.part);
  const mode = await modeIn(folder);
  // Before it is in that folder, where others may put a link in its place.
  await setMode(delivery.part, mode);
  // A name that outlives a crash must not lead to bytes that do not.
  await sync(delivery.part);
  // On Windows, a link would keep the rights of the folder of transfers.
  if (!onWindows) {
    await mark(delivery.part);
    const linked = await placeIn(folder, name, delivery.part, placeByLink);
    if (linked !== null) return linked;
  }
  // Another disk, or one without hard links.
  const copy = copyIn(folder, delivery);
  try {
    if (!(await isPlaced(copy, delivery))) await copyVerified(delivery, copy, mode);
    await mark(copy);
    const path =
      (await placeIn(folder, name, copy, placeByLink)) ??
      (await placeIn(folder, name, copy, (file, to) => placeByName(file, to, delivery)));
    if (path === null) throw new Error(`No name is free: ${name}`);
    return path;
  } catch (error) {
    await rm(copy, { force: true });
    throw error;
  }
}

/** Copies a file into a folder, under a name that is free. */
export async function copyInto(
  folder: string,
  name: string,
  file: string,
  { onWindows, mark }: System = THIS_SYSTEM,
): Promise<string> {
  const allowed = allowedName(name, onWindows);
  const mode = await modeIn(folder);
  for (let n = 1; n <= MOST_NAMES; n++) {
    const path = join(folder, numberedName(allowed, n));
    const copy = await create(path, mode);
    if (copy === null) continue;
    await fill(copy, path, () => writeFile(copy, createReadStream(file)));
    await mark(path);
    return path;
  }
  throw new Error(`No name is free: ${allowed}`);
}

/** As readable as the folder that a file is put into, never executable, and for the user alone to change. */
async function modeIn(folder: string): Promise<number> {
  return ((await stat(folder)).mode & 0o644) | 0o600;
}

/** Null if the name is taken. */
async function create(path: string, mode: number): Promise<FileHandle | null> {
  try {
    return await open(path, "wx", mode);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return null;
  }
}

/** Writes a new file. If that fails, nothing of it stays. */
async function fill(file: FileHandle, path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Deletes what is not needed once the path of the delivered file is saved. */
export async function tidy({ part, folder }: Pick<Delivery, "part" | "folder">): Promise<void> {
  await rm(part, { force: true });
  await rm(copyIn(folder, { part }), { force: true });
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function copyIn(folder: string, { part }: Pick<Delivery, "part">): string {
  return join(folder, `.${basename(part)}`);
}

async function placeIn(folder: string, name: string, file: string, place: Place): Promise<string | null> {
  for (let n = 1; n <= MOST_NAMES; n++) {
    const path = join(folder, numberedName(name, n));
    const result = await place(file, path);
    if (result === "placed") return path;
    if (result === null) return null;
  }
  return null;
}

/** A link is never written over another file, and appears with all bytes at once. */
async function placeByLink(file: string, path: string): ReturnType<Place> {
  try {
    await link(file, path);
    return "placed";
  } catch (error) {
    if (codeOf(error) !== "EEXIST") return null;
    return (await isSame(file, path)) ? "placed" : "taken";
  }
}

/** Takes the name first, and then puts the file in the place of the empty one. */
async function placeByName(file: string, path: string, delivery: Delivery): ReturnType<Place> {
  const empty = await create(path, 0o600);
  if (empty === null) return (await isDelivered(path, delivery)) ? "placed" : "taken";
  await empty.close();
  try {
    await renameFile(file, path);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return "placed";
}

/** Whether two names stand for one file. */
async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one, { bigint: true }), lstat(other, { bigint: true })]);
  return a.ino === b.ino && a.dev === b.dev;
}

/** A copy that is complete, and was given its name before a crash. Others may have put something else there. */
async function isPlaced(copy: string, delivery: Delivery): Promise<boolean> {
  const found = await lstat(copy).catch(() => null);
  return found !== null && found.nlink > 1 && (await isDelivered(copy, delivery));
}

async function isDelivered(path: string, { size, hashes }: Delivery): Promise<boolean> {
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size !== size) return false;
    return (await readIntact(path, hashes)) === hashes.length;
  } catch {
    return false;
  }
}

async function copyVerified({ part, hashes }: Delivery, copy: string, mode: number): Promise<void> {
  await rm(copy, { force: true });
  const file = await open(copy, "wx", 0o600);
  await fill(file, copy, async () => {
    const intact = await readIntact(part, hashes, (block) => file.appendFile(block));
    if (intact < hashes.length) throw new DamagedPart(part);
    await setMode(file, mode);
    await file.sync();
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}
