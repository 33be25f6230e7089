// How lines are compared, and what they say.
import assert from "node:assert/strict";
import {
  informationOf,
  linesOf,
  normalized,
  similarity,
  tokensOf,
} from "../../../../extension/core/code/lines.ts";

describe("lines of code", () => {
  it("end in any way", () => {
    assert.deepEqual(linesOf("a\r\nb\rc\nd\n"), ["a", "b", "c", "d"]);
    assert.deepEqual(linesOf(""), [""]);
  });

  it("are the same with other spaces", () => {
    assert.equal(normalized("\tif (a)  {\u00a0"), "if (a) {");
    assert.equal(normalized("if (a)\t{"), "if (a) {");
  });

  it("say more with more words, up to four", () => {
    const [blank, bracket, one, two, many, more] = [
      "",
      "});",
      "else",
      "return x",
      "a b c d",
      "a b c d e f",
    ].map(informationOf);
    assert.deepEqual([blank, bracket], [0, 0.03]);
    assert.ok((bracket ?? 0) < (one ?? 0) && (one ?? 0) < (two ?? 0) && (two ?? 0) < (many ?? 0));
    assert.deepEqual([many, more], [1, 1]);
    assert.ok(informationOf("这 是 一 行") === 1);
  });

  it("are alike by their tokens", () => {
    const alike = (a: string, b: string): number => similarity(tokensOf(a), tokensOf(b));
    assert.equal(alike("const a = 1;", "const a = 1;"), 1);
    assert.equal(alike("const a = 1;", "const b = 1;"), 0.8);
    assert.equal(alike("a a", "a"), 2 / 3);
    assert.equal(alike("", "a"), 0);
  });

  it("are read only in part when they are very long", () => {
    assert.equal(tokensOf("x ".repeat(8192)).length, 200);
  });
});
