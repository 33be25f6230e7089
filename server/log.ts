// The server's log: one JSON object a line on standard error. What is logged never holds the text of a message, a
// token or an id. Written synchronously as standard error is, so that the number of lines a second is bounded:
// neither a flood of refused connections nor a slow reader of the log may hold the server up.
import { TokenBucket } from "../protocol/tokenBucket.ts";

export type LogLevel = "info" | "warn" | "error";
export type Log = (
  level: LogLevel,
  event: string,
  fields?: Readonly<Record<string, string | number>>,
) => void;

const LINES_PER_SECOND = 20;
const LINES_AT_ONCE = 200;

/** `write` takes a line with its end; `wallTime` is in milliseconds since 1970. Errors are always written. */
export function createLog(write: (line: string) => void, wallTime: () => number): Log {
  const bucket = new TokenBucket(LINES_PER_SECOND, LINES_AT_ONCE, wallTime());
  let suppressed = 0;
  return (level, event, fields = {}) => {
    const now = wallTime();
    if (level !== "error" && bucket.take(now) > 0) {
      suppressed += 1;
      return;
    }
    const line = { at: new Date(now).toISOString(), level, event, ...fields };
    write(`${JSON.stringify(suppressed > 0 ? { ...line, suppressed } : line)}\n`);
    suppressed = 0;
  };
}
