// What a window does with files, on record even after it was killed: blocks that came, and bytes that were hashed.
import crypto, { Hash, type BinaryLike } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import type { BulkEvent } from "../../extension/core/model/transferPorts.ts";
import { CHUNK_BYTES } from "../../protocol/bulk.ts";

type Line = { readonly block: string } | { readonly hashed: number } | { readonly link: number };

export type Recorded = {
  /** That have come, in their order. */
  readonly blocks: readonly string[];
  /** How many had come when each bulk link was opened. */
  readonly links: readonly number[];
  readonly hashed: number;
};

/** Starts the record of this process. Returns what has to hear of bulk links. */
export function recordFiles(folder: string): (event: BulkEvent) => void {
  mkdirSync(folder, { recursive: true });
  const write = (line: Line): void => appendFileSync(pathIn(folder), `${JSON.stringify(line)}\n`);
  const { createHash } = crypto;
  crypto.createHash = (algorithm, options) => {
    const hash = createHash(algorithm, options);
    const update = (data: BinaryLike): Hash => Hash.prototype.update.apply(hash, [data] as never);
    return Object.assign(hash, {
      update(data: BinaryLike): Hash {
        // Of files: everything else that is hashed is short.
        if (typeof data !== "string" && data.byteLength >= CHUNK_BYTES) write({ hashed: data.byteLength });
        return update(data);
      },
    });
  };
  syncBuiltinESMExports();
  return (event) => {
    if (event.type === "bulk/opened") write({ link: event.n });
    if (event.type === "bulk/message" && event.frame.type === "block")
      write({ block: `${event.frame.id} ${event.frame.index}` });
  };
}

/** What the windows that had this folder have on record. */
export function recorded(folder: string): Recorded {
  const path = pathIn(folder);
  const lines = existsSync(path) ? readFileSync(path, "utf8").split("\n") : [];
  // A window may have been killed in the middle of a line.
  const all = lines.flatMap((text): Line[] => {
    try {
      return [JSON.parse(text) as Line];
    } catch {
      return [];
    }
  });
  return {
    blocks: all.flatMap((line) => ("block" in line ? [line.block] : [])),
    links: all.flatMap((line, at) =>
      "link" in line ? [all.slice(0, at).filter((each) => "block" in each).length] : [],
    ),
    hashed: all.reduce((sum, line) => sum + ("hashed" in line ? line.hashed : 0), 0),
  };
}

function pathIn(folder: string): string {
  return join(folder, "record");
}
