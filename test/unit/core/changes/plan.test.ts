// What applying a change set would do to one's own files.
import assert from "node:assert/strict";
import type { OwnFile } from "../../../../extension/core/changes/plan.ts";
import { BASE, change, plan, side, text, THEIRS } from "../../../support/changePlans.ts";

const outcome = (...given: Parameters<typeof plan>) => plan(...given).outcome;
const clean = (file: OwnFile | null, from: string | null = null) => ({ kind: "clean", file, from });
const edit = change(side("a.ts", text(BASE)), side("a.ts", text(THEIRS)));

describe("a modified file", () => {
  it("is merged into one's own, whose line endings, encoding and byte order mark stay", () => {
    const mine = BASE.replace("line 2\n", "my line\n").replaceAll("\n", "\r\n");
    const merged = THEIRS.replace("line 2\n", "my line\n").replaceAll("\n", "\r\n");
    const own = { "a.ts": text(mine, "windows1252", true) };
    assert.deepEqual(outcome(edit, own, { "a.ts": BASE }), clean(text(merged, "windows1252", true)));
  });

  it("is merged without its base where the place of each hunk is sure", () => {
    const mine = `// mine\n${BASE}`;
    assert.deepEqual(outcome(edit, { "a.ts": text(mine) }), clean(text(`// mine\n${THEIRS}`)));
    assert.deepEqual(outcome(edit, { "a.ts": text(`// mine\n${THEIRS}`) }), { kind: "already" });
  });

  it("needs its base where that is not sure", () => {
    const missing = { kind: "missingBase", path: "a.ts" };
    for (const mine of [
      BASE + BASE,
      BASE.replace("line 9\n", "my line\n"),
      THEIRS + BASE,
      THEIRS + THEIRS,
      "",
    ])
      assert.deepEqual(outcome(edit, { "a.ts": text(mine) }), missing, mine);
    const both = change(side("a.ts", text(BASE)), side("a.ts", text(THEIRS.replace("line 1\n", "x\n"))));
    const [start, end] = [BASE.slice(0, BASE.indexOf("line 6\n")), BASE.slice(BASE.indexOf("line 6\n"))];
    assert.deepEqual(outcome(both, { "a.ts": text(end + start) }), missing, "in another order");
    // A base that is not the one of the hunks is none.
    const own = { "a.ts": text(BASE.replace("line 9\n", "my line\n")) };
    assert.deepEqual(outcome(edit, own, { "a.ts": BASE.replace("line 9", "x") }), missing);
    assert.deepEqual(outcome(edit, own, { "a.ts": `${BASE}x\n` }), missing);
  });

  it("conflicts where the same lines were changed, and says where", () => {
    const mine = BASE.replace("line 10\n", "my line\nanother\n");
    const found = outcome(edit, { "a.ts": text(mine) }, { "a.ts": BASE });
    assert.ok(found.kind === "conflict" && found.conflict.why === "lines");
    const { conflicts, marked } = found.conflict.merge;
    const lines = (count: number) => ({ from: 10, lines: count });
    assert.deepEqual(conflicts, [{ base: lines(1), mine: lines(2), theirs: lines(1) }]);
    assert.equal(
      marked({ mine: "mine", theirs: "anna" }),
      BASE.replace("line 10\n", "<<<<<<< mine\nmy line\nanother\n=======\ntheir line\n>>>>>>> anna\n"),
    );
  });

  it("gets line endings, a byte order mark or an encoding that the change has changed", () => {
    const crlf = THEIRS.replaceAll("\n", "\r\n");
    const set = change(side("a.ts", text(BASE)), side("a.ts", text(crlf, "utf16le", true)));
    const mine = BASE.replace("line 2\n", "my line\n");
    const merged = crlf.replace("line 2\r\n", "my line\r\n");
    const bases = { "a.ts": BASE };
    assert.deepEqual(outcome(set, { "a.ts": text(mine) }, bases), clean(text(merged, "utf16le", true)));
    assert.deepEqual(outcome(set, { "a.ts": text(mine) }), { kind: "missingBase", path: "a.ts" });
    const encoded = change(side("a.ts", text(BASE)), side("a.ts", text(BASE, "windows1252")));
    assert.deepEqual(outcome(encoded, { "a.ts": text(mine) }, bases), clean(text(mine, "windows1252")));
  });

  it("gets no byte order mark that was there before the change", () => {
    const set = change(side("a.ts", text(BASE, "utf8", true)), side("a.ts", text(THEIRS, "utf8", true)));
    const mine = BASE.replace("line 2\n", "my line\n");
    const merged = THEIRS.replace("line 2\n", "my line\n");
    assert.deepEqual(outcome(set, { "a.ts": text(mine) }, { "a.ts": BASE }), clean(text(merged)));
  });

  it("keeps a missing final line break", () => {
    const open = BASE.trimEnd();
    assert.deepEqual(outcome(edit, { "a.ts": text(open) }, { "a.ts": BASE }), clean(text(THEIRS.trimEnd())));
  });

  it("has to be here, and to be text", () => {
    assert.deepEqual(outcome(edit, {}), { kind: "conflict", conflict: { why: "gone" } });
    const own = { "a.ts": { bytes: Uint8Array.of(0) } };
    assert.deepEqual(outcome(edit, own), { kind: "conflict", conflict: { why: "changed" } });
  });
});

describe("other changes", () => {
  const [bytes, others] = [{ bytes: Uint8Array.of(0, 255, 254) }, { bytes: Uint8Array.of(1, 2, 3, 4) }];

  it("create a file, unless another one is there", () => {
    for (const content of [text("new\n", "utf8", true), bytes]) {
      const set = change(null, side("a", content));
      assert.deepEqual(outcome(set, {}), clean(content));
      assert.deepEqual(outcome(set, { a: content }), { kind: "already" });
      assert.deepEqual(outcome(set, { a: others }), { kind: "conflict", conflict: { why: "exists" } });
    }
    const same = { a: text("new\r\n") };
    assert.deepEqual(outcome(change(null, side("a", text("new\n"))), same), { kind: "already" });
  });

  it("delete a file, unless it is another one here", () => {
    for (const content of [text("old\n"), bytes]) {
      const set = change(side("a", content), null);
      assert.deepEqual(outcome(set, { a: content }), clean(null));
      assert.deepEqual(outcome(set, {}), { kind: "already" });
      assert.deepEqual(outcome(set, { a: others }), { kind: "conflict", conflict: { why: "changed" } });
    }
  });

  it("replace bytes, unless they are others here", () => {
    const set = change(side("a", bytes), side("a", others));
    assert.deepEqual(outcome(set, { a: bytes }), clean(others));
    assert.deepEqual(outcome(set, { a: others }), { kind: "already" });
    const third = { a: { bytes: Uint8Array.of(9) } };
    assert.deepEqual(outcome(set, third), { kind: "conflict", conflict: { why: "changed" } });
  });

  it("move a file, with or without a change", () => {
    const moved = change(side("a", text(BASE)), side("b", text(BASE)));
    const both = change(side("a", text(BASE)), side("b", text(THEIRS)));
    const own = text(`mine\n${BASE}`);
    assert.deepEqual(outcome(moved, { a: own }), clean(own, "a"));
    assert.deepEqual(outcome(both, { a: own }), clean(text(`mine\n${THEIRS}`), "a"));
    assert.deepEqual(outcome(both, { b: own }), clean(text(`mine\n${THEIRS}`)));
    assert.deepEqual(outcome(both, { b: text(THEIRS) }), { kind: "already" });
    assert.deepEqual(outcome(both, { a: text(BASE + BASE) }), { kind: "missingBase", path: "a" });
    assert.deepEqual(outcome(both, {}), { kind: "conflict", conflict: { why: "gone" } });
    const edited = outcome(both, { a: text(BASE.replace("line 10", "my line")) }, { a: BASE });
    assert.ok(edited.kind === "conflict" && edited.conflict.why === "lines");
    assert.equal(edited.conflict.from, "a");
    assert.deepEqual(outcome(both, { a: own, b: own }), { kind: "conflict", conflict: { why: "exists" } });
  });
});

describe("a file here that is not read", () => {
  const large = { size: 1_000_000_000 };

  it("is never written over, and moves only as it is", () => {
    const unread = { kind: "conflict", conflict: { why: "unread" } };
    assert.deepEqual(outcome(edit, { "a.ts": large }), unread);
    assert.deepEqual(outcome(change(side("a.ts", text(BASE)), null), { "a.ts": large }), unread);
    const exists = { kind: "conflict", conflict: { why: "exists" } };
    assert.deepEqual(outcome(change(null, side("a.ts", text(BASE))), { "a.ts": large }), exists);
    const moved = change(side("a.ts", text(BASE)), side("b.ts", text(BASE)));
    assert.deepEqual(outcome(moved, { "a.ts": text(BASE), "b.ts": large }), exists);
    assert.deepEqual(outcome(moved, { "a.ts": large }), { kind: "clean", file: large, from: "a.ts" });
  });
});
