// What is read out of a message's markdown, what its links may lead to, and how much work a hostile text can cause.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { Lexer } from "marked";
import { addressNote, linkAddress } from "../../../../webview/markdown/addresses.ts";
import { chatText } from "../../../../webview/markdown/chatText.ts";
import { codeSpanRule, escapesOutsideCode } from "../../../../webview/markdown/codeSpans.ts";
import { highlighted } from "../../../../webview/markdown/highlight.ts";
import { ChatLexer, ChatTokenizer } from "../../../../webview/markdown/tokenizer.ts";
import { beginningOf } from "../../../../webview/base/longText.ts";
import { coloursIn, richHtml } from "../../../support/richHtml.ts";
import { almostLinks } from "../../../support/almostLinks.ts";
import { slowTexts, slowToRead } from "../../../support/slowTexts.ts";

const LARGEST = 16 * 1024;
/** What is read of a text; null where it is shown as it was written. */
const htmlOf = (text: string): string | null => {
  const rich = chatText(text, () => null);
  return rich === null ? null : richHtml(rich);
};
const long = (part: string) => part.repeat(LARGEST / part.length);

describe("a message's markdown", () => {
  const html = (text: string) => htmlOf(text) ?? undefined;

  it("supports emphasis, code, strikethrough, lists, quotes and tables", () => {
    assert.equal(
      html("*a* **b** ~~c~~ `d`"),
      "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>",
    );
    assert.equal(html("3. a\n4. b\n   - c"), '<ol start="3"><li>a</li><li>b<ul><li>c</li></ul></li></ol>');
    assert.equal(html("> a\n\nb"), "<blockquote><p>a</p></blockquote><p>b</p>");
    assert.match(html("|a|b|\n|-|:-:|\n|1|2|") ?? "", /<th>a<\/th><th align="center">b<\/th>.*<td>1<\/td>/u);
    assert.equal(html("- [x] a\n- [ ] b"), "<ul><li>☑ a</li><li>☐ b</li></ul>");
    assert.equal(html("# a *b*"), "<p><strong>a <em>b</em></strong></p>");
  });

  it("keeps line breaks and indentation as they were typed", () => {
    assert.equal(html("a `b`\n    c\n  d"), "<p>a <code>b</code><br>    c<br>  d</p>");
  });

  it("keeps the language of a code block in its first line", () => {
    assert.equal(html("```ts x y\n\na < b\n```"), "<pre>ts\n\na &lt; b</pre>");
    assert.equal(html("```\na\n```"), "<pre>\na</pre>");
  });

  it("leaves alone what chats write without meaning Markdown", () => {
    for (const text of [
      "1 bobby (P->)\n 2 carmen (P~>)",
      "about ~5, in ~/src and ~/lib",
      "\tindented\n\n    more",
      "a\n==",
      "snake_case_name and other_name",
    ]) {
      assert.doesNotMatch(htmlOf(text) ?? "", /<(?!\/?p>|br>)/u, text);
    }
  });

  it("is not parsed where there can be none", () => {
    for (const text of ["hi", "a - b", "1.5 > 1", "so: yes!", "a\n\nb\n  c", "what? (well) 100 % & more"]) {
      assert.equal(htmlOf(text), null, text);
    }
  });

  it("hides nothing: tags, entities, comments, definitions and titles are shown, or dropped as a whole", () => {
    assert.equal(html("*a* <b onclick=x>"), "<p><em>a</em> &lt;b onclick=x&gt;</p>");
    assert.equal(html("*a* &lt; &#60; &amp;"), "<p><em>a</em> &amp;lt; &amp;#60; &amp;amp;</p>");
    assert.equal(html("*a* <!-- b -->"), "<p><em>a</em> &lt;!-- b --&gt;</p>");
    assert.equal(html("[a]: x:y 'z'\n*b*"), "<p>[a]: x:y &#39;z&#39;<br><em>b</em></p>");
  });

  it("shows a link that may not be opened, and an image, as written", () => {
    assert.equal(html("[a](javascript:b) "), "<p>[a](javascript:b) </p>");
    assert.equal(html("![a](https://x.org/i.png)"), '<p><a href="https://x.org/i.png">a</a></p>');
    assert.equal(
      html("![](https://x.org/i.png)"),
      '<p><a href="https://x.org/i.png">https://x.org/i.png</a></p>',
    );
    assert.equal(html("[![a](https://x.org/i)](https://y.org/)"), '<p><a href="https://y.org/">a</a></p>');
  });

  it("contains only its own tags and attributes, for any text", () => {
    const piece = fc.constantFrom(
      ...[
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "> ",
        "- ",
        "1. ",
        "|",
        "|-|-|\n",
        "[",
        "](",
        ")",
        "!",
        "\n",
        "\n\n",
        "  ",
      ],
      ...[
        "<",
        ">",
        '"',
        "'",
        "&",
        "&lt;",
        "<img src=x onerror=y>",
        "javascript:",
        "https://x.org/",
        "www.x.org",
        "a@b.org",
      ],
      ...["\\", "#", "# ", "a", "é", "\u202e", "]: ", "[^1]", "<!--", "-->"],
    );
    const known =
      /<\/?(?:p|strong|em|del|code|ul|li|blockquote|table|thead|tbody|tr|pre|ol)>|<(?:br|hr)>|<ol start="\d+">|<t[hd](?: align="(?:left|right|center)")?>|<\/t[hd]>|<a href="(?:https?:\/\/|mailto:)[^"<>]*">|<\/a>/gu;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const rest = (htmlOf(pieces.join("")) ?? "").replace(known, "");
        assert.doesNotMatch(rest, /[<>"]/u);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("escapes and code spans", () => {
  const { anyPunctuationOutsideCode, code } = Lexer.rules.inline.breaks;
  const piece = fc.constantFrom("`", "``", "```", "\\", "\\\\", "a", "!", "*", "\n", "é", "😀", "€");
  const check = (assertOf: (text: string) => void) => {
    const property = fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      assertOf(pieces.join(""));
    });
    fc.assert(property, { numRuns: 3000 });
  };

  it("that hide emphasis match what marked finds", () => {
    const shown = (match: string, backticks?: string, escaped?: string) =>
      `(${match},${backticks ?? ""},${escaped ?? ""})`;
    check((text) => {
      assert.equal(text.replace(escapesOutsideCode, shown), text.replace(anyPunctuationOutsideCode, shown));
    });
  });

  it("at the beginning of a text match what marked finds, and cost what is scanned", () => {
    let spent = 0;
    const rule = codeSpanRule(code, (work) => (spent += work));
    check((text) => {
      spent = 0;
      const found = rule.exec(text);
      assert.deepEqual(found, code.exec(text));
      assert.equal(spent, 2 * (found?.[0] ?? text).length);
    });
  });
});

describe("a link's target", () => {
  it("is a complete http, https or mailto address", () => {
    assert.equal(linkAddress("https://example.org"), "https://example.org/");
    assert.equal(linkAddress("mailto:a@b.org"), "mailto:a@b.org");
    for (const href of [
      "javascript:x",
      " javascript:x",
      "java\nscript:x",
      "data:,x",
      "//x.org",
      "/x",
      "x",
      "",
      "ftp://x.org",
      "command:x",
      "vscode:x",
      "file:///x",
      "https://",
    ]) {
      assert.equal(linkAddress(href), null, href);
    }
    assert.equal(linkAddress(`https://x.org/${"a".repeat(2048)}`), null);
  });

  it("is shown beside the text unless the text says it", () => {
    assert.equal(addressNote("https://example.org", "https://example.org/"), null);
    assert.equal(addressNote("example.org/a", "https://example.org/a"), null);
    assert.equal(addressNote("a@b.org", "mailto:a@b.org"), null);
    assert.equal(addressNote("the guide", "https://docs.example.org/x/y"), "docs.example.org");
    assert.equal(addressNote("write me", "mailto:a@b.org"), "a@b.org");
  });

  it("is shown in full beside a text that looks like another one", () => {
    assert.equal(
      addressNote("https://example.org/safe", "https://example.com/other"),
      "https://example.com/other",
    );
    assert.equal(addressNote("example.org", "https://example.com/"), "https://example.com/");
    assert.equal(
      addressNote("https://еxample.org/", "https://xn--xample-2of.org/"),
      "https://xn--xample-2of.org/",
    );
  });

  it("is shown in full beside a text that names another scheme", () => {
    for (const [text, address] of [
      ["https://good.com", "http://good.com/"],
      ["HTTPS://good.com/", "http://good.com/"],
      ["http://good.com", "https://good.com/"],
      ["https://good.com", "mailto:good.com"],
      ["mailto:a@b.org", "https://a@b.org/"],
      ["ftp://good.com/a", "https://good.com/a"],
      ["javascript://good.com", "https://good.com/"],
    ] as const) {
      assert.notEqual(addressNote(text, address), null, `${text} for ${address}`);
    }
    assert.equal(addressNote("https://good.com", "http://good.com/"), "http://good.com/");
    assert.equal(addressNote("https://good.com", "mailto:good.com"), "mailto:good.com");
    assert.equal(addressNote("good.com", "mailto:good.com"), "mailto:good.com");
    assert.equal(addressNote("mailto:a@b.org", "mailto:a@b.org"), null);
    assert.equal(addressNote("HTTPS://good.com", "https://good.com/"), null);
    assert.equal(addressNote("www.good.com", "http://www.good.com/"), null);
  });

  it("with a user name before the host shows the host", () => {
    const address = "https://example.org@hostile.invalid/";
    assert.equal(addressNote(address, address), "hostile.invalid");
  });
});

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
