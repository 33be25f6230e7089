// How entries are distinguished and shown: authors' colors, groups, days, control characters.
import assert from "node:assert/strict";
import { authorClass } from "../../../../webview/message/authorClass.ts";
import { opensDay, opensGroup } from "../../../../webview/log/grouping.ts";
import { beginningOf } from "../../../../webview/base/longText.ts";
import { visibleText } from "../../../../webview/base/visibleText.ts";
import { notice, says } from "../../../webview/pageData.ts";

const DAY = 24 * 60;

/** The message of an entry made by `says`. */
function message(from: string, minute: number) {
  const entry = says(from, "text", minute);
  assert.ok(entry.kind === "message");
  return entry;
}

describe("grouping", () => {
  it("keeps one author's messages of a few minutes under one heading", () => {
    assert.equal(opensGroup(message("bobby", 4), message("bobby", 0)), false);
    assert.equal(opensGroup(message("bobby", 6), message("bobby", 0)), true);
  });

  it("starts a group for another author, after a notice, and at the beginning", () => {
    assert.equal(opensGroup(message("bobby", 1), message("carmen", 0)), true);
    assert.equal(opensGroup(message("bobby", 1), notice("info", "text")), true);
    assert.equal(opensGroup(message("bobby", 1), undefined), true);
  });

  it("starts a group for someone else with the user's own name", () => {
    assert.equal(opensGroup({ ...message("anna", 1), own: false }, message("anna", 0)), true);
  });

  it("starts a day where the date changes", () => {
    assert.equal(opensDay(message("bobby", 1), message("bobby", 0)), false);
    assert.equal(opensDay(message("bobby", DAY), message("bobby", 0)), true);
    assert.equal(opensDay(message("bobby", 0), undefined), true);
  });
});

describe("text from others", () => {
  it("shows control characters as their symbols", () => {
    assert.equal(visibleText("a\u0000b\u001b[31mc\u007fd\u0085e"), "a␀b␛[31mc␡d\ufffde");
  });

  it("keeps line feeds and tabs, and turns Windows line endings into line feeds", () => {
    assert.equal(visibleText("a\tb\nc\r\nd\re"), "a\tb\nc\nd␍e");
  });

  it("splits stacks of combining marks, and keeps what languages use", () => {
    for (const pile of ["\u0301", "\u0301\u0316", "\ufe0f", "\u0f90"]) {
      const shown = visibleText(`a${pile.repeat(8000)}`);
      assert.doesNotMatch(shown, /\p{M}{31}/u);
      assert.equal(shown.replaceAll("\u25cc", ""), `a${pile.repeat(8000)}`);
    }
    for (const text of ["Tiếng Việt", "a\u0301\u0302\u0303", "❤️", "שָׁלוֹם", "กุ้ง", "a\u0301".repeat(100)])
      assert.equal(visibleText(text), text);
  });

  it("is shown as far as there is room, which wide and mixed scripts fill sooner", () => {
    assert.equal(beginningOf("word ".repeat(3000)).length, 4000);
    assert.ok(beginningOf("漢字かな".repeat(1300)).length <= 2010);
    assert.ok(beginningOf("aאعकกあ한文Ω".repeat(700)).length <= 1000);
  });
});

describe("an author's color", () => {
  it("does not depend on the spelling of the name", () => {
    assert.equal(authorClass("Bobby"), authorClass("bobby"));
  });

  it("is one of six", () => {
    const classes = new Set(Array.from({ length: 200 }, (_, at) => authorClass(`somebody_${at}`)));
    assert.deepEqual(
      [...classes].sort(),
      [0, 1, 2, 3, 4, 5].map((at) => `author-${at}`),
    );
  });
});
