// What a diff says about lines of the base.
import assert from "node:assert/strict";
import { diffMatch } from "../../../../extension/core/code/diffMatch.ts";
import { lineMap } from "../../../../extension/core/code/lineDiff.ts";
import { newWork } from "../../../../extension/core/code/lines.ts";
import { finished } from "../../../../extension/core/code/steps.ts";

const file = Array.from({ length: 30 }, (_, n) => (n % 5 === 4 ? "}" : `const value${n} = read(file${n});`));

function match(target: readonly string[], from: number, to: number) {
  const range = { from, to };
  return diffMatch(finished(lineMap(file, target, range, newWork())), file, target, range);
}

describe("a diff around a selection", () => {
  it("says that it is whole where it moved as one", () => {
    const { span, isWhole, share, isIntact } = match(["// one", ...file], 10, 13);
    assert.deepEqual(
      { span, isWhole, share, isIntact },
      { span: { from: 11, to: 14 }, isWhole: true, share: 1, isIntact: true },
    );
  });

  it("includes what was inserted", () => {
    const { span, isWhole } = match(file.toSpliced(12, 0, "// new"), 10, 13);
    assert.deepEqual({ span, isWhole }, { span: { from: 10, to: 14 }, isWhole: false });
  });

  it("is torn where its lines are in another order", () => {
    const swapped = [...file.slice(0, 11), file[12] ?? "", file[11] ?? "", ...file.slice(13)];
    assert.equal(match(swapped, 10, 13).span, "torn");
  });

  it("is gone with all of its lines", () => {
    const { span, share } = match(file.toSpliced(10, 4), 10, 13);
    assert.deepEqual({ span, share }, { span: "gone", share: 0 });
  });

  it("says how much of what stood around still stands beside it", () => {
    const { above, below } = match([...file.slice(0, 9), "// new", ...file.slice(9)], 10, 12);
    assert.equal(above.toFixed(2), "0.03");
    assert.ok(below > 4);
  });
});
