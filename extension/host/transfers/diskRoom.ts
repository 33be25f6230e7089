// How much of the disk transfers may use, and whether it has that much.
import { statfs } from "node:fs/promises";
import { makeFolder } from "./places.ts";

/** Bytes of all files that are coming to this machine at once. */
export const TRANSFER_BYTES = 8 * 1024 * 1024 * 1024;

/** Bytes of the disk that stay free. */
export const SPARE_BYTES = 64 * 1024 * 1024;

/** Why the disk takes no more: it has no room, the files that are coming are too large together, or it fails. */
export type DiskReason = "full" | "crowded" | "failed";

const FULL: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

export function diskReason(error: unknown): DiskReason {
  return error instanceof Error && "code" in error && FULL.includes(error.code) ? "full" : "failed";
}

/**
 * Why a file cannot come here now; null if it can.
 * @param missing bytes of it that are not here yet
 * @param others bytes of all other files that are coming
 */
export async function roomFor(
  folder: string,
  size: number,
  missing: number,
  others: number,
): Promise<DiskReason | null> {
  if (size + others > TRANSFER_BYTES) return "crowded";
  try {
    await makeFolder(folder);
  } catch (error) {
    return diskReason(error);
  }
  const free = await freeBytes(folder);
  return free !== null && free < missing + SPARE_BYTES ? "full" : null;
}

/** Null if the system does not say. */
async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    // Some file systems say that they have no blocks at all.
    return bsize > 0 ? bavail * bsize : null;
  } catch {
    return null;
  }
}
