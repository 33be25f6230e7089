// The server's log: one JSON object per line on standard error, never with message texts, tokens or IDs. Writes are
// synchronous, so the number of lines per second is bounded: neither a flood of refused connections nor a slow reader of the
// log holds up the server. Each event has its own rate, and each address within it, so that strangers cannot hide lines about
// members. Omitted lines are counted in a line per event.
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { addressKey } from "../../protocol/ipAddress.ts";

/** From the least important up. */
export const logLevels = ["info", "warn", "error"] as const;

export type LogLevel = (typeof logLevels)[number];
export type Log = (
  level: LogLevel,
  event: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;

const LINES_PER_SECOND = 20;
const LINES_AT_ONCE = 200;

/** The same per address: fits a class that joins at once, and is at most half of the total. */
const LINES_PER_SECOND_OF_ADDRESS = 2;
const LINES_AT_ONCE_OF_ADDRESS = 60;

/** Addresses remembered; the least recent are forgotten first. */
const MOST_ADDRESSES = 1024;

/** Milliseconds from the first omitted line of an event to the line that counts them. */
const SUM_MS = 10_000;

/** `wallTime`: milliseconds since 1970. `later`: calls back after this many milliseconds. */
export type LogOptions = {
  /** Lines below this level are not written. */
  readonly least: LogLevel;
  /** Takes a line with its line feed. */
  readonly write: (line: string) => void;
  readonly wallTime: () => number;
  readonly later: (ms: number, call: () => void) => void;
};

/** Errors are never omitted. */
export function createLog({ least, write, wallTime, later }: LogOptions): Log {
  const events = new Map<string, TokenBucket>();
  const addresses = new Map<string, TokenBucket>();
  const leftOut = new Map<string, number>();

  const writeLine = (level: LogLevel, event: string, fields: Parameters<Log>[2]): void => {
    const at = new Date(wallTime()).toISOString();
    write(`${JSON.stringify({ at, level, event, ...fields })}\n`);
  };
  const leaveOut = (level: LogLevel, event: string): void => {
    const before = leftOut.get(event) ?? 0;
    leftOut.set(event, before + 1);
    if (before > 0) return;
    later(SUM_MS, () => {
      const lines = leftOut.get(event) ?? 0;
      leftOut.delete(event);
      writeLine(level, "more-like-this", { of: event, lines });
    });
  };
  const hasRoom = (event: string, address: string | number | undefined): boolean => {
    const now = wallTime();
    const ofEvent = events.get(event) ?? new TokenBucket(LINES_PER_SECOND, LINES_AT_ONCE, now);
    events.set(event, ofEvent);
    if (typeof address !== "string") return ofEvent.take(now) === 0;
    const key = `${event} ${addressKey(address)}`;
    const ofAddress =
      addresses.get(key) ?? new TokenBucket(LINES_PER_SECOND_OF_ADDRESS, LINES_AT_ONCE_OF_ADDRESS, now);
    addresses.delete(key);
    addresses.set(key, ofAddress);
    for (const [oldest] of addresses) {
      if (addresses.size <= MOST_ADDRESSES) break;
      addresses.delete(oldest);
    }
    return ofAddress.take(now) === 0 && ofEvent.take(now) === 0;
  };

  return (level, event, fields = {}) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(least)) return;
    if (level === "error" || hasRoom(event, fields["address"])) writeLine(level, event, fields);
    else leaveOut(level, event);
  };
}
