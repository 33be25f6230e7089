// Where a text occurs in a session, and the emoji that a name leads to.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Reaction } from "../../../../protocol/fields.ts";
import { chunksOf } from "../../../../webview/store/chunks.ts";
import { commonReactions, emoji, findEmoji } from "../../../../webview/base/emoji.ts";
import { findIn, occurrences } from "../../../../webview/find/findText.ts";
import { notice, says } from "../../../webview/pageData.ts";

describe("text in a session", () => {
  const chunks = chunksOf(40, [says("bobby", "The Pool"), notice("output", "pools: 2"), says("anna", "no")]);

  it("is found in any case, in every kind of entry, newest first", () => {
    assert.deepEqual(findIn(chunks, "pOOL"), [41, 40]);
    assert.deepEqual(findIn(chunks, "absent"), []);
    assert.deepEqual(findIn(chunks, ""), []);
  });

  it("is found at each position, without overlaps", () => {
    assert.deepEqual(occurrences("Pool pool", "pool"), [
      [0, 4],
      [5, 9],
    ]);
    assert.deepEqual(occurrences("aaaa", "aa"), [
      [0, 2],
      [2, 4],
    ]);
    assert.deepEqual(occurrences("text", ""), []);
  });

  it("is found in other spellings of its letters, at their positions", () => {
    const [composed, apart] = ["\u00e9", "e\u0301"];
    for (const [text, query] of [
      [composed, apart],
      [apart, composed],
      [apart, apart],
      ["\u1112\u1161\u11ab", "\ud55c"],
      ["\ud55c", "\u1112\u1161\u11ab"],
    ] as const) {
      assert.deepEqual(findIn(chunksOf(40, [says("bobby", `a ${text}`)]), query), [40], text);
      const shown = `${text}x${text}`;
      const found = occurrences(shown, query).map(([from, to]) => shown.slice(from, to));
      assert.deepEqual(found, [text, text], text);
    }
    assert.deepEqual(occurrences(`${apart}${apart}Pool`, "pool"), [[4, 8]]);
    assert.deepEqual(occurrences(apart, "e"), []);
  });

  it("is found at the right position after letters whose lower case is longer", () => {
    assert.deepEqual(occurrences("İ pool", "pool"), [[2, 6]]);
  });
});

describe("the emoji", () => {
  it("are all accepted by a server as reactions, under a name that can be typed", () => {
    for (const { name, text } of emoji) {
      assert.ok(v.is(Reaction, text), name);
      assert.match(name, /^[\w+-]{1,}$/);
    }
    for (const text of commonReactions) assert.ok(v.is(Reaction, text), text);
    assert.ok(emoji.length >= 1800);
  });

  it("have a name each", () => {
    const names = emoji.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name, at) => names.indexOf(name) !== at),
      [],
    );
  });

  it("are found by exact name, then by its beginning, then by a later word's beginning, each once", () => {
    const found = findEmoji("smi", 30).map(({ name }) => name);
    assert.deepEqual(found.slice(0, 2), ["smiley", "smile"]);
    assert.ok(found.indexOf("smirk_cat") < found.indexOf("sweat_smile"));
    assert.equal(new Set(found).size, found.length);
    assert.equal(findEmoji("fire", 10)[0]?.text, "🔥");
    assert.deepEqual(
      findEmoji("white_check", 10).map(({ text }) => text),
      ["✅"],
    );
    assert.equal(findEmoji("a", 10).length, 10);
    assert.deepEqual(findEmoji("nothing_like_it", 10), []);
  });
});
