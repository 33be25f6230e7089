// Breeds texts that are slow to parse or to color: in each generation the most expensive ones reproduce. The measure is
// the work of regular expressions in steps, so that a seed gives the same texts everywhere. Runs in a worker with a
// deep stack.
import { parentPort, workerData } from "node:worker_threads";
import * as v from "valibot";
import { chatText } from "../../webview/markdown/chatText.ts";
import { highlighted } from "../../webview/markdown/highlight.ts";
import { ChatLexer, ChatTokenizer } from "../../webview/markdown/tokenizer.ts";
import { stepsOf, TooManySteps } from "./regexSteps.ts";
import { seededRandom } from "./seededRandom.ts";

export const Search = v.object({
  /** Languages of highlight.js, one after the other; null for a message's Markdown. */
  languages: v.array(v.nullable(v.string())),
  seed: v.number(),
  generations: v.number(),
  /** Characters of a text while it is bred, and of those measured in the end. */
  small: v.number(),
  large: v.number(),
  limit: v.number(),
  /** Measured before any are bred. */
  known: v.array(v.object({ language: v.nullable(v.string()), text: v.string() })),
});
export type Search = v.InferOutput<typeof Search>;

/** `most` is the allowed maximum. */
export type Worst = {
  readonly language: string | null;
  readonly steps: number;
  readonly most: number;
  readonly text: string;
};

/** The allowed maximum: this many steps for each unit of charged work, and for each character. */
const STEPS_PER_WORK = 6;
const STEPS_PER_CHARACTER = 50;

/** A text consists of its head, its unit repeated to fill the room, and its tail. */
type Genome = readonly [head: readonly string[], unit: readonly string[], tail: readonly string[]];

const HERD = 12;
const PARENTS = 4;
const MEASURED = 2;
const LONGEST = 8;

const shared = [
  "a",
  "aa",
  "A",
  "1",
  "0x",
  " ",
  "  ",
  "\t",
  "\n",
  "\n\n",
  "é",
  "א",
  "_",
  "-",
  "--",
  ".",
  ",",
  ":",
  "::",
  ";",
  "'",
  '"',
];
const marks = [
  ...[
    "*",
    "**",
    "_",
    "~~",
    "`",
    "``",
    "```",
    "```\n",
    "~~~",
    "> ",
    ">",
    "- ",
    "* ",
    "1. ",
    "+ ",
    "|",
    "|-",
    "|-|-\n",
    ":-:",
    "#",
    "# ",
  ],
  ...[
    "[",
    "](",
    ")",
    "(",
    "]",
    "![",
    "<",
    ">",
    "<!--",
    "-->",
    "<?",
    "<a ",
    "&",
    "&a;",
    "\\",
    "\\\n",
    "http://",
    "www.",
    "a@b.c",
    "@",
  ],
  ...["mailto:", "\u00a0", "    ", "===", "---", "[ ] ", "a|b\n-|-\n", "\\`", "`````", "?", "!", "😀"],
  ...["*a*", "*a*\n", "- a\n", "> a\n", "[a](b)", " ".repeat(40), "- ".repeat(20), "|-".repeat(20), "~~a "],
];
const codeMarks = [
  ...[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "<",
    ">",
    "/",
    "//",
    "/*",
    "*/",
    "*",
    "#",
    "##",
    "@",
    "$",
    "${",
    "`",
    "=",
    "=>",
    "==",
    "&",
    "|",
    "%",
    "!",
  ],
  ...[
    "\\",
    'r"',
    'f"',
    '"""',
    "#include <",
    "template<",
    "function ",
    "class ",
    "def ",
    "fn ",
    "func ",
    "new ",
    "import ",
    "select ",
    "e",
    "E+",
  ],
  ...[
    "---",
    "- ",
    "? ",
    ": ",
    "<a",
    "</",
    "/>",
    "<!--",
    "url(",
    "!important",
    "x:",
    "export ",
    "async ",
    "final ",
    "int ",
    "u8",
    ".0",
    "@@",
  ],
];

if (parentPort !== null) {
  const search = v.parse(Search, workerData);
  const known = search.known.map(({ language, text }) => measured(language, text, search.limit));
  parentPort.postMessage([...known, ...search.languages.map((language) => worst(language, search))]);
}

function measured(language: string | null, text: string, limit: number): Worst {
  const act = () => (language === null ? chatText(text, () => null) : highlighted(text, language));
  try {
    const steps = stepsOf(act, limit);
    return { language, steps, most: language === null ? Math.min(limit, charged(text)) : limit, text };
  } catch (error) {
    if (error instanceof TooManySteps || error instanceof RangeError)
      return { language, steps: limit + 1, most: limit, text };
    throw error;
  }
}

function charged(text: string): number {
  const tokenizer = new ChatTokenizer(text.length);
  try {
    new ChatLexer(tokenizer, { gfm: true, breaks: true }).lex(text);
  } catch {
    // It is shown as plain text.
  }
  return tokenizer.work * STEPS_PER_WORK + text.length * STEPS_PER_CHARACTER;
}

function worst(language: string | null, { seed, generations, small, large, limit }: Search): Worst {
  const random = seededRandom(seed);
  const below = (most: number) => Math.floor(random() * most);
  const pieces = [...shared, ...(language === null ? marks : codeMarks)];
  const pick = <T>(all: readonly T[]): T => {
    const one = all[below(all.length)];
    if (one === undefined) throw new Error("There is nothing to pick from");
    return one;
  };
  // For code, lines of the maximum length that gets colors.
  const textOf = (genome: Genome, size: number): string => {
    const text = written(genome, size);
    if (language === null) return text;
    const line = Math.min(190, Math.floor(150_000 / size));
    return text.replace(new RegExp(`[^\\n]{${line}}`, "gu"), "$&\n").slice(0, large);
  };
  const some = (most: number) => Array.from({ length: below(most + 1) }, () => pick(pieces));
  const measure = (genome: Genome, size: number) => measured(language, textOf(genome, size), limit);
  const changed = (part: readonly string[]): readonly string[] => {
    const at = below(part.length + 1);
    switch (below(4)) {
      case 0:
        return part.toSpliced(at, 1);
      case 1:
        return part.toSpliced(at, 0, ...part.slice(0, 3)).slice(0, LONGEST);
      default:
        return part.toSpliced(at, below(2), pick(pieces)).slice(0, LONGEST);
    }
  };
  const child = ([head, unit, tail]: Genome, [, otherUnit, otherTail]: Genome): Genome => {
    const crossed = below(3) === 0 ? [...unit.slice(0, 2), ...otherUnit.slice(-2)] : unit;
    return [below(3) === 0 ? changed(head) : head, changed(crossed), below(3) === 0 ? otherTail : tail];
  };
  const newcomer = (): Genome => [some(2), [pick(pieces), ...some(3)], some(2)];
  let herd = Array.from({ length: HERD * 2 }, newcomer);
  for (let generation = 0; generation < generations; generation++) {
    const ranked = herd
      .map((genome) => ({ genome, share: shareOf(measure(genome, small)) }))
      .sort((a, b) => b.share - a.share)
      .slice(0, PARENTS)
      .map(({ genome }) => genome);
    herd = [
      ...ranked,
      ...Array.from({ length: HERD - PARENTS - 2 }, () => child(pick(ranked), pick(ranked))),
      newcomer(),
      newcomer(),
    ];
  }
  return herd
    .slice(0, MEASURED)
    .flatMap((genome) => [small, large].map((size) => measure(genome, size)))
    .reduce((a, b) => (shareOf(b) > shareOf(a) ? b : a));
}

function shareOf({ steps, most }: Worst): number {
  return steps / most;
}

function written([head, unit, tail]: Genome, size: number): string {
  const [before, again, after] = [head.join(""), unit.join("") || "a", tail.join("")];
  const times = Math.max(1, Math.floor((size - before.length - after.length) / again.length));
  return before + again.repeat(times) + after;
}
