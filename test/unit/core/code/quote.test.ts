// What is sent about lines of a file, and whether the receiver's search can find them with it.
import assert from "node:assert/strict";
import { locate } from "../../../../extension/core/code/locate.ts";
import { type QuotedFile, quoteLines } from "../../../../extension/core/code/quote.ts";
import { linesOf } from "../../../../extension/core/code/lines.ts";
import { baseTag, lineHasher } from "../../../../extension/host/code/codeHashes.ts";
import { CodePart } from "../../../../protocol/part.ts";
import type { Token } from "../../../../protocol/fields.ts";
import * as v from "valibot";

const salt = "c2FsdC1vZi1vbmUtbWVzc2FnZQ" as Token;
const hashes = { salt, hashLine: lineHasher(salt), tag: (text: string) => baseTag(salt, text) };
const lineAt = (n: number): string => `  const value${String(n)} = compute(${String(n)}, other${String(n)});`;
const committed = Array.from({ length: 40 }, (_, n) => lineAt(n)).join("\n") + "\n";

const file = (change: Partial<QuotedFile> = {}): QuotedFile => ({
  ...{ path: "src/a.ts", language: "typescript", text: committed, committed, saved: null },
  ...change,
});

function quoted(given: QuotedFile, from: number, to: number) {
  const quote = quoteLines(given, { from, to }, hashes);
  assert.ok(quote.ok);
  return quote.value;
}

describe("quoted lines", () => {
  it("are as on screen, with their place, their surroundings and the commit", () => {
    const { part, code, heading } = quoted(file(), 10, 12);
    assert.ok(part.kind === "code");
    assert.equal(code, [lineAt(10), lineAt(11), lineAt(12)].join("\n"));
    assert.equal(heading, "");
    assert.deepEqual(part.range, { from: 11, to: 13 });
    assert.deepEqual(part.base, { tag: baseTag(salt, committed), from: 11, to: 13 });
    assert.deepEqual([part.before.length, part.after.length, part.unsaved], [32, 32, undefined]);
    assert.ok(v.is(CodePart, part));
  });

  it("can be found by a receiver with the hashes around them", () => {
    const { part, code } = quoted(file({ committed: null, saved: committed }), 10, 12);
    const numbers = (text: string): number[] =>
      (text.match(/.{4}/gu) ?? []).map((each) => Number.parseInt(each, 16));
    const wanted = { lines: code.split("\n"), before: numbers(part.before), after: numbers(part.after) };
    const target = linesOf(`// one\n// two\n${committed}`);
    const found = locate(wanted, { from: 10, to: 12 }, target, null, hashes.hashLine);
    assert.deepEqual(found, { state: "moved", span: { from: 12, to: 14 } });
  });

  it("have fewer hashes at the ends of the file", () => {
    const { part } = quoted(file(), 2, 38);
    assert.deepEqual([part.before.length, part.after.length], [8, 4]);
  });

  it("are mapped to the commit where lines above were added, and say that the file differs", () => {
    const { part } = quoted(file({ text: `// new\n${committed}` }), 11, 13);
    assert.deepEqual([part.base?.from, part.base?.to, part.unsaved], [11, 13, true]);
  });

  it("have no place in the commit where one of them, or one between them, is new", () => {
    const changed = committed.replace(lineAt(11), "  other();");
    const added = committed.replace(lineAt(11), `${lineAt(11)}\n  other();`);
    for (const text of [changed, added]) {
      const { part } = quoted(file({ text }), 10, 13);
      assert.deepEqual([part.base, part.unsaved], [undefined, true]);
    }
  });

  it("are the same with other line ends and a byte order mark", () => {
    const { part, code } = quoted(file({ text: `\ufeff${committed.replaceAll("\n", "\r\n")}` }), 0, 1);
    assert.deepEqual([part.base?.from, part.unsaved], [1, undefined]);
    assert.equal(code, [lineAt(0), lineAt(1)].join("\n"));
  });

  it("are compared with the file on disk where nothing is committed", () => {
    const unsaved = (saved: string | null) => quoted(file({ committed: null, saved }), 1, 2).part.unsaved;
    assert.deepEqual([unsaved(committed), unsaved("older"), unsaved(null)], [undefined, true, true]);
  });

  it("end where the file ends", () => {
    assert.deepEqual(quoted(file(), 38, 45).part.range, { from: 39, to: 40 });
  });

  it("have a path that can be sent", () => {
    const pathOf = (path: string): string => quoted(file({ path }), 0, 0).part.path;
    assert.equal(pathOf("a b/größe.ts"), "a b/größe.ts");
    assert.equal(pathOf("a/b\\c:d.ts"), "b_c_d.ts");
    assert.equal(pathOf("a /b.ts"), "b.ts");
    assert.equal(pathOf(""), "file");
    assert.equal(pathOf(`${"a/".repeat(400)}b.ts`), "b.ts");
  });

  it("hold no lone surrogate, and no language that cannot be sent", () => {
    const { part, code } = quoted(file({ text: "a\ud800b", language: "x y" }), 0, 0);
    assert.deepEqual([code, part.language], ["a\ufffdb", undefined]);
  });

  it("are refused where they are blank or too long", () => {
    const error = (text: string): unknown => {
      const quote = quoteLines(file({ text }), { from: 0, to: 1 }, hashes);
      return quote.ok ? null : quote.error;
    };
    assert.equal(error("\n  \nx"), "blank");
    assert.equal(error("x".repeat(16 * 1024)), "long");
    assert.equal(error("ß".repeat(8 * 1024)), "long");
    assert.equal(error("x".repeat(16 * 1024 - 100)), null);
  });
});
