// Code in a message's text: what is written can be read again, and nothing else is taken for it.
import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { type CodeText, readCode, writeCode } from "../../../protocol/codeText.ts";
import { limits } from "../../../protocol/limits.ts";
import type { CodePart } from "../../../protocol/part.ts";
import { Part } from "../../../protocol/part.ts";
import { somePart } from "../../support/sampleValues.ts";

const code: CodeText = { words: "Why?", heading: "", code: "const a = 1;\nreturn a;" };

/** A part for code of so many lines. */
const partOf = (lines: number): CodePart => {
  const { from } = somePart.range;
  return { ...somePart, range: { from, to: from + lines - 1 } };
};

const written = (content: CodeText, lines = content.code.split("\n").length) => {
  const part = partOf(lines);
  const { text, at } = writeCode(content, part);
  return { text, part: { ...part, at } };
};

describe("code in a message's text", () => {
  it("is a place and a block of Markdown below the author's words", () => {
    assert.equal(written(code).text, "Why?\n\nsrc/a.ts:12-13\n```typescript\nconst a = 1;\nreturn a;\n```");
  });

  it("is read as it was written, whatever it holds", () => {
    const text = fc.string({
      unit: fc.constantFrom("`", "```", "\n", "a", "~", " ", "src/a.ts:12-13\n```\n"),
    });
    fc.assert(
      fc.property(text, text, (words, lines) => {
        const { text: all, part } = written({ words, heading: "", code: lines });
        assert.deepEqual(readCode(all, part), { words: words.trimEnd(), heading: "", code: lines });
      }),
    );
  });

  it("keeps what a problem says above the place", () => {
    const problem: CodeText = { ...code, heading: "error: 'a' is never read (ts 6133)" };
    const { text, part } = written(problem);
    assert.deepEqual(readCode(text, part), problem);
  });

  it("is read below any heading, also one that looks like code", () => {
    const unit = fc.constantFrom("`", "```", "\n", "a", " ", "src/a.ts:12-13\n`", "```typescript\n", "````");
    const text = fc.string({ unit });
    const parts = [
      { kind: "output" },
      { kind: "test", name: "adds" },
      { kind: "test", name: "adds", path: "src/a.ts", line: 3 },
      null,
    ] as const;
    fc.assert(
      fc.property(fc.constantFrom(...parts), text, text, (given, heading, code) => {
        const part = given ?? partOf(code.split("\n").length);
        const all = writeCode({ words: "", heading, code }, part);
        assert.deepEqual(readCode(all.text, { ...part, at: all.at }), { words: "", heading, code });
      }),
    );
  });

  for (const [what, change] of [
    ["another path", { path: "src/b.ts" }],
    ["other lines", { range: { from: 12, to: 14 } }],
    ["another language", { language: "python" }],
    ["another place in the text", { at: 3 }],
    ["no place in the text", { at: 4000 }],
  ] as const) {
    it(`is no code for a part that says ${what}`, () => {
      const { text, part } = written(code);
      assert.equal(readCode(text, { ...part, ...change }), null);
    });
  }

  it("is none where the part says another number of lines", () => {
    for (const lines of [1, 3, 5_000]) {
      const { text, part } = written(code, lines);
      assert.equal(readCode(text, part), null);
    }
  });

  it("is none where other readers would see the block end earlier", () => {
    const text = "src/a.ts:12-14\n```typescript\nconst a = 1;\n```\nreturn a;\n```";
    assert.equal(readCode(text, { ...somePart, at: 0, range: { from: 12, to: 14 } }), null);
  });

  it("is none where anything follows the block", () => {
    const { text, part } = written(code);
    assert.equal(readCode(`${text}\nmore`, part), null);
    assert.equal(readCode(text.slice(0, -1), part), null);
  });
});

describe("a part", () => {
  const parse = (part: unknown): unknown => v.parse(Part, part);

  it("is taken as it is", () => assert.deepEqual(parse(somePart), somePart));

  for (const path of [
    "../a.ts",
    "/etc/passwd",
    "src/../../a.ts",
    "C:/a.ts",
    "src\\a.ts",
    "src//a.ts",
    "src/./a.ts",
    "src/a.ts/",
    " a.ts",
    "",
    "a\u202etxt.js",
    "a\nb",
    "a".repeat(513),
  ]) {
    it(`is none with the path ${JSON.stringify(path.slice(0, 20))}`, () => {
      assert.equal(parse({ ...somePart, path }), undefined);
    });
  }

  for (const [what, change] of [
    ["lines that end before they begin", { range: { from: 2, to: 1 } }],
    ["line 0", { range: { from: 0, to: 1 } }],
    ["hashes of nine lines", { before: "0".repeat(36) }],
    ["a kind that is not known", { kind: "gift" }],
    ["no salt", { salt: "" }],
  ] as const) {
    it(`is none with ${what}`, () => assert.equal(parse({ ...somePart, ...change }), undefined));
  }

  it("is bounded in bytes, with everything in it", () => {
    const path = "\u00e9".repeat(512);
    const part = { ...somePart, path, before: "f".repeat(32), after: "f".repeat(32) };
    assert.deepEqual(parse(part), part);
    const problem = { ...part, path: "\u{10437}".repeat(256), kind: "problem", severity: "error" };
    const heavy = { ...problem, source: "\u4e2d".repeat(80), code: "\u4e2d".repeat(80) };
    assert.ok(JSON.stringify(heavy).length < limits.partBytes);
    assert.notEqual(parse(heavy), undefined);
  });
});
