// The index of a file's lines.
import assert from "node:assert/strict";
import { indexLines } from "../../../../extension/core/code/lineIndex.ts";
import { finished } from "../../../../extension/core/code/steps.ts";

const file = ["a();", "  b();", "\ta();", "", "c();"];

describe("an index of lines", () => {
  it("has one number for lines that differ only in their spaces", () => {
    const index = finished(indexLines(file, (line) => line.length));
    assert.deepEqual([...index.ids], [0, 1, 0, 2, 3]);
    assert.deepEqual(index.places, [[0, 2], [1], [3], [4]]);
    assert.equal(index.idOf("      b();"), 1);
    assert.equal(index.idOf("d();"), undefined);
  });

  it("joins the places of texts that share a hash, in order", () => {
    const index = finished(indexLines(file, (line) => line.length));
    assert.deepEqual(index.placesOfHash.get(4), [0, 1, 2, 4]);
  });

  it("hashes each text once, and reads a long file in steps", () => {
    let hashed = 0;
    const lines = Array.from({ length: 20_000 }, (_, n) => `line(${n % 50});`);
    const steps = indexLines(lines, () => (hashed += 1));
    let count = 0;
    while (steps.next().done !== true) count += 1;
    assert.equal(hashed, 50);
    assert.equal(count, 10);
  });
});
