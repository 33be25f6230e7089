// What a name may be, and when two names are the same.
import assert from "node:assert/strict";
import fc from "fast-check";
import { limits } from "../../../protocol/limits.ts";
import { parseName } from "../../../protocol/nameRules.ts";
import { nameKey, numberedName } from "../../../protocol/names.ts";

function refusal(raw: string): string {
  const result = parseName(raw);
  assert.equal(result.ok, false, `${JSON.stringify(raw)} was accepted`);
  return result.error.code;
}

/** Texts of characters that names are made of, that they may not hold, and any others. */
const typedName = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from("annaÅßςΣİıﬁｘ_-.2田さ김аⲁᎠ\u0308\u034f\u3164\ufe0f\u200d \t𠮷")),
      fc.integer({ min: 0x20, max: 0x2fff }).map((code) => String.fromCodePoint(code)),
    ),
    { maxLength: 40 },
  )
  .map((characters) => characters.join(""));

describe("a name", () => {
  for (const [what, raw, name] of [
    ["of letters", "anna", "anna"],
    ["of one letter", "ä", "ä"],
    ["of digits", "42", "42"],
    ["with all signs that are allowed", "a_b-c.d", "a_b-c.d"],
    ["in capitals, which it keeps", "AnnaB", "AnnaB"],
    ["in capitals that look like no reserved word", "ALI", "ALI"],
    ["that has a reserved word in it", "Alla.Meyou", "Alla.Meyou"],
    ["between blanks, which are forgiven", "  anna\t", "anna"],
    ["in full width, which becomes the usual form", "ａｎｎａ", "anna"],
    ["with a ligature, which becomes letters", "ﬁona", "fiona"],
    ["with a combining mark, which is composed", "Zoe\u0308", "Zoë"],
    ["in Greek", "Ελένη", "Ελένη"],
    ["in Cyrillic", "Ольга", "Ольга"],
    ["in Arabic", "ليلى", "ليلى"],
    ["in Devanagari, with its signs", "प्रिया", "प्रिया"],
    ["in Japanese, which mixes three scripts", "田中さくらエミ", "田中さくらエミ"],
    ["in Korean", "김민수", "김민수"],
    ["in Han with Latin, as many in Japan write theirs", "田中Taro", "田中Taro"],
    ["in Latin with all three scripts of Japanese", "Taro田中さくらエミ", "Taro田中さくらエミ"],
    ["in Latin with Katakana alone", "エミEmi", "エミEmi"],
    ["in Latin with Hangul and Han", "Kim김金", "Kim김金"],
    ["in Latin with Bopomofo and Han", "Liㄌㄧ李", "Liㄌㄧ李"],
    ["in Katakana with its length mark, which Hiragana share", "さーエー", "さーエー"],
    ["in Han with its iteration mark", "佐々木Ken", "佐々木Ken"],
    ["in Devanagari with a danda's sibling mark of several scripts", "क\u0951", "क\u0951"],
    ["in Cherokee alone", "ᏣᎳᎩ", "ᏣᎳᎩ"],
    ["of letters beyond the first plane", "𠮷野", "𠮷野"],
    ["with digits of its own script", "अमित१", "अमित१"],
    ["as long as it may be", "n".repeat(limits.nameLength), "n".repeat(limits.nameLength)],
    ["counted by code points, not by units", "𠮷".repeat(limits.nameLength), "𠮷".repeat(limits.nameLength)],
  ] as const) {
    it(`is valid: ${what}`, () => assert.deepEqual(parseName(raw), { ok: true, value: name }));
  }

  for (const [what, raw, code] of [
    ["empty", "", "name-empty"],
    ["blanks", " \t\n\u3000", "name-empty"],
    ["too long", "n".repeat(limits.nameLength + 1), "name-too-long"],
    ["too long once it is normalized", "ﬃ".repeat(11), "name-too-long"],
    ["two words", "an na", "name-characters"],
    ["two lines", "an\nna", "name-characters"],
    ["a control character", "an\u0000na", "name-characters"],
    ["an escape", "\u001b[31manna", "name-characters"],
    ["a bidirectional override", "an\u202ena", "name-characters"],
    ["a bidirectional isolate", "\u2066anna\u2069", "name-characters"],
    ["a zero-width joiner", "an\u200dna", "name-characters"],
    ["a variation selector, which is not seen", "anna\ufe0f", "name-characters"],
    ["a grapheme joiner, which is not seen", "an\u034fna", "name-characters"],
    ["a filler that counts as a letter", "\u3164", "name-characters"],
    ["a filler inside", "민\u1160수", "name-characters"],
    ["an emoji", "anna🙂", "name-characters"],
    ["a mark without its letter", "\u0308anna", "name-characters"],
    ["signs alone", "._-", "name-characters"],
    ["markup", "<b>anna</b>", "name-characters"],
    ["a path", "../anna", "name-characters"],
    ["a backslash", "\\anna", "name-characters"],
    ["half a character", "an\ud800na", "name-characters"],
    ["Latin with Cyrillic", "аnna", "name-scripts"],
    ["Latin with Greek", "annα", "name-scripts"],
    ["Latin with Armenian", "annaօ", "name-scripts"],
    ["Latin with Cherokee, a script beyond the usual ones", "Ꭺnna", "name-scripts"],
    ["Cyrillic with Coptic", "ольгаⲁ", "name-scripts"],
    ["Latin with an Arabic digit", "anna٣", "name-scripts"],
    ["Latin with Thai", "annaก", "name-scripts"],
    ["Latin with Hebrew", "annaא", "name-scripts"],
    ["Han with Cyrillic", "田中а", "name-scripts"],
    ["Hangul with Greek", "김α", "name-scripts"],
    ["Latin, Han and Cyrillic", "Taro田中о", "name-scripts"],
    ["Bopomofo with Kana", "ㄌさ", "name-scripts"],
    ["Bopomofo with Hangul and Latin", "aㄌ김", "name-scripts"],
    ["Latin with the length mark of Kana and Hangul", "aー김", "name-scripts"],
    ["Latin with a mark of Arabic and Syriac", "a\u064b", "name-scripts"],
    ["two scripts beyond the usual ones", "Ꭺⲁ", "name-scripts"],
    ["Kana with Hangul", "さくら김", "name-scripts"],
    ["reserved", "lobby", "name-reserved"],
    ["reserved, in other letters", "LoBBy", "name-reserved"],
    ["reserved, in full width", "ｓｅｒｖｅｒ", "name-reserved"],
    ["reserved, between blanks", " you ", "name-reserved"],
  ] as const) {
    it(`is invalid: ${what}`, () => assert.equal(refusal(raw), code));
  }

  it("stays the same when it is checked again", () => {
    fc.assert(
      fc.property(typedName, (raw) => {
        const once = parseName(raw);
        if (!once.ok) return;
        assert.deepEqual(parseName(once.value), once);
        assert.ok(Array.from(once.value).length <= limits.nameLength);
        assert.doesNotMatch(once.value, /[\p{C}\p{Z}\\/<>&]/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("two names", () => {
  for (const [a, b] of [
    ["anna", "ANNA"],
    ["Zoë", "zoe\u0308"],
    ["ａｎｎａ", "anna"],
    ["ΣΟΦΟΣ", "σοφος"],
    ["σοφοσ", "σοφος"],
    ["straße", "STRASSE"],
    ["STRAẞE", "straße"],
    ["\u212bke", "åke"],
  ] as const) {
    it(`${a} and ${b} are the same`, () => assert.equal(nameKey(a), nameKey(b)));
  }

  it("differ if a letter, a mark or a sign differs", () => {
    const names = ["anna", "anno", "ánna", "an.na", "an-na", "an_na", "anna_2", "anna_3"];
    assert.equal(new Set(names.map(nameKey)).size, names.length);
  });

  it("have keys that are stable", () => {
    fc.assert(
      fc.property(typedName, (name) => {
        const parsed = parseName(name);
        if (parsed.ok) assert.equal(nameKey(nameKey(parsed.value)), nameKey(parsed.value));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a numbered name", () => {
  it("ends with its number", () => {
    assert.equal(numberedName("anna", 2), "anna_2");
    assert.equal(numberedName("anna", 13), "anna_13");
  });

  it("stays within the limit, cut between characters", () => {
    const name = numberedName("𠮷".repeat(limits.nameLength), 10);
    assert.equal(name, `${"𠮷".repeat(limits.nameLength - 3)}_10`);
    assert.equal(parseName(name).ok, true);
  });
});
