// What cards and lists show of changes, and what is typed to choose them.
import assert from "node:assert/strict";
import * as v from "valibot";
import {
  buildChanges,
  type ChangedFile,
  type FileSide,
} from "../../../../extension/core/changes/buildChanges.ts";
import { wantedChanges } from "../../../../extension/core/changes/changesArgument.ts";
import { basesFor, trueBases } from "../../../../extension/core/changes/bases.ts";
import { patchOf } from "../../../../extension/core/changes/patch.ts";
import { isAsListed, partOf } from "../../../../extension/core/changes/summary.ts";
import { reviewSides } from "../../../../extension/core/changes/reviewSides.ts";
import type { FileMode } from "../../../../protocol/changes.ts";
import { FileId } from "../../../../protocol/bulk.ts";
import { warningOf } from "../../../../protocol/changesCard.ts";
import { changesText, wordsAboutChanges, writeChanges } from "../../../../protocol/changesText.ts";
import { Token } from "../../../../protocol/fields.ts";
import { Part } from "../../../../protocol/part.ts";
import { hashOf } from "../../../support/fileIds.ts";

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

const bodies = { id: v.parse(FileId, "A".repeat(22)), size: 1, sha256: hashOf(new Uint8Array()) };

describe("what a message says of changes", () => {
  const sent = set(
    ...[
      { was: file("a.ts", LINES), is: file("a.ts", EDITED) },
      { was: null, is: file("new.ts", "one\ntwo") },
      { was: file("gone.ts", "one\n"), is: null },
      { was: file("from.ts", "same\n"), is: file("to.ts", "same\n") },
      { was: binary("a.png", 0), is: binary("a.png", 1) },
      { was: null, is: file("package.json", "{}\n") },
      { was: file(".vscode/a.json", "a\n"), is: file("b.json", "a\n") },
    ],
  );
  const part = partOf(sent, bodies);

  it("is each file with its lines, first those with a warning, and the sum of lines", () => {
    const rows = part.list.map(({ kind, path, oldPath = "", lines }) =>
      [kind, path, oldPath, lines === undefined ? "binary" : `+${lines.added} -${lines.removed}`].join(" "),
    );
    assert.deepEqual(rows, [
      "added package.json  +1 -0",
      "renamed b.json .vscode/a.json +0 -0",
      "modified a.ts  +1 -2",
      "added new.ts  +2 -0",
      "deleted gone.ts  +0 -1",
      "renamed to.ts from.ts +0 -0",
      "modified a.png  binary",
    ]);
    assert.deepEqual([part.files, part.added, part.removed], [7, 4, 3]);
    assert.deepEqual(part.list.map(warningOf), ["scripts", "editor", null, null, null, null, null]);
    assert.equal(warningOf({ path: ".git/config" }), "refused");
  });

  it("lists as many files as a part has room for", () => {
    const long = (i: number) => file(`${"ü".repeat(250)}/${"é".repeat(200)}${String(i)}`, "a\n");
    const large = set(...Array.from({ length: 20 }, (_, i) => ({ was: null, is: long(i) })));
    const { list, files } = partOf(large, { ...bodies, bases: bodies });
    assert.deepEqual([list.length, files], [2, 20]);
    assert.notEqual(v.parse(Part, partOf(large, { ...bodies, bases: bodies })), undefined);
    assert.equal(
      partOf(
        set(...Array.from({ length: 20 }, (_, i) => ({ was: null, is: file(`f${String(i)}`, "a\n") }))),
        bodies,
      ).list.length,
      8,
    );
  });

  it("is checked against the changes themselves", () => {
    assert.ok(isAsListed(sent, part));
    const [first, ...others] = part.list;
    assert.ok(first);
    assert.ok(isAsListed(sent, { ...part, list: others }));
    for (const lie of [
      { files: 6 },
      { added: 5 },
      { removed: 0 },
      { list: [{ ...first, path: "README.md" }] },
      { list: [{ ...first, lines: { added: 0, removed: 0 } }] },
      { list: [{ ...first, kind: "modified" as const }] },
    ])
      assert.ok(!isAsListed(sent, { ...part, ...lie }), JSON.stringify(lie));
  });

  it("is readable for clients that know no changes, and read back", () => {
    const { text, part: written } = writeChanges("Please look.", part);
    assert.equal(
      text,
      [
        ...["Please look.", "", "Changes: 7 files (+4 -3)"],
        ...["package.json (new, +1 -0)", "b.json (from .vscode/a.json, +0 -0)", "a.ts (+1 -2)"],
        ...[
          "new.ts (new, +2 -0)",
          "gone.ts (deleted, +0 -1)",
          "to.ts (from from.ts, +0 -0)",
          "a.png (binary)",
        ],
      ].join("\n"),
    );
    assert.equal(wordsAboutChanges(text, written), "Please look.");
    assert.equal(wordsAboutChanges(`${text}!`, written), null);
    assert.equal(wordsAboutChanges(changesText(part), part), "");
    assert.equal(changesText({ ...part, files: 1, list: [] }), "Changes: 1 file (+4 -3)\nand 1 more file");
  });
});

describe("the files before a change", () => {
  const tag = (text: string): string => `${text.slice(0, 1)}${"A".repeat(21)}`;
  const sent = set(
    { was: file("a.ts", LINES), is: file("a.ts", EDITED), base: tag(LINES) },
    { was: file("from.ts", LINES), is: file("to.ts", EDITED), base: tag(LINES) },
    { was: null, is: file("new.ts", "new\n") },
  );
  const known = new Map([
    ...[...["a.ts", "from.ts", "other.ts"].map((path) => [path, LINES] as const), ["new.ts", "x"] as const],
  ]);

  it("go along for those changes alone that need them", () => {
    assert.deepEqual(
      basesFor(sent, known)?.files.map(({ path }) => path),
      ["a.ts", "from.ts"],
    );
    assert.equal(basesFor(set({ was: null, is: file("new.ts", "new\n") }), known), null);
  });

  it("stay here where they hold a secret, which may stand in lines that are not sent", () => {
    const secret = new Map([...known, ["a.ts", `${LINES}key = "AKIAABCDEFGHIJKLMNOP"\n`]]);
    assert.deepEqual(
      basesFor(sent, secret)?.files.map(({ path }) => path),
      ["from.ts"],
    );
    const moved = set({ was: file(".env", LINES), is: file("b.ts", EDITED) });
    assert.equal(basesFor(moved, new Map([[".env", LINES]])), null);
  });

  it("are left out where they are too large together", () => {
    const large = new Map([
      ["a.ts", "\u0001".repeat(2 * 1024 * 1024)],
      ["from.ts", LINES],
    ] as const);
    assert.deepEqual(
      basesFor(sent, large)?.files.map(({ path }) => path),
      ["from.ts"],
    );
  });

  it("count only with the tag that the change names, and for its own paths", () => {
    const files = [
      ...[
        { path: "a.ts", text: LINES },
        { path: "from.ts", text: "other\n" },
      ],
      ...[
        { path: "new.ts", text: LINES },
        { path: "secret", text: LINES },
      ],
    ];
    assert.deepEqual([...trueBases(sent, { files }, tag).keys()], ["a.ts"]);
  });
});

describe("a patch", () => {
  it("has no file that is never applied, except for one that becomes executable", () => {
    const links = [
      ...[file("link", "/etc\n", "120000"), file("module", "x\n", "160000"), file("a/.git/hooks/x", "x\n")],
      ...[file("run", "x\n", "100755"), file("a.ts", "x\n")],
    ];
    const { text, leftOut } = patchOf(set(...links.map((is) => ({ was: null, is }))));
    assert.deepEqual(leftOut, ["link", "module", "a/.git/hooks/x"]);
    assert.deepEqual(text.match(/^diff --git .*$/gm), ["diff --git a/run b/run", "diff --git a/a.ts b/a.ts"]);
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
  const sides = (change: ChangedFile, files = {}, bases = {}, steps = 1_000_000) => {
    const [first] = set(change).files;
    assert.ok(first);
    const own = {
      files: new Map(Object.entries<FileSide>(files)),
      bases: new Map(Object.entries<string>(bases)),
    };
    return reviewSides(first, own, { left: steps });
  };
  const edit = { was: file("a", LINES), is: file("a", EDITED) };

  it("are whole where the file before the change is here, or where it can be told", () => {
    const whole = { was: LINES, is: EDITED, isPart: false };
    assert.deepEqual(sides(edit, {}, { a: LINES }), whole);
    assert.deepEqual(sides(edit, { a: file("a", LINES) }), whole);
    const mine = { a: file("a", `mine\n${LINES}`) };
    assert.deepEqual(sides(edit, mine), { was: `mine\n${LINES}`, is: `mine\n${EDITED}`, isPart: false });
  });

  it("are the lines around each change where the set has no steps left to look for their places", () => {
    assert.ok(sides(edit, { a: file("a", LINES) }, {}, 0).isPart);
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
