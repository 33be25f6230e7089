// Finds escapes and code spans. marked's own expressions search the rest of the text again for each unclosed run of
// backticks, and a text can contain thousands of those. Here they are found in one pass, or each search is charged.

/**
 * As marked calls it for each match: with the backticks of a code span, or an escaped character; both undefined if it
 * is neither.
 */
type Replacer = (match: string, backticks?: string, escaped?: string) => string;

/** Replaces marked's expression. Each run of backticks is visited a bounded number of times. */
export const escapesOutsideCode = {
  [Symbol.replace](text: string, replace: Replacer): string {
    const runs = new Runs(text);
    let result = "";
    let end = 0;
    for (const { 0: match, 1: escaped, index } of text.matchAll(/`+|\\([\p{P}\p{S}])/gu)) {
      // It is part of a code span found earlier.
      if (index < end) continue;
      const start = index + match.length;
      const closer = escaped === undefined ? runs.next(match.length, start) : undefined;
      const whole = closer === undefined ? match : text.slice(index, closer + match.length);
      result += text.slice(end, index) + replace(whole, closer === undefined ? undefined : match, escaped);
      end = index + whole.length;
    }
    return result + text.slice(end);
  },
};

/** The cost of each character: it is scanned once for the end of the code span, and again if there is one. */
const CODE_WORK = 2;

/** Replaces marked's expression for a code span at the beginning of a text. */
export function codeSpanRule(rule: RegExp, spend: (work: number) => void): RegExp {
  const exec = (text: string) => {
    let opener = 0;
    let end = 0;
    for (const { 0: run, index } of text.matchAll(/`+/gu)) {
      spend(CODE_WORK * (index + run.length - end));
      end = index + run.length;
      if (index === 0) opener = run.length;
      else if (run.length === opener) return rule.exec(text);
    }
    spend(CODE_WORK * (text.length - end));
    return null;
  };
  return { exec } as RegExp;
}

/** The runs of backticks in a text, by length. Remembers how far each length has been searched. */
class Runs {
  readonly #starts = new Map<number, number[]>();

  constructor(text: string) {
    for (const { 0: run, index } of text.matchAll(/`+/gu)) {
      const starts = this.#starts.get(run.length);
      if (starts === undefined) this.#starts.set(run.length, [index]);
      else starts.push(index);
    }
    for (const starts of this.#starts.values()) starts.reverse();
  }

  /** The position of the next run of this length. Positions must increase from call to call. */
  next(length: number, from: number): number | undefined {
    const starts = this.#starts.get(length);
    while ((starts?.at(-1) ?? from) < from) starts?.pop();
    return starts?.at(-1);
  }
}
