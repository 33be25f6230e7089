// Reads the body of an HTTP answer up to a bound: as one JSON text, or line by line.
import type { IncomingMessage } from "node:http";
import { err, ok, type Result } from "../../protocol/result.ts";
import { connectionFault, fault, type Fault } from "./etcdFaults.ts";

/** A page of a range is far below. Anything larger is not what was asked for. */
const MOST_ANSWER_BYTES = 16 * 1024 * 1024;

/** etcd splits what a watch reports into lines of about 2 MB, unless one event is larger. */
const MOST_LINE_BYTES = 8 * 1024 * 1024;

const LINE_FEED = 10;

const tooLarge = fault("invalid", "the answer is too large", true);

/** Calls back once. */
export function readAnswer(response: IncomingMessage, done: (body: Result<unknown, Fault>) => void): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  response.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > MOST_ANSWER_BYTES) done(err(tooLarge));
    else parts.push(part);
  });
  response.once("error", (error) => done(err(connectionFault(error, true))));
  response.once("end", () => done(parse(parts, `HTTP ${String(response.statusCode)}, not JSON`)));
}

/** @param onEnd called once; nothing is called after it */
export function readLines(
  response: IncomingMessage,
  onLine: (line: unknown) => void,
  onEnd: (end: Fault) => void,
): void {
  let parts: Buffer[] = [];
  let bytes = 0;
  response.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (;;) {
      const end = rest.indexOf(LINE_FEED);
      const part = end < 0 ? rest : rest.subarray(0, end);
      bytes += part.length;
      if (bytes > MOST_LINE_BYTES) return onEnd(tooLarge);
      parts.push(part);
      if (end < 0) return undefined;
      const line = parse(parts, "a line is not JSON");
      if (!line.ok) return onEnd(line.error);
      onLine(line.value);
      [parts, bytes] = [[], 0];
      rest = rest.subarray(end + 1);
    }
  });
  response.once("error", (error) => onEnd(connectionFault(error, true)));
  response.once("end", () => onEnd(fault("unreachable", "the engine ended the stream", true)));
}

function parse(parts: readonly Buffer[], problem: string): Result<unknown, Fault> {
  try {
    return ok(JSON.parse(Buffer.concat(parts).toString()));
  } catch {
    return err(fault("invalid", problem, true));
  }
}
