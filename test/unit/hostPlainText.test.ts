// No text of others becomes a link that runs a command.
import assert from "node:assert/strict";
import { iconless, plainText } from "../../extension/host/plainText.ts";

describe("text for notifications", () => {
  for (const [given, expected] of [
    ["Nobody named [x](command:a.b?%22%22) is online", "Nobody named [x] - (command:a.b?%22%22) is online"],
    ["[a] (command:b) [c]\n(command:d)", "[a] - (command:b) [c] - (command:d)"],
    ["a\u202Eb\u0007c", "a b c"],
    ["ordinary (text) [as it is]", "ordinary (text) [as it is]"],
  ] as const) {
    it(`${JSON.stringify(given)} is harmless`, () => assert.equal(plainText(given), expected));
  }
});

describe("text for lists", () => {
  it("shows no pictures", () => assert.equal(iconless("a $(sync~spin) $5 (b)"), "a \\$(sync~spin) $5 (b)"));
});
