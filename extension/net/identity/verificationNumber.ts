// The safety number: 60 digits by which two people verify that no one is in the middle. 30 digits per key, the smaller
// key first, so that both see the same. PROTOCOL.md has the algorithm and test vectors.
import { pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import type { Pin } from "../../../protocol/fields.ts";

const SALT = "fork-chat number 2";
/** Makes searching for a key with given digits this much more expensive. */
const ITERATIONS = 5_200;
const GROUPS = 6;
const GROUP_BYTES = 5;

const derive = promisify(pbkdf2);

export async function verificationNumber(a: Pin, b: Pin): Promise<string> {
  return (await Promise.all([digitsOf(a), digitsOf(b)])).sort().join("");
}

async function digitsOf(pin: Pin): Promise<string> {
  const bytes = await derive(Buffer.from(pin, "base64url"), SALT, ITERATIONS, GROUPS * GROUP_BYTES, "sha512");
  return Array.from({ length: GROUPS }, (_, i) =>
    String(bytes.readUIntBE(i * GROUP_BYTES, GROUP_BYTES) % 100_000).padStart(5, "0"),
  ).join("");
}
