// How deeply JSON is nested, before it is parsed: megabytes of brackets take a parser many seconds.

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Whether arrays and objects are nested in more than `most` levels. */
export function isDeeperThan(most: number, json: Uint8Array): boolean {
  let [depth, isInText] = [0, false];
  for (let i = 0; i < json.length; i += 1) {
    const byte = json[i] ?? 0;
    if (isInText) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) isInText = false;
    } else if (byte === QUOTE) isInText = true;
    else if (CLOSING.has(byte)) depth -= 1;
    else if (OPENING.has(byte) && ++depth > most) return true;
  }
  return false;
}
