// What the search over all conversations finds.
import assert from "node:assert/strict";
import { findMessages } from "../../extension/core/messageSearch.ts";
import type { Entry } from "../../protocol/webview.ts";

const message = (at: number, from: string, text: string, change: object = {}): Entry => ({
  ...{ kind: "message", from, own: false, at, text },
  ...change,
});
const all = [
  {
    source: "lobby",
    entries: [
      message(1, "anna", "The build is BROKEN"),
      { kind: "notice", level: "info", at: 2, text: "the build was started" } as const,
      message(5, "bobby", "Straße und Café"),
    ],
  },
  {
    source: "bobby",
    entries: [message(3, "bobby", "broken again"), message(4, "bobby", "", { retracted: true })],
  },
];
const found = (query: string, count = 10): string[] =>
  findMessages(all, query, count).map(({ source, position }) => `${source} ${position}`);

describe("the search over all conversations", () => {
  it("finds messages with all words, in any order, the newest first", () => {
    assert.deepEqual(found("broken"), ["bobby 0", "lobby 0"]);
    assert.deepEqual(found("broken BUILD"), ["lobby 0"]);
    assert.deepEqual(found("nothing"), []);
  });

  it("looks at authors, and takes letters of one form for the same", () => {
    assert.deepEqual(found("anna"), ["lobby 0"]);
    assert.deepEqual(found("cafe\u0301"), ["lobby 2"]);
  });

  it("gives no more than asked for, and the newest of all without a word", () => {
    assert.deepEqual(found("", 2), ["lobby 2", "bobby 0"]);
  });
});
