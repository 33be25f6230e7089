// Lines that were changed, and merges of them.
import assert from "node:assert/strict";
import { lineChanges, newSteps } from "../../../../extension/core/changes/lineChanges.ts";
import { hasChange, mergeFile } from "../../../../extension/core/changes/mergeFile.ts";

const lines = (text: string): string[] => text.split("");
const change = (base: number, baseLines: number, side: number, sideLines: number) => ({
  ...{ base, baseLines, side, sideLines },
});
/** A letter for each line. */
const text = (letters: string): string =>
  letters
    .split("")
    .map((letter) => `${letter}\n`)
    .join("");
const merged = (letters: string) => ({ kind: "merged", text: text(letters) });

describe("changed lines", () => {
  const changesOf = (base: string, side: string, steps = newSteps()) =>
    lineChanges(lines(base), lines(side), steps);

  it("are inserted, deleted or replaced", () => {
    assert.deepEqual(changesOf("abc", "abc"), []);
    assert.deepEqual(changesOf("", ""), []);
    assert.deepEqual(changesOf("", "ab"), [change(0, 0, 0, 2)]);
    assert.deepEqual(changesOf("ab", ""), [change(0, 2, 0, 0)]);
    assert.deepEqual(changesOf("abcdefg", "aXcdYZfg!"), [
      ...[change(1, 1, 1, 1), change(4, 1, 4, 2), change(7, 0, 8, 1)],
    ]);
  });

  it("are as a whole changed where too many were, or where no steps are left", () => {
    const [many, others] = [0, 10_000].map((start) =>
      Array.from({ length: 3_000 }, (_, i) => `${start + i}`),
    );
    const [base = [], side = []] = [many, others];
    assert.deepEqual(lineChanges(["a", ...base, "z"], ["a", ...side, "z"], newSteps()), [
      change(1, 3_000, 1, 3_000),
    ]);
    assert.deepEqual(changesOf("abcde", "aXcYe", { left: 0 }), [change(1, 3, 1, 3)]);
  });

  it("take steps from those that are left", () => {
    const steps = { left: 1_000 };
    changesOf("abcdefg", "abXdeYg", steps);
    assert.deepEqual(steps, { left: 1_000 - 3 - 4 * (8 + 40) });
  });
});

describe("a merge", () => {
  it("takes the changes of both sides", () => {
    assert.deepEqual(mergeFile(text("abcdef"), text("Xabcdef"), text("abcdY")), merged("XabcdY"));
    assert.deepEqual(mergeFile(text("abcdef"), text("acdef"), text("abcdeYf")), merged("acdeYf"));
    assert.deepEqual(mergeFile(text("abc"), text("abc"), ""), { kind: "merged", text: "" });
  });

  it("is none where one's own text has the change", () => {
    const already = { kind: "already" };
    assert.deepEqual(mergeFile(text("abc"), text("aXc"), text("aXc")), already);
    assert.deepEqual(mergeFile(text("abcdef"), text("aXcdYf"), text("aXcdef")), already);
    assert.deepEqual(mergeFile("", text("a"), text("a")), already);
    assert.deepEqual(mergeFile(text("abc"), text("aXc"), text("abc")), already);
  });

  it("has a conflict where both sides changed the same lines, or lines beside each other", () => {
    for (const [base, mine, theirs] of [
      ["abc", "aXc", "aYc"],
      ["abc", "aXc", "ac"],
      ["abcd", "aXcd", "abYd"],
      ["abc", "abXc", "abYc"],
      ["", "a", "b"],
    ] as const)
      assert.equal(mergeFile(text(base), text(mine), text(theirs)).kind, "conflict", `${base} ${mine}`);
  });

  it("says where its conflicts are, and writes both versions between markers", () => {
    const conflict = mergeFile("a\r\nb\r\nc\r\n", "A\r\nb\r\nd", "a\r\nb\r\ne\r\nf\r\n");
    assert.ok(conflict.kind === "conflict");
    const stretch = (from: number, count: number) => ({ from, lines: count });
    assert.deepEqual(conflict.conflicts, [
      { base: stretch(2, 1), mine: stretch(2, 1), theirs: stretch(2, 2) },
    ]);
    assert.equal(
      conflict.marked({ mine: "mine", theirs: "anna" }),
      "A\r\nb\r\n<<<<<<< mine\r\nd\r\n=======\r\ne\r\nf\r\n>>>>>>> anna\r\n",
    );
  });

  it("keeps one's own line endings and byte order mark", () => {
    const own = "\ufeffa\r\nb\r\nc\r\nd\r\n";
    assert.deepEqual(mergeFile(text("abcd"), own, text("abcX")), {
      ...{ kind: "merged", text: "\ufeffa\r\nb\r\nc\r\nX\r\n" },
    });
    const mixed = "a\r\nb\nc\r\nd\n";
    assert.deepEqual(mergeFile(text("abcd"), mixed, text("abcX")), {
      ...{ kind: "merged", text: "a\r\nb\nc\r\nX\n" },
    });
    assert.deepEqual(mergeFile(text("abcd"), own, text("abcd")), { kind: "already" });
  });

  it("changes line endings and the byte order mark where the change does", () => {
    const crlf = text("abcd").replaceAll("\n", "\r\n");
    assert.deepEqual(mergeFile(text("abcd"), text("aXcd"), `\ufeff${crlf}`), {
      ...{ kind: "merged", text: `\ufeff${crlf.replace("b", "X")}` },
    });
    assert.deepEqual(
      mergeFile(`\ufeff${crlf}`, `\ufeff${crlf.replace("b", "X")}`, text("abcd")),
      merged("aXcd"),
    );
    assert.deepEqual(mergeFile(text("abcd"), crlf, crlf), { kind: "already" });
    // Of some lines only.
    const some = "a\nb\nc\r\nd\n";
    assert.deepEqual(mergeFile(text("abcd"), text("Xbcd"), some), { kind: "merged", text: "X\nb\nc\r\nd\n" });
    assert.deepEqual(mergeFile(some, some, "a\r\nb\nc\r\nd\n"), { kind: "merged", text: "a\r\nb\nc\r\nd\n" });
    assert.deepEqual(mergeFile(text("abcd"), crlf, `${some}e\n`), { kind: "merged", text: `${crlf}e\r\n` });
  });

  it("has the line endings of the change where one's own text has none", () => {
    assert.deepEqual(mergeFile("a", "a", "a\r\nb\r\n"), { kind: "merged", text: "a\r\nb\r\n" });
  });
});

describe("a text has a change", () => {
  const has = (base: string, mine: string, theirs: string) => hasChange(text(base), text(mine), text(theirs));

  it("if it can be undone there and made again", () => {
    assert.ok(has("abcd", "aXcd", "aXcd"));
    assert.ok(has("abcd", "QaXcdR", "aXcd"));
    assert.deepEqual(mergeFile(text("ca"), text("aa"), text("caa")), merged("aaa"), "a second time");
    assert.ok(has("ca", "aa", "caa"));
  });

  it("but not if a part of it is missing", () => {
    assert.ok(!has("abcd", "abcd", "aXcd"));
    assert.ok(!has("abcdefgh", "aXcdefgh", "aXcdefYh"));
    assert.ok(!has("abcd", "aYcd", "aXcd"));
    assert.ok(!has("abcdef", "abcdefX", "aXbcdef"));
  });
});
