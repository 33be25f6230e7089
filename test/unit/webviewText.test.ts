// How entries are told apart and shown: authors' colours, groups, days, control characters.
import assert from "node:assert/strict";
import { authorClass } from "../../webview/authorClass.ts";
import { opensDay, opensGroup } from "../../webview/grouping.ts";
import { visibleText } from "../../webview/visibleText.ts";
import { notice, says } from "../webview/pageData.ts";

const DAY = 24 * 60;

/** The message of an entry made by `says`. */
function message(from: string, minute: number) {
  const entry = says(from, "text", minute);
  assert.ok(entry.kind === "message");
  return entry;
}

describe("grouping", () => {
  it("keeps one author's messages of a few minutes under one head", () => {
    assert.equal(opensGroup(message("bobby", 4), message("bobby", 0)), false);
    assert.equal(opensGroup(message("bobby", 6), message("bobby", 0)), true);
  });

  it("opens a group for another author, after a notice, and at the beginning", () => {
    assert.equal(opensGroup(message("bobby", 1), message("carmen", 0)), true);
    assert.equal(opensGroup(message("bobby", 1), notice("info", "text")), true);
    assert.equal(opensGroup(message("bobby", 1), undefined), true);
  });

  it("opens a group for somebody else who bears one's own name", () => {
    assert.equal(opensGroup({ ...message("anna", 1), own: false }, message("anna", 0)), true);
  });

  it("opens a day where the date changes", () => {
    assert.equal(opensDay(message("bobby", 1), message("bobby", 0)), false);
    assert.equal(opensDay(message("bobby", DAY), message("bobby", 0)), true);
    assert.equal(opensDay(message("bobby", 0), undefined), true);
  });
});

describe("the text of others", () => {
  it("shows control characters as their pictures", () => {
    assert.equal(visibleText("a\u0000b\u001b[31mc\u007fd\u0085e"), "a␀b␛[31mc␡d\ufffde");
  });

  it("keeps line feeds and tabs, and takes a Windows line end for a line feed", () => {
    assert.equal(visibleText("a\tb\nc\r\nd\re"), "a\tb\nc\nd␍e");
  });
});

describe("an author's colour", () => {
  it("is the same however the name is written", () => {
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
