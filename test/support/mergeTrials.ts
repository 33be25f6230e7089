// Versions of a text for merges. Usually lines repeat: as in code, or nearly all of them, so that most changes can be read in several
// ways. In distinct trials no line repeats, so each merge has one result.
import { seededRandom } from "./seededRandom.ts";

export type MergeTrial = { readonly base: string; readonly mine: string; readonly theirs: string };

const REPEATED = ["", "}", "  return x;", "{"];

export function mergeTrial(seed: number, isDistinct = false): MergeTrial {
  const random = seededRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const style = isDistinct ? 0 : below(3);
  let lines = 0;
  const line = (): string => {
    if (style === 2) return "abcd".charAt(below(4));
    const isRepeated = !isDistinct && below(style === 1 ? 3 : 5) === 0;
    if (isRepeated) return REPEATED[below(style === 1 ? 4 : 2)] ?? "";
    lines += 1;
    return `  const value${lines} = read(${below(1_000)});`;
  };
  const some = (): string[] => Array.from({ length: 1 + below(4) }, line);
  const edited = (before: readonly string[]): string[] => {
    const after = [...before];
    for (let edits = 1 + below(4); edits > 0; edits -= 1) {
      const at = below(after.length + 1);
      const count = 1 + below(4);
      const to = below(after.length + 1);
      const kind = below(6);
      if (kind === 0) after.splice(at, 0, ...some());
      else if (kind === 1) after.splice(at, count);
      else if (kind === 2) after.splice(at, count, ...some());
      else if (kind === 3) after.splice(at, 1, `${after[at] ?? ""} // edited`);
      else if (kind === 4) after.splice(to, 0, ...(isDistinct ? some() : after.slice(at, at + count)));
      else after.splice(to, 0, ...after.splice(at, count));
    }
    return after;
  };
  const text = (of: readonly string[]): string =>
    of.join("\n") + (of.length > 0 && below(10) > 0 ? "\n" : "");
  const base = Array.from({ length: below(style === 2 ? 25 : 60) }, line);
  // Often both sides have some of the same edits.
  const shared = below(4) === 0 ? edited(base) : base;
  const side = (): string => text(shared !== base && below(2) === 0 ? shared : edited(shared));
  return { base: text(base), mine: side(), theirs: side() };
}
