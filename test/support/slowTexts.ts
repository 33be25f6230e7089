// Messages of the largest size that are slow to parse, to color, or to lay out.
import { limits } from "../../protocol/limits.ts";

/** Repeats a part up to the size limit of a message. */
export function filled(part: string): string {
  return part.repeat(Math.floor(limits.textBytes / Buffer.byteLength(part)));
}

const code = (language: string, line: string): string =>
  `\`\`\`${language}\n${line.repeat(Math.floor(9_900 / line.length))}\n\`\`\``;

export const slowTexts: Readonly<Record<string, string>> = {
  "table delimiters": filled("|-\n"),
  "lines of a dot": filled("\n."),
  "C++ in endless lines": code("cpp", `${"a".repeat(990)}\n`),
  "C++ in lines of 190": code("cpp", `${"a".repeat(190)}\n`),
  Hebrew: filled("שלום עולם "),
  "Hebrew, emphasized": filled("*שלום* עולם\n"),
  "both directions": filled("שלום hello 12 "),
  "turned directions": filled("\u202eab\u202c"),
  isolates: filled("\u2067a\u2069"),
  "combining marks": filled("a\u0301\u0302\u0303\u0304"),
  emoji: filled("👩‍👩‍👧‍👦"),
  "all scripts": filled("aאعकกあ한文Ω"),
  "one word": filled("x"),
  words: filled("word "),
  "list items": filled("- a\n"),
  quotes: filled("> a\n\n"),
  emphasis: filled("*a* "),
  "code spans": filled("`a` "),
  links: filled("http://a.b "),
  "links to files": filled("a.ts:1 "),
  "almost links to files": filled('":1 a.a:1:a(1)a#L1請a:1\n'),
  "a table": `|a|b|\n|-|-|\n${"|1|2|\n".repeat(400)}`,
  paragraphs: filled("*a*\n\n"),
  "line breaks": filled("*a\n"),
  "emphasis in emphasis": filled("*a **b *c ~~d~~* e** f* "),
  "strong emphasis": filled("***a*** "),
  "all marks": filled("*a* `b` ~~c~~ **d** "),
  "lists in quotes": filled("> - > - > - a\n"),
  "lists in lists": Array.from({ length: 170 }, (_, depth) => `${" ".repeat(depth)}- a`).join("\n"),
  "quotes in quotes": filled("> > > > > > > > a\n\n"),
  "links in both directions": filled("[שלום](http://a.b) hello "),
  "links with titles": filled('[a](http://b.c "x") '),
  "a table of emphasis": `|a|b|c|d|\n|-|-|-|-|\n${"|*1*|**2**|`3`|~~4~~|\n".repeat(500)}`,
  "addresses in brackets": filled('<?www.<?">'),
  "escaped backticks": filled("<!--\\```"),
  "backticks that nothing closes": filled(`\\\`\`\`\`\`\`\`\`\`\n${" ".repeat(40)}`),
  "escaped backticks in links": filled(`[${"\\```x".repeat(800)}](http://a.b)`),
  "dashes that are no table": `*a*\n${"-".repeat(limits.textBytes - 5)}x`,
  "lists in lists on one line": filled(`${"- ".repeat(99)}x\ny\n`),
  "dashes in lists": `${"- ".repeat(20)}${"-".repeat(limits.textBytes - 43)}x\ny`,
  "spaces in emphasis": `*a **b *c ${`${" ".repeat(190)}d`.repeat(85)}* e** f*`,
  "addresses that end in tildes": filled(`http://a.b/${"~".repeat(2000)} `),
  "unclosed strikethrough": filled("xmpp:|-|-\nxmpp:~~"),
  "tables without cells": filled(`\\\n  |-|-${"|-".repeat(11)}\n`),
  "tables of short lines": `a${"|-|-\n  \\\n  \\\n".repeat(300)}`,
  "a narrow table": `|a|\n|-|\n${"|1|\n".repeat(4000)}`,
  brackets: filled("["),
  "less-than signs": filled("<"),
  entities: filled("&amp;"),
  "a pile of marks": `a${filled("\u0301\u0302\u0316")}`,
  "wide characters": filled("漢字かな"),
  "words without spaces": filled("กุ้"),
  "arrays in arrays": code("json", "[1,2,3,4,5,\n"),
  "blocks of code": filled("```c\na\n```\n"),
  "code beside fences": filled("```a b\nc```\n"),
  "code in each language": [
    ...["bash", "c", "cpp", "css", "diff", "go", "java", "javascript", "json", "markdown", "python", "rust"],
    ...["sql", "typescript", "xml", "yaml"],
  ]
    .map((language) => `\`\`\`${language}\nint a(b) { return "c"; } // d\n\`\`\``)
    .join("\n"),
};

/** At the largest size of a message; marked took seconds and more for some. */
export const slowToRead: readonly string[] = [
  ...[
    ">",
    "> ",
    "- ",
    "* ",
    "1. ",
    "[",
    "![",
    "*a",
    "**a ",
    "*a_b",
    "~~a",
    "`a",
    "<",
    "|",
    "a|b\n-|-\n",
    "\\",
  ],
  ...[
    "- a\n - b\n  - c\n",
    "[a](",
    "[a](<",
    "[[a](b)",
    "http://a.b/(",
    "a@b.",
    "- \n",
    "> 1. ",
    "***a",
    "_*",
  ],
  ...["**a*a", "- - a\n"],
]
  .map(filled)
  .concat(
    `*a${" ".repeat(limits.textBytes)}*`,
    `${"*".repeat(limits.textBytes / 2)}a${"*".repeat(limits.textBytes / 2)}`,
    `|${"a|".repeat(60)}\n|${"-|".repeat(60)}\n${"|a\n".repeat(5000)}`,
    Array.from({ length: 170 }, (_, depth) => `${" ".repeat(depth)}- a`).join("\n"),
    Array.from({ length: 170 }, (_, depth) => `${">".repeat(depth)} a`).join("\n"),
  );

/** Code blocks that were slow to color, as language and text. */
export const slowToColor: readonly (readonly [language: string, code: string])[] = [
  ["javascript", `$${"\n".repeat(3998)}`],
  ["cpp", `${"a".repeat(990)}\n`.repeat(4)],
  ["cpp", `${"a".repeat(190)}\n`.repeat(20)],
];
