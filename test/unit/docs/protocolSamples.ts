// Values that each type of a field in docs/PROTOCOL.md takes, and values that it does not.
import { numbersOf, quoted, rowsOf, section } from "./protocolDocument.ts";

export type Samples = { readonly good: readonly unknown[]; readonly bad: readonly unknown[] };

const safe = Number.MAX_SAFE_INTEGER;
const pin = `${"a".repeat(42)}A`;
const session = {
  good: ["abc_-XY9", "a".repeat(64)],
  bad: ["a".repeat(7), "a".repeat(65), "a.bcdefgh", null, 1],
};
const address = { host: "192.168.1.7", port: 1 };
const wholeFrom = (least: number): Samples => ({
  good: [least, safe],
  bad: [least - 1, least + 0.5, safe + 1, "1", null],
});

/** By type: what a form in words alone cannot tell. */
const samples: Readonly<Record<string, Samples>> = {
  "message id": {
    good: ["aZ09_.:-", "a", "a".repeat(64)],
    bad: ["", "a".repeat(65), "a b", "é", null, 1],
  },
  "session id": session,
  epoch: session,
  boot: session,
  token: {
    good: ["a-_Z0".repeat(5), "a".repeat(22), "a".repeat(128)],
    bad: ["a".repeat(21), "a".repeat(129), null],
  },
  number: wholeFrom(1),
  count: wholeFrom(0),
  time: wholeFrom(0),
  duration: { good: [0, 0.5, 1e15], bad: [-1, "1", null] },
  integer: { good: [2], bad: ["2", null] },
  boolean: { good: [true, false], bad: [0, "true", null] },
  string: { good: ["x", "é\n"], bad: [1, null, {}] },
  text: { good: ["x", "a\nb", "👍"], bad: ["\ud800", "a\udc00", 1, null] },
  "error text": { good: ["x", "x".repeat(500)], bad: ["x".repeat(501), 1, null] },
  name: {
    good: ["anna", "a_.-9", "田中", "é", "x".repeat(64)],
    bad: ["", "a b", "x".repeat(65), "a@b", 1, null],
  },
  "public key": { good: ["a".repeat(122)], bad: ["a".repeat(121), "a".repeat(123), "+".repeat(122), null] },
  signature: { good: ["a".repeat(86)], bad: ["a".repeat(85), "a".repeat(87), "/".repeat(86), null] },
  pin: {
    good: [pin, ...Array.from("EIMQUYcgkosw048", (last) => "a".repeat(42) + last)],
    bad: ["a".repeat(43), `${pin}A`, pin.slice(1), null],
  },
  presence: { good: ["here", "away", "busy"], bad: ["gone", "", null] },
  host: { good: ["a", "[::1]:80", "x".repeat(261)], bad: ["", "a b", "x".repeat(262), "a/b", null] },
  address: {
    good: [address, { host: "2001:db8::1", port: 65_535 }],
    bad: [
      { host: "example.org", port: 1 },
      { host: "[::1]", port: 1 },
      { host: "1.1.1.1", port: 0 },
      { host: "1.1.1.1", port: 65_536 },
      {},
    ],
  },
  card: {
    good: [{ addresses: [address] }, { addresses: [] }, { addresses: Array<unknown>(16).fill(address) }],
    bad: [{ addresses: Array<unknown>(17).fill(address) }, {}, [], null],
  },
  user: {
    good: [{ name: "anna" }, { name: "anna", state: "busy" }],
    bad: [{}, { name: "anna", state: null }, "anna"],
  },
  "lobby about": {
    good: [
      { kind: "reply", seq: 1 },
      { kind: "edit", seq: 1 },
      { kind: "retract", seq: 1 },
      { kind: "react", seq: 1, on: true },
    ],
    bad: [
      { kind: "react", seq: 1 },
      { kind: "edit" },
      { kind: "edit", seq: 0 },
      { kind: "other", seq: 1 },
      null,
    ],
  },
  "peer about": {
    good: [
      { kind: "reply", of: "mine", seq: 1 },
      { kind: "edit", seq: 1 },
      { kind: "retract", seq: 1 },
      { kind: "react", of: "yours", seq: 1, on: false },
    ],
    bad: [
      { kind: "reply", seq: 1 },
      { kind: "react", seq: 1, on: true },
      { kind: "reply", of: "theirs", seq: 1 },
      null,
    ],
  },
  // An invalid part is dropped, and no message is invalid because of it: see protocolParts.test.ts.
  part: { good: [{ kind: "note", line: 1 }], bad: [] },
  "file id": {
    good: Array.from("AQgw", (last) => "a".repeat(21) + last),
    bad: ["a".repeat(22), `${"a".repeat(22)}A`, `${"a".repeat(20)}A`, null, 1],
  },
  "SHA-256": {
    good: [pin, `${"a".repeat(42)}w`],
    bad: ["a".repeat(43), `${pin}A`, pin.slice(1), "", 1, null],
  },
  "block index": { good: [0, 2048], bad: [-1, 0.5, 2049, "1", null] },
  capability: { good: ["part", "other"], bad: [1, null, {}] },
};

export const typesWithSamples: readonly string[] = Object.keys(samples);

/** Every printable character of ASCII. */
const characters = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));

/** Texts at the bounds of a type's form, such as "1 to 64 of `a–z _`" or "up to 500 UTF-16 units". */
function atBounds(type: string): Samples {
  const form = rowsOf(section("### Field types")).find((row) => row.Type === type)?.Form ?? "";
  const [, least, most, unit = ""] = /^(?:(\d+)|up) to (\d+) (of `[^`]+`|UTF-16 units)/u.exec(form) ?? [];
  if (most === undefined) return { good: [], bad: [] };
  // As a class of a regular expression, which only needs its brackets escaped.
  const [alphabet = "a"] = quoted(unit);
  const set = new RegExp(
    `^[${alphabet.replaceAll(" ", "").replaceAll("–", "-").replace(/[[\]]/gu, "\\$&")}]$`,
  );
  const inside = unit.startsWith("of") ? characters.filter((character) => set.test(character)) : ["a"];
  const outside = unit.startsWith("of") ? characters.filter((character) => !set.test(character)) : [];
  const [shortest, longest] = [Number(least ?? 0), Number(most)];
  return {
    good: [...inside.map((character) => character.repeat(Math.max(1, shortest))), "a".repeat(longest)],
    bad: [
      ...outside.map((character) => character.repeat(Math.max(1, shortest))),
      "a".repeat(longest + 1),
      ...(shortest > 0 ? ["a".repeat(shortest - 1)] : []),
    ],
  };
}

const boundsOf: Record<string, Samples> = {};

/** @param type as the column of a message's table has it; `limits`: the column beside it */
export function samplesOf(type: string, limits: string): Samples {
  const list = /^list of (.+)$/u.exec(type)?.[1];
  if (list !== undefined) {
    const { good, bad } = samplesOf(list, "");
    const [most = 0] = numbersOf(limits);
    const full = Array<unknown>(most).fill(good[0]);
    return { good: [good, [], full], bad: [[...full, good[0]], ...bad.map((item) => [item]), null] };
  }
  const nullable = /^(.+) or `null`$/u.exec(type)?.[1];
  if (nullable !== undefined) {
    const { good, bad } = samplesOf(nullable, limits);
    return { good: [...good, null], bad: bad.filter((value) => value !== null) };
  }
  if (type.startsWith('`"')) {
    return { good: quoted(type).map((text) => text.slice(1, -1)), bad: ["other", "", null] };
  }
  const known = samples[type];
  if (known === undefined) throw new Error(`no type ${type}`);
  const bounds = (boundsOf[type] ??= atBounds(type));
  const found = { good: [...known.good, ...bounds.good], bad: [...known.bad, ...bounds.bad] };
  if (!limits.includes("UTF-16 units")) return found;
  const [most = 0] = numbersOf(limits);
  return { good: [...found.good, "x".repeat(most)], bad: [...found.bad, "x".repeat(most + 1)] };
}
