// The server's log: one JSON object a line on standard error. What is logged never holds the text of a message, a
// token or an id. Written synchronously as standard error is, so that the number of lines a second is bounded:
// neither a flood of refused connections nor a slow reader of the log may hold the server up. Each event has a bound of its
// own, and each address: strangers hide no lines about members. What was left out is summed up in a line for each event.
import { TokenBucket } from "../../protocol/tokenBucket.ts";
import { addressKey } from "../../protocol/ipAddress.ts";

export type LogLevel = "info" | "warn" | "error";
export type Log = (
  level: LogLevel,
  event: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;

const LINES_PER_SECOND = 20;
const LINES_AT_ONCE = 200;

/** The same of one address: a class that comes at once, and no more than half of what there is for all. */
const LINES_PER_SECOND_OF_ADDRESS = 2;
const LINES_AT_ONCE_OF_ADDRESS = 60;

/** Addresses that are remembered; those longest ago are forgotten first. */
const MOST_ADDRESSES = 1024;

/** Milliseconds from the first line of an event that was left out to the line that sums them up. */
const SUM_MS = 10_000;

/** `wallTime` is in milliseconds since 1970. `later` calls back after so many milliseconds. */
export type LogOptions = {
  /** Takes a line with its end. */
  readonly write: (line: string) => void;
  readonly wallTime: () => number;
  readonly later: (ms: number, call: () => void) => void;
};

/** Errors are always written. */
export function createLog({ write, wallTime, later }: LogOptions): Log {
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
    if (level === "error" || hasRoom(event, fields["address"])) writeLine(level, event, fields);
    else leaveOut(level, event);
  };
}
