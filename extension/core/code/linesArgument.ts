// The argument of \send: a path and lines, as in `src/a.ts:12-20` or `src/a.ts#L12-L20`.
import type { WrittenLines } from "../../../protocol/fileReference.ts";

/** As in links to files: behind a column, a number alone is a column too. */
const LINES = new RegExp(
  `(?:${[
    ":(\\d{1,7})(?:-(\\d{1,7})(?::\\d{1,6})?)?",
    ":(\\d{1,7}):\\d{1,6}(?:-(?:(\\d{1,7}):)?\\d{1,6})?",
    "#L(\\d{1,7})(?:C\\d{1,6})?(?:-L?(\\d{1,7})(?:C\\d{1,6})?)?",
  ].join("|")})$`,
  "u",
);

/** Null if it names no file or no lines. */
export function parseLines(argument: string): WrittenLines | null {
  const text = argument.replace(/^(["'`])(.*)\1(?=[:#]|$)/u, "$2");
  const found = LINES.exec(text);
  if (found === null) return null;
  const path = text.slice(0, found.index);
  const [line = 0, toLine = line] = found.slice(1).map(Number).filter(Number.isInteger);
  if (path === "" || path.length > 1024 || line < 1 || toLine < line) return null;
  return { path, line, toLine };
}
