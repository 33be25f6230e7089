// Which of several files has the lines.
import assert from "node:assert/strict";
import { bestMatch } from "../../../../extension/core/code/bestMatch.ts";

const at = (from: number) => ({ from, to: from + 1 });

describe("lines that are looked for in several files", () => {
  it("are where they are unchanged, rather than where they have changed", () => {
    const found = bestMatch([
      ["a", { state: "changed", span: at(1) }],
      ["b", { state: "moved", span: at(2) }],
    ]);
    assert.deepEqual(found, { state: "moved", place: { file: "b", span: at(2) } });
  });

  it("are uncertain if two files have them as well", () => {
    const found = bestMatch([
      ["a", { state: "same", span: at(1) }],
      ["b", { state: "moved", span: at(2) }],
    ]);
    assert.equal(found.state, "unsure");
  });

  it("are uncertain if a file has no certain place", () => {
    const found = bestMatch([
      ["a", { state: "unsure", spans: [at(4), at(9)] }],
      ["b", { state: "gone" }],
    ]);
    assert.deepEqual(found.state === "unsure" && found.places.map(({ span }) => span.from), [4, 9]);
  });

  it("are gone if no file has them", () => {
    assert.deepEqual(bestMatch([["a", { state: "gone" }]]), { state: "gone" });
    assert.deepEqual(bestMatch([]), { state: "gone" });
  });
});
