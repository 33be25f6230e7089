// The answer for lines of another's file from what was found of them in several files.
import type { Span } from "./edges.ts";
import type { Location } from "./locate.ts";

/** Lines of one of the user's own files; counted from 0. */
export type OwnPlace<File> = { readonly file: File; readonly span: Span };

export type OwnMatch<File> =
  | { readonly state: "same" | "moved" | "changed"; readonly place: OwnPlace<File> }
  /** Perhaps at one of these, the likeliest first. */
  | { readonly state: "unsure"; readonly places: readonly OwnPlace<File>[] }
  | { readonly state: "gone" };

/** Candidates that are offered. */
const OFFERED = 8;

const RANK = { same: 0, moved: 0, changed: 1 } as const;

/** Certain only if one file alone has them as well as none of the others. */
export function bestMatch<File>(
  found: readonly (readonly [file: File, location: Location])[],
): OwnMatch<File> {
  const sure = found.flatMap(([file, each]) =>
    "span" in each ? [{ state: each.state, place: { file, span: each.span } }] : [],
  );
  const rank = Math.min(...sure.map(({ state }) => RANK[state]));
  const best = sure.filter(({ state }) => RANK[state] === rank);
  const [first, ...others] = best;
  if (first !== undefined && others.length === 0) return first;
  const unsure = found.flatMap(([file, each]) =>
    each.state === "unsure" ? each.spans.map((span) => ({ file, span })) : [],
  );
  const places = [...best.map(({ place }) => place), ...unsure];
  if (first !== undefined || found.some(([, { state }]) => state === "unsure"))
    return { state: "unsure", places: places.slice(0, OFFERED) };
  return { state: "gone" };
}
