// Copies of damaged files, kept beside the repaired ones, because the unreadable part may still be of use. Limited in
// number; the oldest are deleted first.
import { randomBytes } from "node:crypto";
import { copyFileSync, rmSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { filesOf } from "./startTimes.ts";

/** The suffix of such a copy. */
export const DAMAGED = ".damaged";
const MOST_FILES = 10;
const MOST_BYTES = 64 * 1024 * 1024;

type Log = { warn(text: string): void };

/** Returns the path of the copy. */
export function keepDamaged(path: string, log: Log): string {
  const copy = `${path}.${randomBytes(6).toString("hex")}${DAMAGED}`;
  copyFileSync(path, copy);
  log.warn(`A damaged file was recovered as far as possible. A copy is kept as ${basename(copy)}.`);
  const copies = filesOf(dirname(path)).filter((each) => each.endsWith(DAMAGED) && each !== copy);
  let room = MOST_BYTES - statSync(copy).size;
  const dated = copies.map((each) => ({ each, ...sizeAndAge(each) })).sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const [i, { each, size }] of dated.entries()) {
    room -= size;
    if (i + 1 >= MOST_FILES || room < 0) rmSync(each, { force: true });
  }
  return copy;
}

function sizeAndAge(path: string): { readonly size: number; readonly mtimeMs: number } {
  try {
    return statSync(path);
  } catch {
    return { size: 0, mtimeMs: 0 };
  }
}
