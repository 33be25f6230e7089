// docs/PROTOCOL.md describes the parts of messages, their text and their hashes as the code has them.
import assert from "node:assert/strict";
import * as v from "valibot";
import { quoteLines } from "../../../extension/core/code/quote.ts";
import { normalized, linesOf } from "../../../extension/core/code/lines.ts";
import { baseTag, lineHasher } from "../../../extension/host/code/codeHashes.ts";
import { FILE_BYTES, FilePart } from "../../../protocol/bulk.ts";
import { changeLimits, ChangesPart } from "../../../protocol/changesPart.ts";
import { decode } from "../../../protocol/codec.ts";
import { readCode, writeCode } from "../../../protocol/codeText.ts";
import { limits } from "../../../protocol/limits.ts";
import { Part, QuotingPart } from "../../../protocol/part.ts";
import { ClientMessage } from "../../../protocol/rendezvous.ts";
import { codeBlocks, quoted, rowsOf, section } from "./protocolDocument.ts";

const SALT = "c2FsdC1vZi1vbmUtbWVzc2FnZQ";
const MOST_LINES = 50_000_000;
const range = { from: 3, to: 4 };
const badRanges = [
  { from: 4, to: 3 },
  { from: 0, to: 1 },
  { from: 1 },
  { from: 1, to: MOST_LINES + 1 },
  null,
];
const tag = "a-_Z0".repeat(4) + "aa";

const lineOf = (most: number): Values => ({
  good: ["", "é `x`", "x".repeat(most)],
  bad: ["x".repeat(most + 1), "a\nb", "a\u2028b", "a\u001bb", "\ud800", 1, null],
});

const listed = { kind: "modified", path: "a", lines: { added: 1, removed: 0 } };
const SHA256 = `${"a".repeat(42)}w`;
const BODY = { id: `${"a".repeat(21)}w`, size: 1, sha256: SHA256 };

type Values = { readonly good: readonly unknown[]; readonly bad: readonly unknown[] };

/** By type, values that it takes, and values that it does not. */
const values: Readonly<Record<string, Values>> = {
  offset: { good: [0, limits.textBytes], bad: [-1, 0.5, limits.textBytes + 1, "0", null] },
  path: {
    good: ["a", "src/a b/ü.ts", ".github/x", "x".repeat(512)],
    bad: [
      ...[
        "",
        "/a",
        "a/",
        "a//b",
        "./a",
        "a/../b",
        "..",
        "C:/a",
        "c:a",
        "a\\b",
        " a",
        "a/b ",
        "x".repeat(513),
      ],
      ...["a\u0000", "a\nb", "a\u202eb", "a\u200bb", "a\u2028b", "\ud800", 1, null],
    ],
  },
  range: { good: [range, { from: MOST_LINES, to: MOST_LINES }], bad: badRanges },
  language: {
    good: ["typescript", "c++", "objective-c", "_", "x".repeat(40)],
    bad: ["", "a b", "`", "x".repeat(41), 1, null],
  },
  token: { good: [SALT, "a".repeat(22), "a".repeat(128)], bad: ["a".repeat(21), "a".repeat(129), "", null] },
  hashes: { good: ["", "0a1b", "f".repeat(32)], bad: ["f", "0A1B", "f".repeat(36), "xxxx", null] },
  base: {
    good: [{ tag, ...range }],
    bad: [{ tag: tag.slice(1), ...range }, { tag: `${tag}a`, ...range }, range, { tag }, null].concat(
      badRanges.map((bad) => ({ tag, ...bad })),
    ),
  },
  "`true`": { good: [true], bad: [false, 1, null] },
  severity: { good: ["error", "warning", "info", "hint"], bad: ["fatal", "", null] },
  "line of 80 units": lineOf(80),
  "line of 300 units": lineOf(300),
  "file id": { good: [`${"a".repeat(21)}w`], bad: ["a".repeat(22), "", null] },
  "file name": {
    good: ["a", "日本 1.png", "x".repeat(255)],
    bad: ["", "a/b", "a\\b", "a\nb", "a\u2028b", "\ud800", "x".repeat(256), 1, null],
  },
  "file size": { good: [0, FILE_BYTES], bad: [-1, 0.5, FILE_BYTES + 1, "1", null] },
  "file count": { good: [1, changeLimits.files], bad: [0, changeLimits.files + 1, 1.5, "1", null] },
  "line count": { good: [0, changeLimits.bytes], bad: [-1, changeLimits.bytes + 1, 0.5, "1", null] },
  "body size": { good: [1, changeLimits.bytes], bad: [0, changeLimits.bytes + 1, 0.5, "1", null] },
  "SHA-256": { good: [SHA256], bad: [`${SHA256}A`, SHA256.slice(1), `${"a".repeat(42)}b`, "", 1, null] },
  body: {
    good: [BODY],
    bad: [
      { id: BODY.id, size: 1 },
      { id: BODY.id, sha256: SHA256 },
      { size: 1, sha256: SHA256 },
      { ...BODY, id: "a" },
      { ...BODY, size: 0 },
      { ...BODY, sha256: "a" },
      null,
    ],
  },
  "list of changes": {
    good: [
      [],
      [listed],
      [{ ...listed, kind: "renamed", oldPath: "b" }],
      Array(changeLimits.listed).fill({ kind: "added", path: "a" }),
    ],
    bad: [
      ...[null, [null], Array(changeLimits.listed + 1).fill(listed), [{ ...listed, path: "../a" }]],
      ...[
        [{ ...listed, oldPath: "/a" }],
        [{ ...listed, kind: "copied" }],
        [{ ...listed, lines: { added: -1, removed: 0 } }],
      ],
      [{ path: "a" }],
    ],
  },
  "media type": {
    good: ["image/svg+xml", `a/${"x".repeat(126)}`],
    bad: ["", "image", "a/b/c", "a b/c", `a/${"x".repeat(127)}`, null],
  },
  "line number": { good: [1, MOST_LINES], bad: [0, 1.5, MOST_LINES + 1, "1", null] },
  "whole number": { good: [0, -1, Number.MAX_SAFE_INTEGER], bad: [0.5, 2 ** 53, "0", null] },
};

const rows = rowsOf(section("### Parts"));
const kinds = [...new Set(rows.flatMap(({ Kind = "" }) => quoted(Kind)))];
const fieldsOf = (kind: string): { name: string; values: Values; isRequired: boolean }[] =>
  rows
    .filter(({ Kind = "" }) => quoted(Kind).includes(kind))
    .map(({ Field = "", Type = "", Required }) => ({
      name: quoted(Field)[0] ?? "",
      values: values[Type] ?? assert.fail(`no type ${Type}`),
      isRequired: Required === "yes",
    }));
const wholePart = (kind: string): Record<string, unknown> => ({
  kind,
  ...Object.fromEntries(fieldsOf(kind).map(({ name, values: { good } }) => [name, good[0]])),
});

describe("docs/PROTOCOL.md: parts", () => {
  const read = (part: unknown): unknown => v.parse(Part, part);

  it("has each kind with the fields of its schema", () => {
    const ofSchema = QuotingPart.options.map(({ entries }) => [entries.kind.literal, Object.keys(entries)]);
    const others = [FilePart, ChangesPart].map(({ entries }) => [entries.kind.literal, Object.keys(entries)]);
    for (const [kind, names] of [...ofSchema, ["note", ["kind", "line"]], ...others] as [
      string,
      string[],
    ][]) {
      const described = ["kind", ...fieldsOf(kind).map(({ name }) => name)];
      assert.deepEqual(described.sort(), names.sort(), kind);
    }
    assert.equal(kinds.length, ofSchema.length + 3);
  });

  for (const kind of kinds) {
    it(`${kind}: takes what is described, and drops everything else`, () => {
      const whole = wholePart(kind);
      assert.deepEqual(read(whole), whole);
      assert.deepEqual(read({ ...whole, later: { a: 1 } }), whole);
      for (const { name, values: all, isRequired } of fieldsOf(kind)) {
        const rest = Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name));
        assert.deepEqual(read(rest), isRequired ? undefined : rest, `${kind} without ${name}`);
        for (const value of all.good) {
          const part = { ...whole, [name]: value };
          assert.deepEqual(read(part), part, `${kind}.${name}: ${JSON.stringify(value)}`);
        }
        for (const value of all.bad)
          assert.equal(
            read({ ...whole, [name]: value }),
            undefined,
            `${kind}.${name}: ${JSON.stringify(value)}`,
          );
      }
    });
  }

  it("have a text in the form that is described", () => {
    const json = codeBlocks(section("### Parts"))[0]?.replace("→ ", "") ?? "";
    const say = decode(ClientMessage, json);
    assert.ok(say.ok && say.value.type === "say");
    const { text, part } = say.value;
    const code = readCode(text, part);
    assert.deepEqual(code, { words: "Why twice?", heading: "", code: "  add(item);\n  add(item);" });
    assert.ok(part?.kind === "code");
    assert.deepEqual(writeCode(code, part), { text, at: part.at });
    const [, file = ""] = /committed as `([^`]+)`/u.exec(section("### Parts")) ?? [];
    const committed = file.replaceAll("\\n", "\n");
    const { path, language = "" } = part;
    const quote = quoteLines(
      { path, language, text: committed, committed, saved: null },
      { from: part.range.from - 1, to: part.range.to - 1 },
      { salt: part.salt, hashLine: lineHasher(SALT), tag: (base) => baseTag(SALT, base) },
    );
    assert.ok(quote.ok);
    assert.deepEqual({ ...quote.value.part, at: part.at }, part);
  });

  it("have the hashes of lines that are described", () => {
    const hashes = rowsOf(section("### Lines and their hashes"));
    assert.ok(hashes.length > 3);
    for (const { "Normalized line": line = "", Hash = "" } of hashes) {
      const hash = lineHasher(SALT)(quoted(line)[0] ?? "");
      assert.equal(hash.toString(16).padStart(4, "0"), quoted(Hash)[0], line);
    }
  });

  it("have the white space that is described", () => {
    const [, list = ""] = /White\s+space is ([^]*?)\.\n/u.exec(section("### Lines and their hashes")) ?? [];
    const described = new Set<number>();
    for (const [, from = "", to = from] of list.matchAll(/U\+([\dA-F]{4})(?:\s+to\s+U\+([\dA-F]{4}))?/gu))
      for (let unit = parseInt(from, 16); unit <= parseInt(to, 16); unit += 1) described.add(unit);
    const real = Array.from({ length: 0x10000 }, (_, unit) => unit).filter(
      (unit) => normalized(`${String.fromCharCode(unit)}a${String.fromCharCode(unit)}b`) === "a b",
    );
    assert.deepEqual(
      [...described].sort((a, b) => a - b),
      real,
    );
    assert.deepEqual(linesOf("a\r\nb\rc\n\u2028d\n"), ["a", "b", "c", "\u2028d"]);
    assert.deepEqual([linesOf("a\n"), linesOf("")], [["a"], [""]]);
  });

  it("have the tag of a base text that is described", () => {
    const written = section("### Lines and their hashes").replace(/\s+/gu, " ");
    for (const text of ["const a = 1;\nreturn a;\n", ""])
      assert.ok(written.includes(`\`${baseTag(SALT, text)}\``), JSON.stringify(text));
    assert.equal(baseTag(SALT, "\ufeffa\r\nb\rc"), baseTag(SALT, "a\nb\nc"));
  });
});
