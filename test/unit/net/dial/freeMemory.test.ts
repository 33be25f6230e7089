import assert from "node:assert/strict";
import { freeMemory } from "../../../../extension/net/dial/freeMemory.ts";

describe("memory that is given back", () => {
  it("is gone at once", () => {
    const bytes = new Uint8Array(1_000);
    freeMemory(bytes);
    assert.equal(bytes.length, 0);
    freeMemory(bytes);
  });

  it("stays if others use a part of it", () => {
    const memory = new Uint8Array(1_000);
    freeMemory(memory.subarray(1));
    freeMemory(Buffer.from("from the pool"));
    freeMemory(new Uint8Array(0));
    freeMemory(new Uint8Array(new SharedArrayBuffer(10)));
    assert.equal(memory.length, 1_000);
  });
});
