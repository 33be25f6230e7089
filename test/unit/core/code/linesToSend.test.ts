// Which lines are sent: what is selected, what is around the cursor, and what is typed behind \send.
import assert from "node:assert/strict";
import { findReferences } from "../../../../protocol/findReferences.ts";
import { blockAround, lineWithWords, selectedLines } from "../../../../extension/core/code/linesAtCursor.ts";
import { parseLines } from "../../../../extension/core/code/linesArgument.ts";
import { parseLine } from "../../../../extension/core/commands/commandLine.ts";
import { after, run, type, withBobby } from "../../../support/core.ts";
import { effectTuple, lines } from "../../../support/coreChecks.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";

const at = (line: number, character: number) => ({ line, character });

describe("a selection", () => {
  it("holds the lines that it has characters of", () => {
    assert.deepEqual(selectedLines({ start: at(2, 4), end: at(5, 1) }), { from: 2, to: 5 });
    assert.deepEqual(selectedLines({ start: at(2, 4), end: at(2, 5) }), { from: 2, to: 2 });
  });

  it("does not hold the line before whose first character it ends", () => {
    assert.deepEqual(selectedLines({ start: at(2, 0), end: at(5, 0) }), { from: 2, to: 4 });
    assert.deepEqual(selectedLines({ start: at(2, 0), end: at(3, 0) }), { from: 2, to: 2 });
  });

  it("is none if it is empty", () => {
    assert.equal(selectedLines({ start: at(2, 0), end: at(2, 0) }), null);
  });
});

describe("a cursor", () => {
  const block = (from: number, to: number, isFunction = false) => ({ from, to, isFunction });

  it("is in the innermost block", () => {
    const blocks = [block(0, 90, true), block(10, 20, true), block(12, 14), block(30, 40, true)];
    assert.deepEqual(blockAround(13, blocks), { from: 12, to: 14 });
    assert.deepEqual(blockAround(10, blocks), { from: 10, to: 20 });
    assert.deepEqual(blockAround(25, blocks), { from: 0, to: 90 });
  });

  it("is in a function of one line, but not in a variable", () => {
    assert.deepEqual(blockAround(3, [block(0, 9), block(3, 3, true)]), { from: 3, to: 3 });
    assert.deepEqual(blockAround(3, [block(0, 9), block(3, 3)]), { from: 0, to: 9 });
  });

  it("is in its line where no block is around it, or a long one", () => {
    assert.deepEqual(blockAround(5, []), { from: 5, to: 5 });
    assert.deepEqual(blockAround(5, [block(0, 4_000, true)]), { from: 5, to: 5 });
    assert.deepEqual(blockAround(5, [block(0, 200, true)]), { from: 5, to: 5 });
    assert.deepEqual(blockAround(5, [block(0, 199, true)]), { from: 0, to: 199 });
  });
});

describe("the line one is at", () => {
  const text = ["", "const a = 1;", "  go(a);", "", "  }", "}", "", "", "b"];
  const shown = (line: number, lines: readonly string[] = text) =>
    lineWithWords(line, lines.length, (at) => lines[at] ?? "");

  it("is the cursor's alone if it has words", () => {
    assert.deepEqual(shown(1), { from: 1, to: 1 });
    assert.deepEqual(shown(8), { from: 8, to: 8 });
  });

  it("begins at the nearest line above with words if it has none", () => {
    assert.deepEqual(shown(3), { from: 2, to: 3 });
    assert.deepEqual(shown(5), { from: 2, to: 5 });
  });

  it("ends at the nearest line below with words if none above has any", () => {
    assert.deepEqual(shown(0), { from: 0, to: 1 });
    assert.deepEqual(shown(1, ["", "}", "", "x y"]), { from: 1, to: 3 });
  });

  it("is the cursor's in a file without words, and looks at few lines of a long one", () => {
    const blank = Array<string>(100_000).fill("");
    let looked = 0;
    const found = lineWithWords(50_000, blank.length, (at) => {
      looked += 1;
      return blank[at] ?? "";
    });
    assert.deepEqual(found, { from: 50_000, to: 50_000 });
    assert.ok(looked < 50, String(looked));
    assert.deepEqual(shown(0, [""]), { from: 0, to: 0 });
  });
});

describe("\\send", () => {
  for (const [argument, path, line, toLine] of [
    ["src/a.ts:12", "src/a.ts", 12, 12],
    ["src/a.ts:12-20", "src/a.ts", 12, 20],
    ["src/a.ts:12:5", "src/a.ts", 12, 12],
    ["src/a.ts#L12-L20", "src/a.ts", 12, 20],
    ["my file.ts:3-4", "my file.ts", 3, 4],
    ['"my file.ts":3', "my file.ts", 3, 3],
    ["C:\\a\\b.ts:7", "C:\\a\\b.ts", 7, 7],
    ["Makefile:7", "Makefile", 7, 7],
    ["a.ts:3:5-9", "a.ts", 3, 3],
    ["a.ts:3:5-9:2", "a.ts", 3, 9],
    ["a.ts:3-9:2", "a.ts", 3, 9],
    ["a.ts#L3C5", "a.ts", 3, 3],
    ["a.ts#L3C5-L9C2", "a.ts", 3, 9],
  ] as const) {
    it(`takes ${argument}, with the lines of a link that is written like this`, () => {
      assert.deepEqual(parseLines(argument), { path, line, toLine });
      assert.ok(parseLine(`\\send ${argument}`).ok);
      const [link, ...others] = findReferences(
        argument.includes(" ") ? `"${argument.replaceAll('"', "")}"` : argument,
      );
      assert.ok(link !== undefined && others.length === 0);
      const { line: from, toLine: to = from } = link.reference;
      assert.deepEqual([from, to], [line, toLine]);
    });
  }

  for (const argument of [
    "",
    "src/a.ts",
    ":12",
    "src/a.ts:0",
    "src/a.ts:9-3",
    "src/a.ts:x",
    `${"a".repeat(1025)}:1`,
  ]) {
    it(`does not take ${argument.slice(0, 20)}`, () => {
      assert.equal(parseLines(argument), null);
    });
  }

  it("asks the host for the lines, for the session where it was typed", () => {
    const { effects } = run(withBobby, type("\\send src/a.ts:12-20", 1));
    const wanted = { path: "src/a.ts", line: 12, toLine: 20 };
    assert.deepEqual(effects.map(effectTuple), [
      ["attachLines", 1, wanted],
      ["settle", 7, "ok"],
    ]);
  });

  it("is answered with its usage where no lines are named", () => {
    for (const line of ["\\send", "\\send src/a.ts"]) {
      const { effects } = run(withBobby, type(line, 1));
      assert.deepEqual(effects.map(effectTuple), [["settle", 7, "usage"]]);
    }
  });

  it("says in its session why the lines are not attached", () => {
    const event = {
      type: "host/notAttached",
      session: sessionNumber(1),
      text: "There is no such file.",
    } as const;
    const [, bobby] = after(withBobby, event).sessions;
    assert.ok(bobby !== undefined);
    assert.equal(lines(bobby).at(-1), "error There is no such file.");
  });
});
