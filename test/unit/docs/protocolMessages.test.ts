// Each message in docs/PROTOCOL.md has the fields, types and limits that its schema has, and each schema is described there.
import assert from "node:assert/strict";
import * as v from "valibot";
import { decode, validate } from "../../../protocol/codec.ts";
import { isOneEmoji } from "../../../protocol/emoji.ts";
import { LobbyAbout, PeerAbout } from "../../../protocol/fields.ts";
import { PeerMessage } from "../../../protocol/peer.ts";
import { ClientMessage, ServerMessage } from "../../../protocol/rendezvous.ts";
import { samplesOf, typesWithSamples } from "./protocolSamples.ts";
import { protocolDocument, quoted, rowsOf, section } from "./protocolDocument.ts";

type Field = {
  readonly path: readonly string[];
  readonly type: string;
  readonly limits: string;
  readonly required: boolean;
};
type Wire = typeof ClientMessage | typeof ServerMessage | typeof PeerMessage;

const wires: readonly (readonly [heading: string, schema: Wire])[] = [
  ["### Messages from the client", ClientMessage],
  ["### Messages from the server", ServerMessage],
  ["### Peer messages", PeerMessage],
];

/** By type: the fields that the document gives a message. */
function described(heading: string): Map<string, Field[]> {
  const parts = section(heading)
    .split(/^#### /mu)
    .slice(1);
  return new Map(
    parts.map((part) => {
      const [title = "", ...body] = part.split("\n");
      const rows = rowsOf(body.join("\n")).filter((row) => row.Field !== undefined);
      const fields = rows.map(({ Field = "", Type = "", Limits = "", Required = "" }) => ({
        path: (quoted(Field)[0] ?? "").split("."),
        type: Type,
        limits: Limits,
        required: Required === "yes",
      }));
      return [quoted(title)[0] ?? "", fields];
    }),
  );
}

const isObject = ({ type }: Field): boolean => type === "object";

/** A message with the first sample of each field, but for one field that has this value (`undefined`: none). */
function messageOf(type: string, fields: readonly Field[], other?: Field, value?: unknown): unknown {
  const message: Record<string, unknown> = { type };
  for (const field of fields) {
    const of = field.path
      .slice(0, -1)
      .reduce<Record<string, unknown> | undefined>(
        (inner, name) => inner?.[name] as Record<string, unknown> | undefined,
        message,
      );
    const sample = isObject(field) ? {} : samplesOf(field.type, field.limits).good[0];
    const chosen = field === other ? value : sample;
    if (of !== undefined && chosen !== undefined) of[field.path.at(-1) ?? ""] = chosen;
  }
  return message;
}

/** The schema of a field's value, be it optional or not. */
function innerOf(schema: v.GenericSchema): v.GenericSchema {
  return "wrapped" in schema ? (schema.wrapped as v.GenericSchema) : schema;
}

/** The names of a schema's fields, those of objects in it with dots. */
function pathsOf(entries: Record<string, v.GenericSchema>): string[] {
  return Object.entries(entries).flatMap(([name, schema]) => {
    const inner = innerOf(schema);
    return "entries" in inner && name !== "about" && name !== "card"
      ? [name, ...pathsOf(inner.entries as Record<string, v.GenericSchema>).map((path) => `${name}.${path}`)]
      : [name];
  });
}

describe("docs/PROTOCOL.md: messages", () => {
  for (const [heading, schema] of wires) {
    const messages = described(heading);

    it(`${heading.slice(4)}: the same types and fields as the schema`, () => {
      const types = schema.options.map(({ entries }) => entries.type.literal);
      assert.deepEqual([...messages.keys()].sort(), [...types].sort());
      for (const { entries } of schema.options) {
        const type = entries.type.literal;
        const paths = pathsOf(entries).filter((path) => path !== "type" && !path.endsWith("card.addresses"));
        const fields = messages.get(type) ?? [];
        assert.deepEqual(fields.map(({ path }) => path.join(".")).sort(), paths.sort(), type);
      }
    });

    it(`${heading.slice(4)}: the same fixed values as the schema`, () => {
      for (const { entries } of schema.options) {
        for (const { path, type } of messages.get(entries.type.literal) ?? []) {
          const [name = ""] = path;
          const field = innerOf((entries as Record<string, v.GenericSchema>)[name] ?? v.never());
          if (!("options" in field) || field.type !== "picklist" || type === "presence") continue;
          assert.deepEqual(
            quoted(type),
            (field.options as string[]).map((value) => JSON.stringify(value)),
          );
        }
      }
    });

    for (const [type, fields] of messages) {
      it(`${heading.slice(4)}: ${type} takes what is described, and nothing else`, () => {
        const passes = (value: unknown): boolean => validate(schema, value).ok;
        const whole = messageOf(type, fields);
        const validated = validate(schema, whole);
        assert.deepEqual(validated.ok && validated.value, whole);
        for (const field of fields) {
          const name = field.path.join(".");
          assert.equal(passes(messageOf(type, fields, field)), !field.required, `${name} is required`);
          if (isObject(field)) continue;
          const { good, bad } = samplesOf(field.type, field.limits);
          for (const value of good)
            assert.ok(passes(messageOf(type, fields, field, value)), `${name}: ${String(value)}`);
          for (const value of bad)
            assert.ok(!passes(messageOf(type, fields, field, value)), `${name}: not ${String(value)}`);
        }
      });
    }
  }

  it("uses exactly the types of fields that it defines", () => {
    const used = wires.flatMap(([heading]) =>
      [...described(heading).values()].flat().map(({ type }) => type),
    );
    const defined = rowsOf(section("### Field types")).map(({ Type = "" }) => Type);
    const named = new Set(
      used
        .filter((type) => !type.startsWith('`"') && !["object", "integer"].includes(type))
        .map((type) => type.replace(/^list of | or `null`$/gu, "")),
    );
    assert.deepEqual([...named].sort(), [...defined].sort());
    for (const type of defined) assert.ok(typesWithSamples.includes(type), type);
  });

  it("gives each `about` its fields", () => {
    const rows = rowsOf(section("### Replies, edits and reactions")).filter(({ Kind }) => Kind !== undefined);
    for (const [column, schema] of [
      ["`about` in the lobby", LobbyAbout],
      ["`about` in a session", PeerAbout],
    ] as const) {
      const shown = rows.map((row) => (/\{(.*)\}/u.exec(row[column] ?? "")?.[1] ?? "").split(", ").sort());
      const real = schema.options.map(({ entries }) =>
        Object.keys(entries)
          .map((name) => (name === "kind" ? `kind: "${entries.kind.literal}"` : name))
          .sort(),
      );
      assert.deepEqual(shown, real);
    }
  });

  it("knows which texts are one emoji", () => {
    const rows = rowsOf(section("### Replies, edits and reactions")).filter((row) => row.Text !== undefined);
    assert.ok(rows.length > 8);
    for (const { Text = "", "One emoji?": answer } of rows) {
      assert.equal(isOneEmoji(quoted(Text)[0] ?? ""), answer === "yes", Text);
    }
  });

  it("shows each message, and only messages that have their form", () => {
    // An ellipsis stands for fields that the reader has seen before, or for a text that may change.
    const whole = /^(?:anna|bobby|carmen)? *([→←]) (\{"type":[^…\n]*\})$/gmu;
    const peerLink = protocolDocument.indexOf("\n## Peer link");
    for (const [part, schemas] of [
      [protocolDocument.slice(0, peerLink), { "→": ClientMessage, "←": ServerMessage }],
      [protocolDocument.slice(peerLink), { "→": PeerMessage, "←": PeerMessage }],
    ] as const) {
      const shown = new Set<string>();
      for (const [, arrow, json = ""] of part.matchAll(whole)) {
        const decoded = decode(arrow === "→" ? schemas["→"] : schemas["←"], json);
        // What is shown in order to be refused is answered in the next line.
        if (!decoded.ok) {
          assert.ok(part.slice(part.indexOf(json)).split("\n")[1]?.includes(`"${decoded.error.code}"`), json);
          continue;
        }
        assert.equal(JSON.stringify(decoded.value), json);
        shown.add(`${arrow === "→" || part.startsWith("\n## Peer") ? "→" : "←"} ${decoded.value.type}`);
      }
      const types = [
        ...schemas["→"].options.map(({ entries }) => `→ ${entries.type.literal}`),
        ...(schemas["←"] === PeerMessage
          ? []
          : schemas["←"].options.map(({ entries }) => `← ${entries.type.literal}`)),
      ];
      assert.deepEqual([...shown].sort(), types.sort());
    }
  });

  it("shows the bytes of a frame", () => {
    const bytes = Buffer.from(
      (/```hex\n([0-9a-f ]+)\n/u.exec(protocolDocument)?.[1] ?? "").replaceAll(" ", ""),
      "hex",
    );
    assert.deepEqual([bytes[0], bytes[1]], [0x81, 0x80 | (bytes.length - 6)]);
    const text = Buffer.from(bytes.subarray(6).map((byte, i) => byte ^ (bytes[2 + (i % 4)] ?? 0))).toString();
    assert.ok(decode(ClientMessage, text).ok);
    assert.ok(section("### Transport").includes(`\`${text}\``));
  });
});
