// Which records of TLS are given back while a bulk link is read.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import type { WebSocket } from "ws";
import { readRecords } from "../../../../extension/net/bulk/readRecords.ts";

describe("the records of a bulk link", () => {
  /** Records that come by their sizes, and the sizes of those given back. */
  function reading() {
    const stream = new PassThrough();
    const ws = new EventEmitter();
    const freed: number[] = [];
    const opened = { stream, ws: ws as unknown as WebSocket };
    const records = readRecords(opened, ({ length }) => freed.push(length));
    const come = (...sizes: readonly number[]): void => {
      for (const size of sizes) stream.emit("data", Buffer.alloc(size));
    };
    return { stream, ws, freed, records, come };
  }

  it("are given back up to the newest one, each once", () => {
    const { freed, records, come } = reading();
    come(1, 2, 3);
    records.free();
    assert.deepEqual(freed, [1, 2]);
    records.free();
    come(4);
    records.free();
    assert.deepEqual(freed, [1, 2, 3]);
  });

  it("stay when a ping was in them: its answer uses them later", () => {
    const { ws, freed, records, come } = reading();
    come(1, 2);
    ws.emit("ping", Buffer.alloc(0));
    come(3, 4);
    records.free();
    assert.deepEqual(freed, [3]);
  });

  it("are remembered only so far as a chunk needs", () => {
    const { freed, records, come } = reading();
    come(...Array.from({ length: 1_000 }, (_, i) => i));
    records.free();
    assert.deepEqual(freed, [992, 993, 994, 995, 996, 997, 998]);
  });

  it("are not followed any more once it is over", () => {
    const { stream, ws, freed, records, come } = reading();
    come(1, 2);
    records.stop();
    come(3, 4);
    records.free();
    assert.deepEqual(freed, []);
    assert.deepEqual([stream.listenerCount("data"), ws.listenerCount("ping")], [0, 0]);
  });
});
