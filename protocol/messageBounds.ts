// Bounds on a message before it is parsed as JSON. Parsing takes a hundred times longer for brackets and keys than for
// text of the same length, also in ignored fields. So those are counted first, in one pass.
import { limits } from "./limits.ts";

export type MessageBounds = {
  /** Nesting depth of objects and lists. */
  readonly depth: number;
  /** Opening brackets, commas and colons, outside strings. */
  readonly marks: number;
  /** Bytes of a message, unless its type is one of `long`, which have only the limit of the frame. */
  readonly bytes: number;
  readonly long: readonly string[];
};

/** From a client to the server, and between peers. */
export const messageBounds: MessageBounds = {
  depth: limits.messageDepth,
  marks: limits.messageMarks,
  bytes: limits.shortMessageBytes,
  long: ["say", "message"],
};

/** From the server. */
export const serverMessageBounds: MessageBounds = {
  ...messageBounds,
  marks: limits.serverMessageMarks,
  long: ["joined", "users", "said"],
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** What a text that may be JSON has too much of, or undefined. Takes one step per character. */
export function excess(raw: string, { depth, marks }: MessageBounds): string | undefined {
  let inside = 0;
  let counted = 0;
  for (let at = 0; at < raw.length; at++) {
    switch (raw.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(raw, at + 1);
        break;
      case 0x5b: // [
      case 0x7b: // {
        inside += 1;
        counted += 1;
        if (inside > depth) return `at most ${depth} levels`;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        inside -= 1;
        break;
      case 0x2c: // ,
      case 0x3a: // :
        counted += 1;
    }
    if (counted > marks) return `at most ${marks} brackets, commas and colons`;
  }
  return undefined;
}

/** The index at which the string that starts there ends; beyond the text if it does not. */
function endOfString(raw: string, start: number): number {
  for (let at = start; at < raw.length; at++) {
    const unit = raw.charCodeAt(at);
    if (unit === QUOTE) return at;
    if (unit === BACKSLASH) at += 1;
  }
  return raw.length;
}
