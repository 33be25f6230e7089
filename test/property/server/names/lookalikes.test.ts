// People ask for names, leave, and return: no two names that the server gives look alike.
import assert from "node:assert/strict";
import fc from "fast-check";
import unhomoglyph from "unhomoglyph";
import { looksOf } from "../../../../protocol/lookalikes.ts";
import { parseName } from "../../../../protocol/nameRules.ts";
import { nameKey, numberedName } from "../../../../protocol/names.ts";
import { nameForm, numberedForms } from "../../../../server/names/nameForms.ts";
import { Registry, type Holder } from "../../../../server/names/registry.ts";
import { LONG } from "../../../fuzz/fuzz.ts";
import { pin } from "../../../support/core.ts";

const RUNS = LONG ? 50_000 : 400;

/** The skeleton of UTS #39, without anything of our own. */
const skeleton = (text: string): string => unhomoglyph(text.normalize("NFD")).normalize("NFD");

/** Everything by which a reader might take one name for another. */
const appearances: readonly ((name: string) => string)[] = [
  skeleton,
  (name) => skeleton(name.toLowerCase()),
  (name) => skeleton(name).toLowerCase(),
  (name) => skeleton(skeleton(name).toLowerCase()),
  nameKey,
  (name) => skeleton(name.toLowerCase()).replace(/(?<=[ij])\u0307/gu, ""),
  (name) => skeleton(name).replace(/[\u0335-\u0338]/gu, "/"),
  (name) => skeleton(name).replace(/(\p{M})\1+/gu, "$1"),
  (name) =>
    skeleton(name).replace(/ㄧ/gu, "ー").replace(/ㄚ/gu, "丫").replace(/リ/gu, "り").replace(/ミ/gu, "三"),
  (name) => name.replace(/[ـʼʻ]/gu, ""),
  (name) =>
    name
      .replace(/__+/gu, "_")
      .replace(/\.\.+/gu, ".")
      .replace(/^\.|\.$/gu, ""),
  (name) => skeleton(name.toLowerCase()).replace(/vv/gu, "w"),
  (name) => inSmallLetters(skeleton(name.toLowerCase())),
  (name) => name.replace(/っ/gu, "つ").replace(/末/gu, "未").replace(/己/gu, "巳"),
  (name) => skeleton(name.replace(/ӏ/gu, "l")),
];

/** Small capitals, and what the table makes of small letters of other scripts that are drawn like them. */
function inSmallLetters(text: string): string {
  const capitals = "ᴀʙᴅᴇɢʜʟʍɴʀᴛĸπƅ";
  return Array.from(text, (letter) => "abdeghlmnrtknb"[capitals.indexOf(letter)] ?? letter).join("");
}

/** Letters of several scripts that look like others, with marks, capitals, and what numbered names are made of. */
const families = [
  "aioeslmMIOnr1023_.áóíé",
  "аіоеѕһМІОр1203_.о́е́",
  "αιονΜΙΟρ1203_.όίόί",
  "ОсСхХуУ_2",
  "סוןא12_.",
  "ااهه٠٢12_.",
  "ꓲꓳꓡꓟ12_",
  "ijıl\u0307\u0301\u0335\u0338_2",
  "一ーㄧ丫ㄚリりミ三_2",
  "ᴀaʙbᴛtᴍmʟlɴnŋ_2.ʼʻ",
  "вкмнтпьaоҺһӏӀ_2.",
  "abkmhtnorliIL1_2.",
  "ητκμπν_2",
  "حمدـ_2.",
  "ꭰꭱꮋꮮꭺᎠᏞ_2",
  "っつ未末己巳vwW_.2",
];
const family = fc.constantFrom(...families);
const typed = family.chain((letters) =>
  fc
    .array(fc.constantFrom(...Array.from(letters), "_2", "_3"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("")),
);

describe("names given by a server", function () {
  this.timeout(LONG ? 600_000 : 60_000);

  it("never look alike, however they were requested, numbered, kept and released", () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant("join" as const), name: typed, who: fc.nat(9) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), index: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("quit" as const), index: fc.nat() }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
        let now = 0;
        const registry = new Registry<Holder>(
          { heldNames: 6, heldNamesPerKey: 4, heldNameMs: 1_000 },
          [],
          () => undefined,
        );
        for (const action of steps) {
          const online = [...registry.entries()];
          switch (action.kind) {
            case "join": {
              const parsed = parseName(action.name);
              const holder = { pin: pin(String(action.who)), address: "192.0.2.1", since: now };
              if (!parsed.ok || registry.hasLookalike(parsed.value, holder.pin, now)) break;
              registry.enter(parsed.value, holder, now);
              break;
            }
            case "wait":
              now += 400;
              break;
            default: {
              const entry = online[action.index % Math.max(1, online.length)];
              if (entry !== undefined) registry.leave(entry, action.kind === "quit", now);
            }
          }
          const names = [...registry.entries()].map(({ name }) => name);
          for (const appearance of appearances)
            assert.equal(new Set(names.map(appearance)).size, names.length, names.join(" "));
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("are no two that the table of UTS #39 takes for one, character by character", () => {
    const bySkeleton = new Map<string, string[]>();
    for (let code = 0x21; code < 0x11_0000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCodePoint(code);
      if (skeleton(character) === character.normalize("NFD")) continue;
      for (const parsed of [character, skeleton(character)].map(parseName)) {
        if (!parsed.ok) continue;
        const key = skeleton(parsed.value);
        bySkeleton.set(key, [...(bySkeleton.get(key) ?? []), parsed.value]);
      }
    }
    for (const names of bySkeleton.values()) {
      const registry = new Registry<Holder>(
        { heldNames: 1, heldNamesPerKey: 1, heldNameMs: 1 },
        [],
        () => undefined,
      );
      const holder = { pin: pin("first"), address: "192.0.2.1", since: 0 };
      for (const [n, name] of names.entries()) {
        if (n === 0) registry.enter(name, holder, 0);
        else if (registry.find(name) === undefined)
          assert.ok(registry.hasLookalike(name, pin("other"), 0), names.join(" "));
      }
    }
    assert.ok(bySkeleton.size > 1_000);
  });

  it("are numbered with the forms that they have as a whole", () => {
    fc.assert(
      fc.property(typed, fc.integer({ min: 2, max: 130 }), (raw, n) => {
        const parsed = parseName(raw);
        if (!parsed.ok) return;
        const { name, key, looks } = numberedForms(parsed.value)(n);
        assert.deepEqual({ name, key, looks }, nameForm(numberedName(parsed.value, n)));
      }),
      { numRuns: RUNS },
    );
  });

  it("have a skeleton that is its own skeleton", () => {
    for (let code = 0x21; code < 0x11_0000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const parsed = parseName(String.fromCodePoint(code));
      if (!parsed.ok) continue;
      // Signs that are not counted in names can stand in looks, where they are parts of letters.
      for (const look of looksOf(parsed.value).filter((each) => !/[ˉ.-]/u.test(each)))
        assert.deepEqual(looksOf(look)[0], look, parsed.value);
    }
  });
});
