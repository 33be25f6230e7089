// Which characters of code are hidden from its reader.
import assert from "node:assert/strict";
import { withNamesOfHidden, withoutHidden } from "../../../protocol/hiddenCharacters.ts";
import { stepsOf } from "../../support/regexSteps.ts";

describe("hidden characters in code", () => {
  for (const [what, code, shown] of [
    ["reversed text", "a\u202eb\u2066c", "a[U+202E]b[U+2066]c"],
    ["a zero-width space", "ad\u200bmin", "ad[U+200B]min"],
    ["a joiner between letters", "ad\u200dm\u200cin", "ad[U+200D]m[U+200C]in"],
    ["an identifier that cannot be seen", "const \u3164 = 1;", "const [U+3164] = 1;"],
    ["a byte order mark", "\ufeffa", "[U+FEFF]a"],
    ["a soft hyphen", "pass\u00adword", "pass[U+00AD]word"],
    ["a line separator", "// x\u2028evil()", "// x[U+2028]evil()"],
    ["a message in selectors", "a\ufe00\u{e0100}\u{e0101}", "a[U+FE00][U+E0100][U+E0101]"],
    ["a message behind an emoji", "😀\ufe0f\u{e0100}\u{e0101}", "😀\ufe0f[U+E0100][U+E0101]"],
    ["a joiner or a selector behind a blank", "\u3000\u200d\u2800\ufe0f", "\u3000[U+200D]\u2800[U+FE0F]"],
    ["a message in tags", "a\u{e0041}\u{e0042}", "a[U+E0041][U+E0042]"],
  ] as const) {
    it(`are named: ${what}`, () => {
      assert.equal(withNamesOfHidden(code), shown);
      assert.equal(withoutHidden(code), shown.replace(/\[U\+[\dA-F]+\]/gu, ""));
    });
  }

  for (const text of ["plain\r\n\tcode", "👨‍👩‍👧 ❤️‍🔥 1️⃣", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "क्‍ष", "葛󠄀", "\u0600١", "größe é"])
    it(`are none in ${JSON.stringify(text)}`, () => {
      assert.equal(withNamesOfHidden(text), text);
      assert.equal(withoutHidden(text), text);
    });

  it("are controls too, which are not inserted", () => {
    assert.equal(withoutHidden("a\u001b[2Kb\u0000\b\u0085"), "a[2Kb");
  });

  for (const unit of ["\u200d", "\ufe0f", "\u{e0041}", "\u{1f3f4}\u{e0041}", "\u202e", "é"])
    it(`are found in linear time among ${JSON.stringify(unit)}`, () => {
      const steps = (count: number): number => stepsOf(() => withNamesOfHidden(unit.repeat(count)));
      assert.ok(steps(400) <= 5 * steps(100), `${steps(400)} steps, and ${steps(100)}`);
    });
});
