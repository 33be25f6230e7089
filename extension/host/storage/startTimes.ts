// The time by which old files are judged. A clock can be wrong for a while, so a folder records when it was used: age
// counts only up to a time that two starts agree on, the second of them later by the folder's own record.
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { renameFileSync } from "./renameFile.ts";

const HOUR_MS = 3_600_000;
/** Two starts within this time may share one wrong clock. */
const APART_MS = 12 * HOUR_MS;
/** After this long without a start, either there was none or one of the two clocks was wrong. */
const GAP_MS = 7 * 24 * HOUR_MS;
/** Milliseconds that keep files with a new date from looking as if they are being written. */
const TOUCHED_MS = 60_000;
/** The date of a new file may be so many milliseconds before the time: the system's clock for files ticks slowly. */
const TICK_MS = 20;
const KEPT_STARTS = 8;

const Time = v.pipe(v.number(), v.safeInteger());
const Starts = v.pipe(v.array(Time), v.maxLength(KEPT_STARTS));
const Gap = v.object({ from: Time, to: Time });
export type Gap = v.InferOutput<typeof Gap>;
const StartRecord = v.object({ starts: Starts, gaps: v.pipe(v.array(Gap), v.maxLength(KEPT_STARTS)) });
type StartRecord = v.InferOutput<typeof StartRecord>;

/** `time`: has certainly passed, -Infinity for none. `gaps`: times from one start to the next, much later one. */
export type Agreed = { readonly time: number; readonly gaps: readonly Gap[] };

/**
 * Records a start, and returns the time that it and an earlier start agree has passed. Files and lines from a gap do
 * not age until its end, because their dates may come from a clock that was behind.
 */
export function agreedTime(folder: string, now: number): Agreed {
  const path = `${folder}.starts`;
  const former = readRecord(path);
  // A clock that goes back proves that one of the two was wrong, so later times no longer count.
  const starts = former.starts.filter((start) => start <= now).sort((a, b) => a - b);
  const last = starts.at(-1);
  const isGap = last !== undefined && now - last > GAP_MS;
  if (isGap) touchSince(folder, last, now);
  const gaps = [
    ...former.gaps.filter(({ to }) => to <= now),
    ...(isGap ? [{ from: last, to: now }] : []),
  ].slice(-KEPT_STARTS);
  const isApart = last === undefined || now - last >= APART_MS;
  writeRecord(path, { starts: isApart ? [...starts, now].slice(-KEPT_STARTS) : starts, gaps });
  return { time: starts.findLast((start) => now - start >= APART_MS) ?? -Infinity, gaps };
}

/** The time from which something with this date ages. */
export function agesFrom(date: number, gaps: readonly Gap[]): number {
  return gaps.find(({ from, to }) => from <= date && date < to)?.to ?? date;
}

function readRecord(path: string): StartRecord {
  try {
    const record: unknown = JSON.parse(readFileSync(path, "utf8"));
    // Earlier versions stored only the starts.
    return v.parse(StartRecord, Array.isArray(record) ? { starts: record, gaps: [] } : record);
  } catch {
    return { starts: [], gaps: [] };
  }
}

function writeRecord(path: string, record: StartRecord): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const aside = `${path}.${process.pid}`;
    writeFileSync(aside, JSON.stringify(record), { mode: 0o600 });
    renameFileSync(aside, path);
  } catch {
    // The next start tries again.
  }
}

function touchSince(folder: string, last: number, now: number): void {
  const time = new Date(now - TOUCHED_MS);
  for (const path of filesOf(folder)) {
    try {
      const { mtimeMs } = statSync(path);
      if (mtimeMs >= last - TICK_MS && mtimeMs < time.getTime()) utimesSync(path, time, time);
    } catch {
      // Another window has moved it.
    }
  }
}

/** The paths in a folder; none if there is no folder. */
export function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
