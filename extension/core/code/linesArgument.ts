// The argument of \send: a path and lines, as in `src/a.ts:12-20` or `src/a.ts#L12-L20`.
import type { WrittenLines } from "../../../protocol/fileReference.ts";

const LINES = /(?::(\d{1,7})(?::\d{1,6})?(?:-(\d{1,7}))?|#L(\d{1,7})(?:-L?(\d{1,7}))?)$/u;

/** Null if it names no file or no lines. */
export function parseLines(argument: string): WrittenLines | null {
  const text = argument.replace(/^(["'`])(.*)\1(?=[:#]|$)/u, "$2");
  const found = LINES.exec(text);
  if (found === null) return null;
  const path = text.slice(0, found.index);
  const line = Number(found[1] ?? found[3]);
  const toLine = Number(found[2] ?? found[4] ?? line);
  if (path === "" || path.length > 1024 || line < 1 || toLine < line) return null;
  return { path, line, toLine };
}
