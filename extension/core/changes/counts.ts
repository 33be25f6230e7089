// How many lines a change of a file adds and removes.
import type { FileChange } from "../../../protocol/changes.ts";
import { linesWithBreaks } from "./textLines.ts";

export type LineCounts = { readonly added: number; readonly removed: number };

/** Null for a binary file, which has no lines. */
export function countsOf({ kind, content }: FileChange): LineCounts | null {
  if (content === undefined) return { added: 0, removed: 0 };
  switch (content.as) {
    case "binary":
      return null;
    case "text": {
      const lines = linesWithBreaks(content.text).length;
      return kind === "added" ? { added: lines, removed: 0 } : { added: 0, removed: lines };
    }
    case "hunks": {
      const lines = content.hunks.flatMap(({ body }) => body.split("\n"));
      const count = (sign: string): number => lines.filter((line) => line.startsWith(sign)).length;
      return { added: count("+"), removed: count("-") };
    }
  }
}
