// The blocks of a file on this disk, and whether they are what was verified.
import { open, stat } from "node:fs/promises";
import { BLOCK_BYTES, blockCount, type Sha256 } from "../../../protocol/bulk.ts";
import { restoreReceiving, type Receiving } from "../../core/transfers/receivingState.ts";
import { HOST } from "../storage/processes.ts";
import { hashOf } from "./hashes.ts";
import type { IncomingRecord } from "./sidecars.ts";

/**
 * Reads blocks from the beginning of a file, and passes each on that has its hash. Returns how many there are before the
 * first that has not. The buffer is used again after `take`.
 */
export async function readIntact(
  path: string,
  hashes: readonly Sha256[],
  take: (block: Uint8Array) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const file = await open(path, "r");
  try {
    const buffer = new Uint8Array(BLOCK_BYTES);
    for (const [index, hash] of hashes.entries()) {
      const { bytesRead } = await file.read(buffer, 0, BLOCK_BYTES, index * BLOCK_BYTES);
      const block = buffer.subarray(0, bytesRead);
      if (hashOf(block) !== hash) return index;
      await take(block);
    }
    return hashes.length;
  } finally {
    await file.close();
  }
}

/** How many blocks of a file of this size there are from its beginning, as far as its length says. */
export async function blocksIn(part: string, size: number): Promise<number> {
  const found = await stat(part).catch(() => null);
  const length = found?.size ?? 0;
  return length >= size ? blockCount(size) : Math.floor(length / BLOCK_BYTES);
}

/**
 * A transfer as its sidecar has it, without blocks that its file lacks. Nothing is read again, except after the machine was
 * started again: it may have lost what it had not written yet. Null if the sidecar is damaged.
 */
export async function restored(record: IncomingRecord, part: string): Promise<Receiving | null> {
  const receiving = restoreReceiving(record.snapshot);
  if (receiving === undefined) return null;
  const { hashes, size, end } = receiving;
  const isDone = end?.how === "done";
  if (isDone ? record.delivered !== null : end !== null) return receiving;
  const written = hashes.slice(0, await blocksIn(part, size));
  const intact = record.host === HOST ? written.length : await readIntact(part, written).catch(() => 0);
  if (intact === hashes.length) return receiving;
  return { ...receiving, hashes: hashes.slice(0, intact), end: null };
}
