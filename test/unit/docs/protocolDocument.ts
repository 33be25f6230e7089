// docs/PROTOCOL.md in parts, for the tests that compare it with the code.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../../docs/PROTOCOL.md", import.meta.url), "utf8");

export const protocolDocument = text;

/** The text below a heading, up to the next one of its level or above. */
export function section(heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`no heading ${heading}`);
  const below = text.slice(start + heading.length + 2);
  const end = new RegExp(`^#{1,${String(level)}} `, "mu").exec(withoutCode(below))?.index;
  return below.slice(0, end);
}

/** Code blocks as blank space of the same length. */
export function withoutCode(part: string): string {
  return part.replace(/^```[^]*?^```/gmu, (block) => block.replace(/[^\n]/gu, " "));
}

/** The rows of all tables in a text, by the names of their columns; code and its quotes stay as they are. */
export function rowsOf(part: string): Record<string, string>[] {
  const lines = withoutCode(part).split("\n");
  const cellsOf = (line: string): string[] =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim());
  let names: string[] = [];
  return lines.flatMap((line, n) => {
    if (!line.startsWith("|")) return [];
    if (lines[n + 1]?.startsWith("| -") === true) {
      names = cellsOf(line);
      return [];
    }
    if (line.startsWith("| -")) return [];
    const cells = cellsOf(line);
    return [Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""]))];
  });
}

/** What a text has in back quotes. */
export function quoted(part: string): string[] {
  return [...part.matchAll(/`([^`]+)`/gu)].map(([, value = ""]) => value);
}

/** The contents of a text's code blocks. */
export function codeBlocks(part: string): string[] {
  return [...part.matchAll(/^```.*\n([^]*?)^```/gmu)].map(([, code = ""]) => code);
}

/** Numbers of a text, such as 1,024 and 1/6. */
export function numbersOf(part: string): number[] {
  return [...part.matchAll(/\d[\d,]*(?:\/\d+)?/gu)].map(([number]) => {
    const [above = 0, below = 1] = number.replaceAll(",", "").split("/").map(Number);
    return above / below;
  });
}
