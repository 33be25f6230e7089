// Texts of the largest size of a message that were made to be slow to read, to color, or to lay out. For tests and the benchmark.
import { limits } from "../../protocol/limits.ts";

/** Repeats a part up to the limit on a message's bytes. */
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
  "a table": `|a|b|\n|-|-|\n${"|1|2|\n".repeat(400)}`,
  paragraphs: filled("*a*\n\n"),
  "line breaks": filled("*a\n"),
};
