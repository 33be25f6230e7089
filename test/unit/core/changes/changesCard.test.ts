// What cards and lists show of changes, and what is typed to choose them.
import assert from "node:assert/strict";
import * as v from "valibot";
import {
  buildChanges,
  type ChangedFile,
  type FileSide,
} from "../../../../extension/core/changes/buildChanges.ts";
import { wantedChanges } from "../../../../extension/core/changes/changesArgument.ts";
import { changesCard } from "../../../../extension/core/changes/changesCard.ts";
import { reviewSides } from "../../../../extension/core/changes/reviewSides.ts";
import type { FileMode } from "../../../../protocol/changes.ts";
import { Token } from "../../../../protocol/fields.ts";

const SALT = v.parse(Token, "A".repeat(22));
const file = (path: string, text: string, mode: FileMode = "100644"): FileSide => ({
  ...{ path, mode, text, encoding: "utf8", bom: false },
});
const binary = (path: string, ...bytes: number[]): FileSide => ({
  ...{ path, mode: "100644", bytes: Uint8Array.from(bytes) },
});
function set(...changes: readonly ChangedFile[]) {
  const built = buildChanges(SALT, changes);
  assert.ok(built.ok);
  return built.value;
}
const LINES = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join("");
const EDITED = LINES.replace("line 3\n", "X\n").replace("line 20\n", "");

describe("a card with changes", () => {
  it("has each file with its lines and its warning, and the sum of lines", () => {
    const sent = set(
      ...[
        { was: file("a.ts", LINES), is: file("a.ts", EDITED) },
        { was: null, is: file("new.ts", "one\ntwo") },
        { was: file("gone.ts", "one\n"), is: null },
        { was: file("from.ts", "same\n"), is: file("to.ts", "same\n") },
        { was: binary("a.png", 0), is: binary("a.png", 1) },
        { was: null, is: file("package.json", "{}\n") },
        { was: null, is: file("link", "a", "120000") },
        { was: file(".vscode/a.json", "a\n"), is: file("b.json", "a\n") },
      ],
    );
    const card = changesCard(sent, false);
    const rows = card.files.map(({ kind, path, oldPath, lines, warning }) =>
      [kind, path, oldPath, lines === null ? "binary" : `+${lines.added} -${lines.removed}`, warning].join(
        " ",
      ),
    );
    assert.deepEqual(rows, [
      "modified a.ts  +1 -2 ",
      "added new.ts  +2 -0 ",
      "deleted gone.ts  +0 -1 ",
      "renamed to.ts from.ts +0 -0 ",
      "modified a.png  binary ",
      "added package.json  +1 -0 scripts",
      "added link  +1 -0 refused",
      "renamed b.json .vscode/a.json +0 -0 editor",
    ]);
    assert.deepEqual([card.added, card.removed], [5, 3]);
  });

  it("warns of names that this system does not allow", () => {
    const warnings = (onWindows: boolean) =>
      changesCard(set({ was: null, is: file("a?", "a") }), onWindows).files.map(({ warning }) => warning);
    assert.deepEqual([warnings(false), warnings(true)], [[null], ["refused"]]);
  });
});

describe("what is typed", () => {
  it("means uncommitted or staged changes, a commit, or a range", () => {
    const typed = ["", " staged ", "HEAD~2", "a1b2c3", "main..feature/x", "v1.0..HEAD"];
    assert.deepEqual(typed.map(wantedChanges), [
      ...[{ kind: "uncommitted" }, { kind: "staged" }],
      ...[
        { kind: "commit", commit: "HEAD~2" },
        { kind: "commit", commit: "a1b2c3" },
      ],
      { kind: "range", base: "main", branch: "feature/x" },
      { kind: "range", base: "v1.0", branch: "HEAD" },
    ]);
  });

  it("means nothing where git could read an option or another thing in it", () => {
    for (const typed of [
      "--all",
      "a..--output=x",
      "a b",
      "main..",
      "..main",
      "a...b",
      "HEAD@{1}",
      "a:b",
      "a\nb",
    ])
      assert.equal(wantedChanges(typed), null, typed);
  });
});

describe("both sides of a change for a review", () => {
  const sides = (change: ChangedFile, files = {}, bases = {}) => {
    const [first] = set(change).files;
    assert.ok(first);
    const own = {
      files: new Map(Object.entries<FileSide>(files)),
      bases: new Map(Object.entries<string>(bases)),
    };
    return reviewSides(first, own);
  };
  const edit = { was: file("a", LINES), is: file("a", EDITED) };

  it("are whole where the file before the change is here, or where it can be told", () => {
    const whole = { was: LINES, is: EDITED, isPart: false };
    assert.deepEqual(sides(edit, {}, { a: LINES }), whole);
    assert.deepEqual(sides(edit, { a: file("a", LINES) }), whole);
    const mine = { a: file("a", `mine\n${LINES}`) };
    assert.deepEqual(sides(edit, mine), { was: `mine\n${LINES}`, is: `mine\n${EDITED}`, isPart: false });
  });

  it("are the lines around each change elsewhere", () => {
    const { was, is, isPart } = sides(edit, { a: file("a", "other\n") });
    assert.ok(isPart);
    assert.equal(
      was,
      "line 0\nline 1\nline 2\nline 3\nline 4\nline 5\nline 6\n⋯\nline 17\nline 18\nline 19\nline 20\nline 21\nline 22\nline 23\n",
    );
    assert.equal(
      is,
      "line 0\nline 1\nline 2\nX\nline 4\nline 5\nline 6\n⋯\nline 17\nline 18\nline 19\nline 21\nline 22\nline 23\n",
    );
  });

  it("are nothing where there is no file, and a size for bytes", () => {
    assert.deepEqual(sides({ was: null, is: file("a", "x\n") }), { was: null, is: "x\n", isPart: false });
    assert.deepEqual(sides({ was: file("a", "x\n"), is: null }), { was: "x\n", is: null, isPart: false });
    const bytes = { was: { bytes: 1 }, is: { bytes: 2 }, isPart: false };
    assert.deepEqual(sides({ was: binary("a", 0), is: binary("a", 0, 1) }), bytes);
    assert.deepEqual(sides({ was: binary("a", 0, 1, 2, 3), is: null }), {
      ...bytes,
      was: { bytes: 4 },
      is: null,
    });
    const moved = { was: file("a", "x\n"), is: file("b", "x\n") };
    assert.deepEqual(sides(moved, { a: file("a", "mine\n") }), {
      was: "mine\n",
      is: "mine\n",
      isPart: false,
    });
  });
});
