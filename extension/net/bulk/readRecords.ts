// What TLS hands out, one record after the other, each in new memory. `ws` keeps them until it has read a whole frame, and
// says only by its messages how far it has come.
import { CHUNK_BYTES } from "../../../protocol/bulk.ts";
import { freeMemory } from "../dial/freeMemory.ts";
import type { OpenWebSocket } from "../dial/pacedReading.ts";

/** Bytes of a TLS record at most (RFC 8446, 5.1). */
const RECORD_BYTES = 16 * 1024;

/** The records of a chunk: more are not remembered, and left to the collector. */
const MOST = CHUNK_BYTES / RECORD_BYTES + 4;

export type ReadRecords = {
  /** A message is there, and nothing that came before it waits: `ws` has read all records but the newest. */
  readonly free: () => void;
  readonly stop: () => void;
};

/** Must be called in the tick in which the WebSocket opened. */
export function readRecords(
  { ws, stream }: OpenWebSocket,
  giveBack: (record: Uint8Array) => void = freeMemory,
): ReadRecords {
  let records: Buffer[] = [];
  const came = (record: Buffer): void => {
    records.push(record);
    if (records.length > MOST) records.shift();
  };
  const keep = (): void => {
    records = [];
  };
  // Before `ws` reads it.
  stream.prependListener("data", came);
  // Its answer sends the same bytes, and may have to wait.
  ws.on("ping", keep);
  return {
    free() {
      for (const record of records.splice(0, records.length - 1)) giveBack(record);
    },
    stop() {
      stream.off("data", came);
      ws.off("ping", keep);
      keep();
    },
  };
}
