// When the ends of a range are certain.
import assert from "node:assert/strict";
import { spanOf, type FoundLine } from "../../../../extension/core/code/edges.ts";

const exact = (at: number): FoundLine => ({ at, how: "exact" });
const weak = (at: number): FoundLine => ({ at, how: "weak" });
const next = (at: number) => ({ at, isNext: true });
const far = (at: number) => ({ at, isNext: false });

describe("the ends of a range", () => {
  it("are its first and last line where these stand only once, whatever stands beside them", () => {
    assert.deepEqual(spanOf([exact(5), exact(9)], undefined, next(30)), { from: 5, to: 9 });
  });

  it("are uncertain at a bracket, unless the line beside the selection stands there", () => {
    assert.equal(spanOf([exact(5), weak(6)], undefined, undefined), "torn");
    assert.equal(spanOf([exact(5), weak(6)], undefined, far(7)), "torn");
    assert.deepEqual(spanOf([exact(5), weak(6)], undefined, next(7)), { from: 5, to: 6 });
  });

  it("were deleted where nothing is left between", () => {
    assert.deepEqual(spanOf([null, exact(5)], next(4), undefined), { from: 5, to: 5 });
  });

  it("were rewritten where one line stands for one", () => {
    assert.deepEqual(spanOf([null, exact(5)], next(3), undefined), { from: 4, to: 5 });
    assert.equal(spanOf([null, exact(5)], far(3), undefined), "torn");
    assert.equal(spanOf([null, null, exact(5)], next(2), undefined), "torn");
  });

  it("do not exist without a line", () => {
    assert.equal(spanOf([null, null], next(3), next(4)), "gone");
  });
});
