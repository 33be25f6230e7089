// The text of a message that offers a file.
import assert from "node:assert/strict";
import { offerText, sizeText } from "../../../protocol/fileText.ts";

describe("the text of an offered file", () => {
  for (const [bytes, text] of [
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1_000, "1.0 KB"],
    [12_345, "12 KB"],
    [1_234_567, "1.2 MB"],
    [2 * 1024 ** 3, "2.1 GB"],
  ] as const) {
    it(`has ${bytes} bytes as ${text}`, () => assert.equal(sizeText(bytes), text));
  }

  it("names the file", () =>
    assert.equal(offerText({ name: "a b.txt", size: 3 }), "File: a b.txt (3 bytes)"));
});
