// How much work a hostile message's markdown can cause.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { highlighted } from "../../../../webview/markdown/highlight.ts";
import { ChatLexer, ChatTokenizer } from "../../../../webview/markdown/tokenizer.ts";
import { beginningOf } from "../../../../webview/base/longText.ts";
import { coloursIn, htmlOf } from "../../../support/richHtml.ts";
import { almostLinks } from "../../../support/almostLinks.ts";
import { slowTexts, slowToRead } from "../../../support/slowTexts.ts";

const LARGEST = 16 * 1024;
const long = (part: string) => part.repeat(LARGEST / part.length);

describe("a text that was made to be slow", () => {
  it("is read within the time of a test, or shown as it was written", () => {
    for (const text of slowToRead) {
      const html = htmlOf(text);
      assert.ok(html === null || html.split("</").length <= 2000, text.slice(0, 20));
    }
  });

  it("is given up for a bound on work, not for its length", () => {
    assert.equal(htmlOf(long("*a ")), null);
    assert.notEqual(htmlOf("An ordinary *long* text with `code` in it.\n\n".repeat(LARGEST / 50)), null);
  });

  const almost = Object.entries(almostLinks).map(([name, piece]) => [name, long(piece)] as const);
  for (const [name, text] of [...Object.entries(slowTexts), ...almost]) {
    it(`costs bounded work for its first visible part: ${name}`, () => {
      const shown = beginningOf(text);
      const tokenizer = new ChatTokenizer(shown.length);
      const lexer = new ChatLexer(tokenizer, { gfm: true, breaks: true });
      try {
        lexer.lex(shown);
      } catch {
        // It is shown as it was written.
      }
      assert.ok(tokenizer.work <= 300_000, `${tokenizer.work} characters are scanned`);
      const elements = (htmlOf(shown) ?? "").split(/<\/|<br>/u).length;
      assert.ok(elements <= 400, `${elements} elements`);
    });
  }

  it("is not one that people paste: documents of maximum size, tables and many code blocks", async () => {
    for (const file of ["README.md", "CHANGELOG.md", "docs/ARCHITECTURE.md"]) {
      const text = (await readFile(new URL(`../../../../${file}`, import.meta.url), "utf8")).slice(
        0,
        LARGEST,
      );
      for (const part of [text, beginningOf(text)]) assert.notEqual(htmlOf(part), null, file);
    }
    assert.notEqual(htmlOf(`|a|b|c|d|\n|-|-|-|-|\n${"|*1*|`2`|3|4|\n".repeat(100)}`), null);
    assert.notEqual(htmlOf("- https://example.org/a/page\n".repeat(60)), null);
    assert.notEqual(htmlOf(`*a*\n\`\`\`c\n${"int a = 1;\n".repeat(30)}\`\`\`\n`.repeat(20)), null);
  });

  it("is not a line of dashes, a long address, or a link with code in it", () => {
    assert.match(htmlOf(`*a*\n\n${"- ".repeat(60)}\n\nb`) ?? "", /<hr>/u);
    assert.match(htmlOf(`see www.example.org/${"a_b-c.d&".repeat(60)}e...`) ?? "", /&amp;e<\/a>\.\.\.<\/p>/u);
    assert.match(htmlOf("[`a` and \\`b\\`](https://example.org)") ?? "", /<code>a<\/code> and `b`<\/a>/u);
  });

  it("has as many blocks of code as a page can show, or none", () => {
    assert.equal(htmlOf("```c\na\n```\n".repeat(300)), null);
  });

  it("has no element for what gets no color", () => {
    const spans = coloursIn(highlighted("[1,2,3,4,5,\n".repeat(40), "json") ?? []);
    assert.ok(spans > 100 && spans <= 200, `${spans} spans`);
  });

  it("nests quotes, lists and emphasis to a limited depth", () => {
    const depth = (html: string | null, tag: string) => html?.split(`<${tag}>`).length;
    assert.equal(depth(htmlOf(`${">".repeat(100)} a`), "blockquote"), 6);
    assert.equal(depth(htmlOf(`${"- ".repeat(60)}a`), "ul"), 6);
  });

  it("has no colors when it is very long, or has one long line, or many rather long ones", () => {
    assert.notEqual(highlighted("let a = 1;", "ts"), null);
    assert.notEqual(highlighted("let total = sum(a, b); // both\n".repeat(80), "ts"), null);
    for (const code of [
      "a;\n".repeat(1400),
      "a".repeat(201),
      `${"a".repeat(150)}\n`.repeat(20),
      `$${"\n".repeat(201)}`,
    ]) {
      assert.equal(highlighted(code, "ts"), null);
    }
    assert.equal(highlighted("x", "no-such-language"), null);
  });
});
