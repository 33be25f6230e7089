// Which time of day old files are measured against. A clock can be wrong for a while, so a folder remembers when former
// starts were: age counts only up to a time that two starts agree on, the second of them later by the folder's own record.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";

const HOUR_MS = 3_600_000;
/** Two starts within this time may share one wrong clock. */
const APART_MS = 12 * HOUR_MS;
/** After so long without a start, either nobody was here or one of the two clocks was wrong. */
const GAP_MS = 7 * 24 * HOUR_MS;
/** Files that are given a new age must not look as if someone were writing to them. */
const TOUCHED_MS = 60_000;
const KEPT_STARTS = 8;

const Starts = v.pipe(v.array(v.pipe(v.number(), v.safeInteger())), v.maxLength(KEPT_STARTS));

/**
 * Notes a start, and returns the time that it and a former start agree has passed; -Infinity when none does. Files that
 * were in use at the last start do not age through a longer gap: their dates may come from a clock that was behind.
 */
export function agreedTime(folder: string, now: number): number {
  const path = `${folder}.starts`;
  // A clock that goes back proves that one of the two was wrong: later times count no more.
  const starts = readStarts(path).filter((start) => start <= now);
  const last = starts.at(-1);
  if (last !== undefined && now - last > GAP_MS) touchSince(folder, last, now);
  if (last === undefined || now - last >= APART_MS) writeStarts(path, [...starts, now].slice(-KEPT_STARTS));
  else writeStarts(path, starts);
  return starts.findLast((start) => now - start >= APART_MS) ?? -Infinity;
}

function readStarts(path: string): number[] {
  try {
    const starts = v.safeParse(Starts, JSON.parse(readFileSync(path, "utf8")));
    return starts.success ? starts.output.sort((a, b) => a - b) : [];
  } catch {
    return [];
  }
}

function writeStarts(path: string, starts: readonly number[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const aside = `${path}.${process.pid}`;
    writeFileSync(aside, JSON.stringify(starts), { mode: 0o600 });
    renameSync(aside, path);
  } catch {
    // The next start tries again.
  }
}

function touchSince(folder: string, last: number, now: number): void {
  const time = new Date(now - TOUCHED_MS);
  for (const path of filesOf(folder)) {
    try {
      const { mtimeMs } = statSync(path);
      if (mtimeMs >= last && mtimeMs < time.getTime()) utimesSync(path, time, time);
    } catch {
      // Another window has moved it.
    }
  }
}

/** The paths in a folder; none while there is no folder. */
export function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
