// What is read out of a message's markdown.
import assert from "node:assert/strict";
import fc from "fast-check";
import { Lexer } from "marked";
import { codeSpanRule, escapesOutsideCode } from "../../../../webview/markdown/codeSpans.ts";
import { htmlOf } from "../../../support/richHtml.ts";

describe("a message's markdown", () => {
  const html = (text: string) => htmlOf(text) ?? undefined;

  it("supports emphasis, code, strikethrough, lists, quotes and tables", () => {
    assert.equal(
      html("*a* **b** ~~c~~ `d`"),
      "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>",
    );
    assert.equal(
      html("3. a\n4. b\n   - c"),
      '<ol><li value="3">a</li><li value="4">b<ul><li>c</li></ul></li></ol>',
    );
    assert.equal(html("> a\n\nb"), "<blockquote><p>a</p></blockquote><p>b</p>");
    assert.match(html("|a|b|\n|-|:-:|\n|1|2|") ?? "", /<th>a<\/th><th align="center">b<\/th>.*<td>1<\/td>/u);
    assert.equal(html("- [x] a\n- [ ] b"), "<ul><li>☑ a</li><li>☐ b</li></ul>");
    assert.equal(html("# a *b*"), "<p><strong>a <em>b</em></strong></p>");
  });

  it("numbers a list as it was written", () => {
    for (const [text, ...numbers] of [
      ["2) a\n5) b", 2, 5],
      ["1. a\n1. b", 1, 1],
      ["0. a\n\n007. b\n\n999999999. c", 0, 7, 999_999_999],
    ] as const) {
      const found = [...(html(text) ?? "").matchAll(/<li value="(\d+)">/gu)].map(([, number]) =>
        Number(number),
      );
      assert.deepEqual(found, numbers, text);
    }
  });

  it("shows a table as it was written if a row has more cells than the table has columns", () => {
    const lines = (...rows: string[]) => `<p>${rows.join("<br>")}</p>`;
    assert.equal(html("|a|b|\n|-|-|\n|1|2|three|\n\nc"), `${lines("|a|b|", "|-|-|", "|1|2|three|")}<p>c</p>`);
    assert.equal(html("a | b\n--|--\n`x|y` | 2"), lines("a | b", "--|--", "<code>x|y</code> | 2"));
    assert.equal(html("a|b\n-|-\n1\\|2|3|"), html("|a|b|\n|-|-|\n| 1\\|2 | 3 |"));
    assert.match(html("|a|b|\n|-|-|\n|1|\n1|2\n||") ?? "", /^<table>/u);
    assert.match(html("|a|b|\n|-|-|\n|1\\\\|2|3|") ?? "", /^<p>/u);
  });

  it("ends a quote and a list with the next line that is not of it", () => {
    const [quote, list] = ["<blockquote><p>a</p></blockquote>", "<ul><li>a</li></ul>"];
    assert.equal(html("> a\nb"), `${quote}<p>b</p>`);
    assert.equal(html("> a\nb\n> a"), `${quote}<p>b</p>${quote}`);
    assert.equal(html("> > a\n> b\nc"), `<blockquote>${quote}<p>b</p></blockquote><p>c</p>`);
    assert.equal(html("> - a\nb"), `<blockquote>${list}</blockquote><p>b</p>`);
    assert.equal(html("> a\n> b"), "<blockquote><p>a<br>b</p></blockquote>");
    assert.equal(html("- a\nb"), `${list}<p>b</p>`);
    assert.equal(html("- a\nb\n- a"), `${list}<p>b</p>${list}`);
    assert.equal(html("- a\n- > a\nb"), `<ul><li>a</li><li>${quote}</li></ul><p>b</p>`);
    assert.equal(
      html("1. a\n   b\n c\n2. d"),
      '<ol><li value="1">a<br>b<br> c</li><li value="2">d</li></ol>',
    );
    assert.equal(html("- a\n\n  b\n\n- c"), "<ul><li><p>a</p><p>b</p></li><li><p>c</p></li></ul>");
    assert.equal(html("- a\n  - a\nb"), `<ul><li>a${list}</li></ul><p>b</p>`);
    assert.equal(html("- a\n1. b"), `${list}<ol><li value="1">b</li></ol>`);
  });

  it("keeps line breaks and indentation as they were typed", () => {
    assert.equal(html("a `b`\n    c\n  d"), "<p>a <code>b</code><br>    c<br>  d</p>");
  });

  it("keeps the language of a code block in its first line", () => {
    assert.equal(html("```ts\n\na < b\n```"), "<pre>ts\n\na &lt; b</pre>");
    assert.equal(html("```objective-c++\na\n```"), "<pre>objective-c++\na</pre>");
    assert.equal(html("```\na\n```"), "<pre>\na</pre>");
  });

  it("shows code that begins in the line of its fence, and ends in that of the other one", () => {
    const code = "<pre>\nconst a = 1;\nconst b = 2;</pre>";
    assert.equal(html("```const a = 1;\nconst b = 2;```\nthanks!"), `${code}<p>thanks!</p>`);
    assert.equal(html("``` const a = 1;\nconst b = 2;\n```\nthanks!"), `${code}<p>thanks!</p>`);
    assert.equal(html("```ts\nconst b = 2;```\nthanks!"), "<pre>ts\nconst b = 2;</pre><p>thanks!</p>");
    assert.equal(html("~~~a b~~~\nthanks!"), "<pre>\na b</pre><p>thanks!</p>");
    assert.equal(html("> ```a()\n> b()```\n\nc"), "<blockquote><pre>\na()\nb()</pre></blockquote><p>c</p>");
    assert.equal(html("````a b\n```\nc````"), "<pre>\na b\n```\nc</pre>");
  });

  it("ends code with its own fence where lines within it end in one, or where it is cut", () => {
    assert.equal(html("```rust\n/// ```\n/// a```\nb\n```"), "<pre>rust\n/// ```\n/// a```\nb</pre>");
    assert.equal(html("```rust\n/// ```\n/// a"), "<pre>rust\n/// ```\n/// a</pre>");
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

  it("ends an address before Chinese and Japanese punctuation", () => {
    const link = (path: string) => `<a href="https://x.org/${encodeURI(path)}">https://x.org/${path}</a>`;
    assert.equal(html("见https://x.org/a。"), `<p>见${link("a")}。</p>`);
    assert.equal(html("https://x.org/a，谢谢"), `<p>${link("a")}，谢谢</p>`);
    assert.equal(html("「https://x.org/」です"), `<p>「${link("")}」です</p>`);
    assert.equal(html("（https://x.org/a）と"), `<p>（${link("a")}）と</p>`);
    assert.equal(html("https://x.org/a、https://x.org/b"), `<p>${link("a")}、${link("b")}</p>`);
    assert.equal(html("https://x.org/佐々木１ａ"), `<p>${link("佐々木１ａ")}</p>`);
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
      /<\/?(?:p|strong|em|del|code|ul|li|blockquote|table|thead|tbody|tr|pre|ol)>|<(?:br|hr)>|<li value="\d+">|<t[hd](?: align="(?:left|right|center)")?>|<\/t[hd]>|<a href="(?:https?:\/\/|mailto:)[^"<>]*">|<\/a>/gu;
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
