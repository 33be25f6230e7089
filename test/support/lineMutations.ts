// Changes files as people change them, and keeps track of each line, so that the right answer for a selection is known.
import { linesOf } from "../../extension/core/code/lines.ts";

/** A line and its index in the base; null for a new line. A copy is new too, but its original is known. */
type Line = { readonly text: string; readonly origin: number | null; readonly copyOf?: number | null };

export type Mutated = {
  readonly base: readonly string[];
  /** Counted from 0, both ends included. */
  readonly range: { readonly from: number; readonly to: number };
  readonly target: readonly string[];
  /** What the range has become; "gone", or "torn" into parts that are one range no more. */
  readonly truth: { readonly from: number; readonly to: number } | "gone" | "torn";
  /** A copy has at least as much of the selection and its surroundings as the original: they cannot be distinguished. */
  readonly isAmbiguous: boolean;
  /** For each line of the target, the base's line that it is or was copied from; null for a new line. */
  readonly origins: readonly (number | null)[];
  readonly isCopy: readonly boolean[];
  readonly done: readonly string[];
};

/** A random number from 0 to below 1. */
type Chance = () => number;

/** Files that lines are pasted from. */
export type Sources = readonly (readonly string[])[];

const below = (chance: Chance, most: number): number => Math.floor(chance() * most);

/** @param mutations how many, one after the other */
export function mutate(source: string, sources: Sources, mutations: number, chance: Chance): Mutated {
  const base = linesOf(source);
  const range = selectionIn(base, chance);
  let lines: Line[] = base.map((text, origin) => ({ text, origin }));
  const done: string[] = [];
  for (let i = 0; i < mutations; i += 1) {
    // Most changes happen somewhere in the file; a quarter hit the selection.
    const kinds = Object.entries(chance() < 0.25 ? AIMED : MUTATIONS);
    for (const [name, change] of kinds.slice(below(chance, kinds.length)).slice(0, 1)) {
      lines = change(lines, { range, sources, chance });
      done.push(name);
    }
  }
  // Files travel as text, with the line endings of their system.
  const lineEnding = chance() < 0.2 ? "\r\n" : "\n";
  const target = linesOf(lines.map(({ text }) => text + lineEnding).join(""));
  return {
    ...{ base, range, target, truth: truthOf(lines, base, range), done },
    isAmbiguous: isAmbiguousIn(lines, base, range),
    origins: lines.map(({ origin, copyOf }) => origin ?? copyOf ?? null),
    isCopy: lines.map(({ copyOf }) => copyOf !== undefined && copyOf !== null),
  };
}

/** Lines around a selection that tell where it stands. */
const BESIDE = 8;

function isAmbiguousIn(
  lines: readonly Line[],
  base: readonly string[],
  { from, to }: Mutated["range"],
): boolean {
  const length = to - from + 1;
  const resembles = (index: number, origin: number | null | undefined): boolean =>
    origin !== null && origin !== undefined && similar(lines[index]?.text ?? "", base[origin] ?? "");
  const score = (center: number, own: boolean): number => {
    const seen = new Set<number>();
    for (let i = center - length - BESIDE; i <= center + length + BESIDE; i += 1) {
      const origin = lines[i]?.origin ?? (own ? null : lines[i]?.copyOf);
      if (origin === null || origin === undefined || !resembles(i, origin)) continue;
      if (origin >= from - BESIDE && origin <= to + BESIDE) seen.add(origin);
    }
    return seen.size;
  };
  const best = (own: boolean): number =>
    lines.reduce((most, { origin, copyOf }, index) => {
      const at = own ? origin : copyOf;
      return at !== null && at !== undefined && at >= from && at <= to
        ? Math.max(most, score(index, own))
        : most;
    }, 0);
  const copy = best(false);
  if (copy > 0 && copy >= best(true)) return true;
  // The copy goes on for longer in its original's order.
  const run = (index: number, own: boolean, step: -1 | 1): number => {
    for (let k = 1; ; k += 1) {
      const [last, next] = [lines[index + (k - 1) * step], lines[index + k * step]];
      const at = own ? next?.origin : (next?.origin ?? next?.copyOf);
      const previous = own ? last?.origin : (last?.origin ?? last?.copyOf);
      const isNext = typeof at === "number" && typeof previous === "number" && at === previous + step;
      if (!isNext || !resembles(index + k * step, at)) return k;
    }
  };
  const longest = (own: boolean): number =>
    lines.reduce((most, { origin, copyOf }, index) => {
      const at = own ? origin : copyOf;
      const isSelected = typeof at === "number" && at >= from && at <= to && resembles(index, at);
      return isSelected ? Math.max(most, run(index, own, -1) + run(index, own, 1) - 1) : most;
    }, 0);
  if (longest(false) > longest(true)) return true;
  // Most of the original was rewritten, and more of it stands in a copy.
  const unchanged = (own: boolean): number =>
    new Set(
      lines.flatMap(({ origin, copyOf }, index) => {
        const at = own ? origin : copyOf;
        const isSelected = at !== null && at !== undefined && at >= from && at <= to;
        return isSelected && resembles(index, at) ? [at] : [];
      }),
    ).size;
  return unchanged(true) < length / 2 && unchanged(false) > unchanged(true);
}

export function similar(one: string, other: string): boolean {
  return one.replace(/\s+/g, "") === other.replace(/\s+/g, "");
}

/** What people select: mostly a few lines, at times one, or a whole function; never only brackets and blank lines. */
function selectionIn(lines: readonly string[], chance: Chance): Mutated["range"] {
  for (;;) {
    const most = [1, 4, 12, 40][below(chance, 4)] ?? 1;
    const from = below(chance, lines.length);
    const to = Math.min(lines.length - 1, from + below(chance, most));
    if (lines.slice(from, to + 1).some((line) => /[\p{L}\p{N}]/u.test(line))) return { from, to };
  }
}

/**
 * Torn: its lines are out of order, or more lines stand between them than there were. A line that was both moved away and rewritten
 * is gone: it cannot be recognized.
 */
function truthOf(
  lines: readonly Line[],
  base: readonly string[],
  { from, to }: Mutated["range"],
): Mutated["truth"] {
  const places = lines.flatMap(({ text, origin }, index) =>
    origin !== null && origin >= from && origin <= to
      ? [{ origin, index, isKnown: similar(text, base[origin] ?? "") }]
      : [],
  );
  const known = places.filter(({ isKnown }) => isKnown);
  const isInOrder = (all: typeof places): boolean =>
    all.every(({ origin }, i) => i === 0 || origin > (all[i - 1]?.origin ?? 0));
  const isTogether = (all: typeof places): boolean =>
    (all.at(-1)?.index ?? 0) - (all[0]?.index ?? 0) < 2 * (to - from + 1) + 2;
  if (places.length === 0) return "gone";
  const left = isInOrder(places) && isTogether(places) ? places : known;
  const [first, last] = [left[0], left.at(-1)];
  if (first === undefined || last === undefined || !isInOrder(left) || !isTogether(left)) return "torn";
  return { from: first.index, to: last.index };
}

type Context = { readonly range: Mutated["range"]; readonly sources: Sources; readonly chance: Chance };
type Mutation = (lines: Line[], context: Context) => Line[];

const copied = (lines: readonly Line[]): Line[] =>
  lines.map(({ text, origin, copyOf }) => ({ text, origin: null, copyOf: origin ?? copyOf ?? null }));

/** A random run of lines. */
function block(lines: readonly Line[], chance: Chance, most: number): { at: number; count: number } {
  const count = 1 + below(chance, Math.min(most, lines.length));
  return { at: below(chance, lines.length - count + 1), count };
}

function isSelected({ origin }: Line, { from, to }: Mutated["range"]): boolean {
  return origin !== null && origin >= from && origin <= to;
}

/** The indexes of the selected lines. */
function selected(lines: readonly Line[], range: Mutated["range"]): number[] {
  return lines.flatMap((line, index) => (isSelected(line, range) ? [index] : []));
}

/** Replaces one word of a line. */
function edited(text: string, chance: Chance): string {
  const words = [...text.matchAll(/[A-Za-z_]\w*/g)];
  const word = words[below(chance, words.length)];
  if (word === undefined) return `${text} // ${String(below(chance, 100))}`;
  const { index } = word;
  return `${text.slice(0, index)}other${String(below(chance, 100))}${text.slice(index + word[0].length)}`;
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  "insert lines of another file": (lines, { sources, chance }) => {
    const source = sources[below(chance, sources.length)] ?? [];
    const at = below(chance, source.length);
    const pasted = source.slice(at, at + 1 + below(chance, 20)).map((text) => ({ text, origin: null }));
    return lines.toSpliced(below(chance, lines.length + 1), 0, ...pasted);
  },
  "delete lines": (lines, { chance }) => {
    const { at, count } = block(lines, chance, 10);
    return lines.length - count < 2 ? lines : lines.toSpliced(at, count);
  },
  "move a block": (lines, { chance }) => {
    const { at, count } = block(lines, chance, 40);
    const rest = lines.toSpliced(at, count);
    return rest.toSpliced(below(chance, rest.length + 1), 0, ...lines.slice(at, at + count));
  },
  "duplicate a block": (lines, { chance }) => {
    const { at, count } = block(lines, chance, 40);
    return lines.toSpliced(below(chance, lines.length + 1), 0, ...copied(lines.slice(at, at + count)));
  },
  "rename a word everywhere": (lines, { chance }) => {
    const line = lines[below(chance, lines.length)]?.text ?? "";
    const words = line.match(/[A-Za-z_]\w{2,}/g) ?? [];
    const word = words[below(chance, words.length)];
    if (word === undefined) return lines;
    const pattern = new RegExp(`\\b${word}\\b`, "g");
    return lines.map((line) => ({ ...line, text: line.text.replace(pattern, `${word}Renamed`) }));
  },
  "edit lines anywhere": (lines, { chance }) =>
    lines.map((line) => (chance() < 0.03 ? { ...line, text: edited(line.text, chance) } : line)),
  "indent by tabs": (lines) =>
    lines.map((line) => ({
      ...line,
      text: line.text.replace(/^ +/, (spaces) => "\t".repeat(Math.ceil(spaces.length / 2))),
    })),
  "indent all": (lines) => lines.map((line) => ({ ...line, text: `    ${line.text}` })),
  "check out another commit": (lines, context) => {
    const changes = [
      "insert lines of another file",
      "delete lines",
      "edit lines anywhere",
      "insert lines of another file",
    ];
    return changes.reduce((changed, name) => MUTATIONS[name]?.(changed, context) ?? changed, lines);
  },
  "indent a block": (lines, { chance }) => {
    const { at, count } = block(lines, chance, 60);
    return lines.map((line, i) => (i >= at && i < at + count ? { ...line, text: `  ${line.text}` } : line));
  },
  "swap two blocks": (lines, { chance }) => {
    const { at, count } = block(lines, chance, 30);
    const next = 1 + below(chance, 30);
    return [
      ...lines.slice(0, at),
      ...lines.slice(at + count, at + count + next),
      ...lines.slice(at, at + count),
      ...lines.slice(at + count + next),
    ];
  },
};

/** Changes of the selection itself. */
const AIMED: Readonly<Record<string, Mutation>> = {
  "move the selection": (lines, { range, chance }) => {
    const places = selected(lines, range);
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return lines;
    const rest = lines.toSpliced(first, last - first + 1);
    return rest.toSpliced(below(chance, rest.length + 1), 0, ...lines.slice(first, last + 1));
  },
  "duplicate the selection and what surrounds it": (lines, { range, chance }) => {
    const places = selected(lines, range);
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return lines;
    const beside = below(chance, 12);
    const copy = copied(lines.slice(Math.max(0, first - beside), last + 1 + beside));
    const at = [first, last + 1, below(chance, lines.length + 1)][below(chance, 3)] ?? 0;
    return lines.toSpliced(at, 0, ...copy);
  },
  "paste a decoy": (lines, { range, chance }) => {
    const copy = copied(lines.filter((line) => isSelected(line, range))).map((line) =>
      chance() < 0.2 ? { ...line, text: edited(line.text, chance) } : line,
    );
    return lines.toSpliced(below(chance, lines.length + 1), 0, ...copy);
  },
  "edit a line of the selection": (lines, { range, chance }) => {
    const places = selected(lines, range);
    const at = places[below(chance, places.length)];
    const line = at === undefined ? undefined : lines[at];
    if (at === undefined || line === undefined) return lines;
    return lines.with(at, { ...line, text: edited(line.text, chance) });
  },
  "insert into the selection": (lines, { range, sources, chance }) => {
    const places = selected(lines, range);
    const at = places[below(chance, places.length)];
    const source = sources[below(chance, sources.length)] ?? [];
    const text = source[below(chance, source.length)];
    return at === undefined || text === undefined ? lines : lines.toSpliced(at, 0, { text, origin: null });
  },
  "delete what surrounds the selection": (lines, { range, chance }) => {
    const places = selected(lines, range);
    const [first, last] = [places[0], places.at(-1)];
    if (first === undefined || last === undefined) return lines;
    const [above, under] = [below(chance, 9), below(chance, 9)];
    const kept = lines.toSpliced(last + 1, under);
    return kept.toSpliced(Math.max(0, first - above), Math.min(above, first));
  },
};
