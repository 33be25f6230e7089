// Ids of files by number, and the hashes of their blocks.
import { createHash } from "node:crypto";
import type { FileId, Sha256 } from "../../protocol/bulk.ts";

export function fileId(n: number): FileId {
  return `${String(n).padStart(21, "0")}A` as FileId;
}

export function hashOf(bytes: Uint8Array): Sha256 {
  return createHash("sha256").update(bytes).digest("base64url") as Sha256;
}

export function rootOf(hashes: readonly Sha256[]): Sha256 {
  return hashOf(Buffer.concat(hashes.map((hash) => Buffer.from(hash, "base64url"))));
}
