// The keyed hashes of a code part (docs/PROTOCOL.md, "Lines and their hashes"). They are keyed by the message's salt, so
// that two messages cannot be linked by them.
import { createHash, createHmac, hash } from "node:crypto";
import type { LineHash } from "../../core/code/lineIndex.ts";

/** Bytes of a base tag: 22 characters in base64url. */
const TAG_BYTES = 16;

/** Hashes normalized lines to 16 bits. */
export function lineHasher(salt: string): LineHash {
  return (line) => hash("sha256", `${salt}\n${line}`, "buffer").readUInt16BE(0);
}

/** Identifies a committed file to those who have the same text. */
export function baseTag(salt: string, text: string): string {
  const key = createHash("sha256").update(baseText(text)).digest();
  const tag = createHmac("sha256", key).update(salt).digest();
  return tag.subarray(0, TAG_BYTES).toString("base64url");
}

/** Without what editors and systems change: the byte order mark, and how lines end. */
function baseText(text: string): string {
  return text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
}
