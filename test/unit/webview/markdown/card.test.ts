// The block of Markdown as which a card's code is parsed.
import assert from "node:assert/strict";
import { codeBlocks } from "../../../../webview/markdown/card.ts";
import { somePart } from "../../../support/sampleValues.ts";

describe("the block of a card", () => {
  for (const [language, named] of [
    ["typescript", "typescript"],
    ["jsonc", "json"],
    ["constructor", "constructor"],
    ["__proto__", "__proto__"],
  ] as const) {
    it(`has the language ${named} for ${language}`, () => {
      const [block] = codeBlocks(
        { part: { ...somePart, language }, words: "", heading: "", code: "a" },
        true,
      );
      assert.equal(block?.text, `\`\`\`${named}\na\n\`\`\``);
    });
  }
});
