// Changes whose JSON is nested too deeply are not parsed.
import assert from "node:assert/strict";
import { isDeeperThan } from "../../../../extension/core/changes/jsonDepth.ts";

describe("the depth of JSON", () => {
  const isDeep = (json: string, most = 2): boolean => isDeeperThan(most, new TextEncoder().encode(json));

  it("counts arrays and objects within each other", () => {
    assert.equal(isDeep('[[1],{"a":[1]}]'), true);
    assert.equal(isDeep('[[1],{"a":1},[]]'), false);
    assert.equal(isDeep("[".repeat(100_000), 99_999), true);
  });

  it("does not count what stands in texts", () => {
    assert.equal(isDeep('[["[[\\"[[","{{\\\\"],{"[[":1}]'), false);
    assert.equal(isDeep('[["\\\\",[]]]'), true);
  });
});
