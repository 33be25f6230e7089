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

const Time = v.pipe(v.number(), v.safeInteger());
const Starts = v.pipe(v.array(Time), v.maxLength(KEPT_STARTS));
const Gap = v.object({ from: Time, to: Time });
export type Gap = v.InferOutput<typeof Gap>;
const StartRecord = v.object({ starts: Starts, gaps: v.pipe(v.array(Gap), v.maxLength(KEPT_STARTS)) });
type StartRecord = v.InferOutput<typeof StartRecord>;

/** `time`: has passed for certain, -Infinity for none. `gaps`: times from one start to the next, much later one. */
export type Agreed = { readonly time: number; readonly gaps: readonly Gap[] };

/**
 * Notes a start, and returns the time that it and a former start agree has passed. Files and lines from a gap do not age
 * until its end: their dates may come from a clock that was behind.
 */
export function agreedTime(folder: string, now: number): Agreed {
  const path = `${folder}.starts`;
  const former = readRecord(path);
  // A clock that goes back proves that one of the two was wrong: later times count no more.
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

/** From when on something ages that is dated so. */
export function agesFrom(date: number, gaps: readonly Gap[]): number {
  return gaps.find(({ from, to }) => from <= date && date < to)?.to ?? date;
}

function readRecord(path: string): StartRecord {
  try {
    const record: unknown = JSON.parse(readFileSync(path, "utf8"));
    // Earlier versions kept the starts alone.
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
