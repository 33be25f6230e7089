// A text without the code in it, whose letters mean something else than what its author says.

/** A fence, other marks that can begin or end code, or a blank line. */
const MARKS = /^[ \t>]*(`{3,}(?=[^`\n]*$)|~{3,})|(`+|~{3,})|\n(?=[ \t]*\n)/gmu;

type Run = {
  /** Empty for a blank line. */
  readonly marks: string;
  readonly isFence: boolean;
  readonly start: number;
  readonly end: number;
};

/** Takes time proportional to the length of the text. */
export function withoutCode(text: string): string {
  const runs = Array.from(text.matchAll(MARKS), ({ 0: whole, 1: fence, 2: other, index }): Run => {
    const marks = fence ?? other ?? "";
    const end = index + whole.length;
    return { marks, isFence: fence !== undefined, start: end - marks.length, end };
  });
  /** Marks that nothing closes in this paragraph. */
  const unclosed = new Set<string>();
  let words = "";
  let end = 0;
  for (const [at, run] of runs.entries()) {
    if (run.start < end) continue;
    if (run.marks === "") unclosed.clear();
    if (unclosed.has(run.marks)) continue;
    const closed = endOfCode(text, runs, at);
    if (closed === null) unclosed.add(run.marks);
    else {
      words += `${text.slice(end, run.start)}\n`;
      end = closed;
    }
  }
  return words + text.slice(end);
}

/** Where the code ends that begins at a run: at a line's end behind a fence, or in the same paragraph. Null if none begins. */
function endOfCode(text: string, runs: readonly Run[], at: number): number | null {
  const { marks, isFence } = runs[at] ?? { marks: "", isFence: false };
  if (!isFence && !marks.startsWith("`")) return null;
  for (let next = at + 1; next < runs.length; next++) {
    const run = runs[next];
    if (run === undefined) break;
    if (isFence ? run.marks.startsWith(marks) && endsLine(text, run.end) : run.marks === marks)
      return run.end;
    if (!isFence && run.marks === "") return null;
  }
  return isFence ? text.length : null;
}

function endsLine(text: string, at: number): boolean {
  const end = text.indexOf("\n", at);
  return text.slice(at, end < 0 ? undefined : end).trim() === "";
}
