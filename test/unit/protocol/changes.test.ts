// What a change set on the wire may be.
import assert from "node:assert/strict";
import * as v from "valibot";
import { BaseTexts, ChangeSet } from "../../../protocol/changes.ts";
import { changeLimits } from "../../../protocol/changesPart.ts";

const side = { encoding: "utf8", bom: false, eol: "lf", lines: 3, open: false };
const hunk = { was: 0, is: 0, body: " a\n-b\n+c\n d" };
const content = { as: "hunks", was: side, is: side, hunks: [hunk] };
const modified = { kind: "modified", path: "a.ts", wasMode: "100644", isMode: "100644", content };
const whole = { as: "text", encoding: "utf8", bom: false, eol: "lf", text: "a\n" };
const added = { kind: "added", path: "b.ts", isMode: "100644", content: whole };

const isValid = (...files: unknown[]): boolean => v.is(ChangeSet, { salt: "A".repeat(22), files });
const withHunks = (...hunks: unknown[]) => ({ ...modified, content: { ...content, hunks } });

describe("a change set", () => {
  it("has files of each kind", () => {
    const { content: _, ...moved } = { ...modified, kind: "renamed", path: "c.ts", oldPath: "d.ts" };
    const deleted = {
      kind: "deleted",
      path: "e.ts",
      wasMode: "100644",
      base: "A".repeat(22),
      content: whole,
    };
    const binary = { ...modified, path: "f.png", content: { as: "binary", was: "AA==", is: "" } };
    assert.ok(isValid(modified, added, moved, deleted, binary));
  });

  it("has at least one file, at most so many, and each once", () => {
    const files = (count: number) => Array.from({ length: count }, (_, i) => ({ ...added, path: `f${i}` }));
    assert.ok(isValid(...files(changeLimits.files)));
    assert.ok(!isValid(...files(changeLimits.files + 1)));
    assert.ok(!isValid());
    assert.ok(!isValid(added, { ...added }));
  });

  it("is not larger than its limit, in bytes", () => {
    const text = (bytes: number) => ({ ...added, content: { ...whole, text: "é".repeat(bytes / 2) } });
    assert.ok(isValid(text(changeLimits.bytes - 400)));
    assert.ok(!isValid(text(changeLimits.bytes)));
    const files = [{ path: "a", text: "a".repeat(changeLimits.bytes) }];
    assert.ok(!v.is(BaseTexts, { files }));
  });

  it("leads to no path outside, and has no mode that git does not have", () => {
    for (const path of ["../a", "/a", "a\\b", "a//b", "C:a", ""])
      assert.ok(!isValid({ ...added, path }), path);
    assert.ok(!isValid({ ...modified, kind: "renamed", oldPath: "../a" }));
    assert.ok(!isValid({ ...added, isMode: "100777" }));
  });

  it("has hunks that fit together", () => {
    const fit = { was: 1, is: 1, body: "-b\n+c" };
    assert.ok(isValid(withHunks(fit)));
    const wrong = [
      [{ ...hunk, body: " a\n b" }],
      [{ ...hunk, body: " a\nb" }],
      [{ ...hunk, body: "" }],
      [{ ...hunk, was: 1 }],
      [{ ...hunk, was: 1, is: 1 }],
      [fit, fit],
      [{ ...fit, body: "-b" }],
      [],
    ];
    for (const hunks of wrong) assert.ok(!isValid(withHunks(...hunks)), JSON.stringify(hunks));
    const latin = { ...side, encoding: "windows1252" };
    assert.ok(isValid({ ...modified, content: { ...content, hunks: [], is: latin } }));
  });

  it("has bytes as base64, and texts without lone surrogates", () => {
    const bytes = (text: string) => ({ ...added, content: { as: "binary", bytes: text } });
    assert.ok(isValid(bytes("AAAA")));
    for (const text of ["AAA", "AA_A", "AAAA\n", "=AAA"]) assert.ok(!isValid(bytes(text)), text);
    assert.ok(!isValid({ ...added, content: { ...whole, text: "\ud800" } }));
  });
});

describe("files before a change", () => {
  it("are texts by path", () => {
    assert.ok(v.is(BaseTexts, { files: [{ path: "a.ts", text: "a\n" }] }));
    assert.ok(!v.is(BaseTexts, { files: [{ path: "../a.ts", text: "a\n" }] }));
    assert.ok(!v.is(BaseTexts, { files: [{ path: "a.ts", text: "\ud800" }] }));
  });
});
