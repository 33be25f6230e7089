// What VS Code's own Markdown preview makes of an exported conversation, formulas included: nothing in it begins HTML, a
// picture, a formula or a link that others have written, and none reaches beyond its message.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { transcriptText } from "../../../extension/core/view/transcriptText.ts";
import { writeCode } from "../../../protocol/codeText.ts";
import type { CodePart } from "../../../protocol/part.ts";
import type { Entry } from "../../../protocol/webview.ts";
import { somePart } from "../../support/sampleValues.ts";
import { seededRandom } from "../../support/seededRandom.ts";

const TEXTS = 2_000;
/** In one document, which is rendered at once. */
const TOGETHER = 100;

/** A part with as many lines as the code has. */
const partOf = (code: string): CodePart => ({
  ...somePart,
  range: { from: 12, to: 11 + code.split("\n").length },
});
/** A part without a place above its lines. */
const OUTPUT = { kind: "output", at: 0 } as const;

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
  const said = { kind: "message", own: false, at: 0 } as const;
  const honest: Entry = { ...said, from: "bobby", text: "honest" };
  /** With lines of code: in the words above them, in the heading, and in the lines. */
  const cardsWith = (text: string): Entry[] =>
    [
      { words: text, heading: "", code: text },
      { words: "", heading: text, code: "honest" },
      { words: "- list", heading: "", code: text },
    ].flatMap((content) =>
      [partOf(content.code), OUTPUT].flatMap((part): Entry[] => {
        const written = writeCode(content, part);
        return [{ ...said, from: "mallory", text: written.text, part: { ...part, at: written.at } }, honest];
      }),
    );
  const says = (text: string): Entry[] => [
    { ...said, from: "mallory", text, reply: { from: "mallory", text } },
    honest,
    ...cardsWith(text),
  ];

  const check = async (texts: readonly string[]) => {
    const { text } = transcriptText({ title: "t", mark: "P->", entries: texts.flatMap(says) });
    const html = await render(text);
    const messages = html.split(/<p[^>]*>P-&gt; <strong>bobby<\/strong>/u);
    // Each honest message stands by itself, after any hostile one.
    const others = texts.flatMap(says).filter((entry) => entry === honest);
    assert.equal(messages.length, others.length + 1, texts.join("\n=====\n"));
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
