// Unguessable IDs of sessions, connections, epochs and tokens.
import { randomFillSync } from "node:crypto";

const ID_BYTES = 16;
/** Fetched in batches: one call per ID would dominate the cost when thousands join together. */
const randomness = Buffer.alloc(256 * ID_BYTES);
let used = randomness.length;

/** 128 random bits, base64url. */
export function randomId(): string {
  if (used === randomness.length) {
    randomFillSync(randomness);
    used = 0;
  }
  used += ID_BYTES;
  return randomness.toString("base64url", used - ID_BYTES, used);
}
