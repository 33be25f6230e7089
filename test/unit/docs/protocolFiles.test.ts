// docs/PROTOCOL.md describes the frames of bulk links and the files of change sets as their schemas have them.
import assert from "node:assert/strict";
import * as v from "valibot";
import {
  BLOCK_BYTES,
  BulkMessage,
  LEAST_CREDIT,
  OPEN_OFFERS,
  RUNNING_TRANSFERS,
} from "../../../protocol/bulk.ts";
import { ChangeSet } from "../../../protocol/changes.ts";
import { changeLimits } from "../../../protocol/changesPart.ts";
import { validate } from "../../../protocol/codec.ts";
import { closeCodes } from "../../../protocol/errors.ts";
import { numbersOf, quoted, rowsOf, section } from "./protocolDocument.ts";
import { samplesOf, type Samples } from "./protocolSamples.ts";

const files = section("### Files");
const changes = section("### Changes");

const inWords = (part: string): string => part.replace(/\s+/gu, " ");

describe("docs/PROTOCOL.md: bulk links", () => {
  const rows = rowsOf(files).filter(({ Field }) => Field !== undefined);
  const frameOf = (row: Record<string, string>): string =>
    quoted(row["Frame on the bulk link"] ?? "")[0] ?? "";
  const fieldsOf = (type: string): { name: string; samples: Samples }[] =>
    rows
      .filter((row) => frameOf(row) === type)
      .map(({ Field = "", Type = "" }) => ({ name: quoted(Field)[0] ?? "", samples: samplesOfType(Type) }));
  const samplesOfType = (type: string): Samples => {
    const [least, most] = /^whole, /u.test(type) ? numbersOf(type) : [];
    if (least === undefined || most === undefined) return samplesOf(type, "");
    return { good: [least, most], bad: [least - 1, most + 1, least + 0.5, String(least), null] };
  };

  it("have the frames and fields of the schema", () => {
    const described = [...new Set(rows.map(frameOf))].map((type) => [
      type,
      fieldsOf(type).map(({ name }) => name),
    ]);
    const real = BulkMessage.options.map(({ entries }) => [
      entries.type.literal,
      Object.keys(entries).filter((name) => name !== "type"),
    ]);
    assert.deepEqual(described, real);
  });

  for (const type of new Set(rows.map(frameOf))) {
    it(`${type} takes what is described, and nothing else`, () => {
      const passes = (frame: unknown): boolean => validate(BulkMessage, frame).ok;
      const fields = fieldsOf(type);
      const whole = {
        type,
        ...Object.fromEntries(fields.map(({ name, samples }) => [name, samples.good[0]])),
      };
      for (const { name, samples } of fields) {
        assert.ok(!passes({ ...whole, [name]: undefined }), `${name} is required`);
        for (const value of samples.good)
          assert.ok(passes({ ...whole, [name]: value }), `${name}: ${String(value)}`);
        for (const value of samples.bad)
          assert.ok(!passes({ ...whole, [name]: value }), `${name}: not ${String(value)}`);
      }
    });
  }

  it("end with codes that there are", () => {
    const codes = rowsOf(files).flatMap((row) => numbersOf(row["Close code"] ?? ""));
    assert.ok(codes.length > 10);
    for (const code of codes) assert.ok((Object.values(closeCodes) as number[]).includes(code), String(code));
  });

  it("have the limits of the code", () => {
    const text = inWords(files);
    for (const part of [
      `beyond the ${String(OPEN_OFFERS)}th that is open`,
      `blocks of ${String(BLOCK_BYTES / 1024 ** 2)} MiB`,
      `Fork Chat ${String(LEAST_CREDIT / 1024)} KiB at first`,
      `sends ${["no", "one", "two", "three", "four"][RUNNING_TRANSFERS] ?? ""} files at once`,
    ])
      assert.ok(text.includes(part), part);
  });
});

describe("docs/PROTOCOL.md: change sets", () => {
  const side = { encoding: "utf8", bom: false, eol: "lf", lines: 1, open: false };
  const whole = { as: "text", encoding: "utf8", bom: true, eol: "crlf", text: "a" };
  const hunks = { as: "hunks", was: side, is: side, hunks: [{ was: 0, is: 0, body: "-a\n+b" }] };
  const samples: Record<string, unknown> = {
    path: "a",
    oldPath: "b",
    wasMode: "100644",
    isMode: "100755",
    base: "a".repeat(22),
  };
  const contents = {
    modified: [hunks, { as: "binary", was: "AA==", is: "AAEC" }],
    renamed: [hunks, { as: "binary", was: "", is: "AA==" }],
    added: [whole, { as: "binary", bytes: "AAEC" }],
    deleted: [whole, { as: "binary", bytes: "" }],
  } as const;
  const takes = (file: unknown): boolean =>
    v.safeParse(ChangeSet, { salt: "a".repeat(22), files: [file] }).success;

  for (const row of rowsOf(changes)) {
    const kind = quoted(row["`kind`"] ?? "")[0] as keyof typeof contents;
    it(`${kind} files have the fields that are described`, () => {
      const [required = "", optional = ""] = row.Fields?.split("optionally") ?? [];
      const [needed, others] = [quoted(required), quoted(optional)];
      const file: Record<string, unknown> = { kind };
      for (const name of [...needed, ...others])
        file[name] = name === "content" ? contents[kind][0] : samples[name];
      assert.ok(takes(file));
      for (const content of contents[kind]) assert.ok(takes({ ...file, content }), content.as);
      for (const name of needed) assert.ok(!takes({ ...file, [name]: undefined }), `${name} is required`);
      const least = Object.fromEntries(Object.entries(file).filter(([name]) => !others.includes(name)));
      assert.ok(takes(least));
    });
  }

  it("have hunks as they are described", () => {
    const withHunks = (change: object): boolean =>
      takes({
        ...{ kind: "modified", path: "a", wasMode: "100644", isMode: "100644" },
        content: { ...hunks, ...change },
      });
    const hunk = (body: string, was = 0, is = was): object => ({ was, is, body });
    assert.ok(withHunks({}));
    assert.ok(withHunks({ is: { ...side, encoding: "utf16le" }, hunks: [] }));
    for (const [what, bad] of [
      ["none, and one encoding", { hunks: [] }],
      ["no line added or removed", { hunks: [hunk(" a")] }],
      ["overlap", { hunks: [hunk("-a\n+b"), hunk("-a\n+b")] }],
      ["more lines than the file", { hunks: [hunk("-a\n+b", 1)] }],
      ["a line without its sign", { hunks: [hunk("a")] }],
    ] as const)
      assert.ok(!withHunks(bad), what);
  });

  it("have the limits of the code", () => {
    const text = inWords(changes);
    assert.ok(text.includes(`1 to ${String(changeLimits.files)} changes`));
    assert.ok(text.includes(`at most ${changeLimits.bytes.toLocaleString("en")} bytes`));
  });
});
