// The hashes of the block protocol.
import { createHash } from "node:crypto";
import * as v from "valibot";
import { Sha256 } from "../../../protocol/bulk.ts";

export function hashOf(bytes: Uint8Array): Sha256 {
  return parseHash(createHash("sha256").update(bytes).digest());
}

export function parseHash(digest: Uint8Array): Sha256 {
  return v.parse(Sha256, Buffer.from(digest).toString("base64url"));
}

/** The hash over the hashes of all blocks. */
export function rootOf(hashes: readonly Sha256[]): Sha256 {
  return hashOf(Buffer.concat(hashes.map((hash) => Buffer.from(hash, "base64url"))));
}
