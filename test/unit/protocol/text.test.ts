// What is one emoji, what is blank, and which form a pin has.
import assert from "node:assert/strict";
import * as v from "valibot";
import { isBlank, trimBlank } from "../../../protocol/blank.ts";
import { Pin, Reaction } from "../../../protocol/fields.ts";
import { parseName } from "../../../protocol/nameRules.ts";
import { textProblem } from "../../../server/lobby/textProblem.ts";
import { commonReactions, emoji } from "../../../webview/base/emoji.ts";

const ENGLAND = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
const FAMILY = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}";
/** Two people who kiss, each with a skin tone: the longest there is. */
const KISS = "\u{1f469}\u{1f3fb}\u200d\u2764\ufe0f\u200d\u{1f48b}\u200d\u{1f468}\u{1f3fb}";

describe("a reaction", () => {
  it("is one emoji: a plain one, with a skin tone, joined, a flag, a keycap", () => {
    const toned = "\u{1f44d}\u{1f3fd}";
    for (const text of [
      toned,
      FAMILY,
      KISS,
      ENGLAND,
      "\u{1f1eb}\u{1f1f7}",
      "#\ufe0f\u20e3",
      "1\ufe0f\u20e3",
    ]) {
      assert.ok(v.is(Reaction, text), text);
    }
    for (const text of [...commonReactions, ...emoji.map((each) => each.text)]) {
      assert.ok(v.is(Reaction, text), text);
    }
  });

  it("may omit U+FE0F, or add it needlessly, as keyboards do", () => {
    for (const text of [
      "\u2764",
      "\u2620",
      "\u26a1\ufe0f",
      "1\u20e3",
      "\u{1f3f3}\u200d\u{1f308}",
      "\u00a9",
    ]) {
      assert.ok(v.is(Reaction, text), text);
    }
  });

  it("is neither empty nor several emoji, nor has anything around one", () => {
    const thumb = "\u{1f44d}";
    const half = "\u{1f1eb}";
    for (const text of [
      ...[
        "",
        " ",
        "a",
        "12",
        "1",
        "#",
        "1337\u2620",
        `${thumb} `,
        `a${thumb}`,
        thumb + thumb,
        thumb + "\u2764",
      ],
      // Halves of flags, flags of nowhere, tones and joiners alone, joined ones that are no picture of their own.
      ...[
        half,
        half.repeat(3),
        half.repeat(4),
        "\u{1f1fd}\u{1f1fd}",
        "\u{1f3fd}\u{1f3fd}",
        "\u200d",
        "\ufe0f",
      ],
      ...[
        `${thumb}\u200d`,
        `${thumb}\u200d${thumb}`,
        `${thumb}\ufe0f\ufe0f`,
        `\ufe0f${thumb}`,
        "\u2764\ufe0e",
      ],
      ...[ENGLAND.slice(0, -2), `${ENGLAND}${thumb}`, "\u20e3", "<b>"],
    ]) {
      assert.ok(!v.is(Reaction, text), JSON.stringify(text));
    }
  });

  it("is not parsed when it is longer than any emoji", () => {
    assert.equal(KISS.length, 15);
    assert.ok(!v.is(Reaction, "\u2764\ufe0f\u200d".repeat(100_000)));
  });
});

describe("blank text", () => {
  const spaces = "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u200a\u2028\u2029\u202f\u205f\u3000\ufeff";

  it("consists of Unicode white space and U+FEFF", () => {
    for (const text of ["", spaces, ...Array.from(spaces)]) {
      assert.ok(isBlank(text), JSON.stringify(text));
      assert.equal(textProblem(text), "message-empty", JSON.stringify(text));
    }
    for (const text of ["\u200b", "\u00ad", "\u180e", ".", `${spaces}.`]) assert.ok(!isBlank(text), text);
  });

  it("is trimmed from both ends of a name, in time proportional to its length", () => {
    assert.equal(trimBlank(`${spaces}a b${spaces}`), "a b");
    assert.equal(trimBlank(spaces), "");
    assert.deepEqual(parseName("\u0085anna\u0085"), { ok: true, value: "anna" });
    const name = parseName("\u0085");
    assert.ok(!name.ok && name.error.code === "name-empty");
    assert.equal(trimBlank(`${" ".repeat(1_000_000)}a${" ".repeat(1_000_000)}b`).length, 1_000_002);
  });
});

describe("a pin", () => {
  it("has no spare bits set", () => {
    const last = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_").filter(
      (end) => v.is(Pin, "A".repeat(42) + end),
    );
    assert.equal(last.join(""), "AEIMQUYcgkosw048");
  });
});
