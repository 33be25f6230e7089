// What VS Code's own Markdown preview makes of an exported conversation, formulas included: nothing in it begins HTML, a
// picture, a formula or a link that others have written, and none reaches beyond its message.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { transcriptText } from "../../../extension/core/view/transcriptText.ts";
import type { Entry } from "../../../protocol/webview.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const TEXTS = 2_000;
/** In one document, which is rendered at once. */
const TOGETHER = 100;

const hostile = [
  "$$\n```\n$$\n<img src=x onerror=y>",
  "$$\n~~~\n$$\n<img src=x onerror=y>\n~~~",
  "$x$ and $$y$$ and \\$z$",
  "```math\nx\n```",
  "~~~ {mermaid}\ngraph\n~~~",
  "```m&#97;th\nx\n```",
  "- ```math\n  x\n```math\ny",
  "```|a\n|-|-|\n<img src=x onerror=y>",
  "~~~ a`b|\n|-|-|\n<img src=x onerror=y>",
  "```\n```\u00a0\n```\n<img src=x onerror=y>",
  "[a](command:x) ![b](https://x.org/i.png) [c]: command:x\n\n[c]",
];
const pieces = [
  ...[
    "$",
    "$$",
    "$$\n",
    "\n",
    "\n\n",
    "```",
    "```\n",
    "~~~",
    "~~~\n",
    "`",
    "``",
    "\\",
    "<img src=x onerror=y>",
    "<b>",
    "<!--",
  ],
  ...[
    "-->",
    "a",
    " ",
    "    ",
    "\t",
    "> ",
    ">",
    "- ",
    "* ",
    "1. ",
    "#",
    "[a](",
    "command:x",
    ")",
    "![",
    "]:",
    "|",
    "|-|-|\n",
  ],
  ...[
    "```math\n",
    "\u00a0",
    "===\n",
    "---\n",
    "*",
    "_",
    "\r",
    "$a$",
    "\\begin{x}",
    "&lt;",
    "<b",
    "{",
    "}",
    "[a]",
    "<?",
    "]",
  ],
];

describe("An exported conversation in VS Code's preview", () => {
  const render = (text: string) => vscode.commands.executeCommand<string>("markdown.api.render", text);
  const says = (text: string): Entry[] => [
    { kind: "message", from: "mallory", own: false, at: 0, text, reply: { from: "mallory", text } },
    { kind: "message", from: "bobby", own: false, at: 0, text: "honest" },
  ];

  const check = async (texts: readonly string[]) => {
    const { text } = transcriptText({ title: "t", mark: "P->", entries: texts.flatMap(says) });
    const html = await render(text);
    const messages = html.split(/<p[^>]*>P-&gt; <strong>bobby<\/strong>/u);
    // Each honest message stands by itself, after whatever was said before it.
    assert.equal(messages.length, texts.length + 1, texts.join("\n=====\n"));
    const found = /<img|<b>|<b\s|<!--|<\?|katex|class="mermaid|href="command:/u.exec(html);
    assert.equal(found, null, `${found?.[0] ?? ""} in ${JSON.stringify(texts)}`);
  };

  it("supports formulas at all", async () => {
    assert.match(await render("$x$"), /katex/u);
    assert.match(await render("<img src=x>"), /<img/u);
  });

  for (const text of hostile) it(`shows ${JSON.stringify(text)} as text`, () => check([text]));

  it(`shows ${TEXTS} texts with special sequences as plain text`, async () => {
    const random = seededRandom(Date.now() % 2 ** 31);
    const pick = () => pieces[Math.floor(random() * pieces.length)] ?? "";
    for (let n = 0; n < TEXTS; n += TOGETHER) {
      await check(
        Array.from({ length: TOGETHER }, () =>
          Array.from({ length: 1 + Math.floor(random() * 14) }, pick).join(""),
        ),
      );
    }
  });
});
