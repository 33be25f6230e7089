// Bytes as base64. There is nothing for it in the language yet.
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function toBase64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => DIGITS.charAt((group >> shift) & 63)).join("");
    const missing = Math.max(0, i + 3 - bytes.length);
    parts.push(digits.slice(0, 4 - missing) + "=".repeat(missing));
  }
  return parts.join("");
}

/** The bytes that a text stands for, which is base64: the schema has checked it. */
export function bytesIn(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

/** What each digit stands for, by its character. */
const VALUES = new Uint8Array(128);
for (let i = 0; i < DIGITS.length; i += 1) VALUES[DIGITS.charCodeAt(i)] = i;

/** Of a text that is base64: the schema has checked it. */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(bytesIn(text));
  let [bits, held, at] = [0, 0, 0];
  for (let i = 0; at < bytes.length; i += 1) {
    bits = ((bits << 6) | (VALUES[text.charCodeAt(i)] ?? 0)) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[at] = (bits >> held) & 0xff;
    at += 1;
  }
  return bytes;
}

/** A file of another size costs nothing, however large it is. */
export function isBase64Of(text: string, bytes: Uint8Array): boolean {
  if (bytesIn(text) !== bytes.length) return false;
  const sent = fromBase64(text);
  return sent.every((byte, i) => byte === bytes[i]);
}
