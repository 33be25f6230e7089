// Sends selections of real files to receivers whose files were changed, and judges the answers.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Wanted } from "../../extension/core/code/contentPlace.ts";
import type { LineHash } from "../../extension/core/code/lineIndex.ts";
import { normalized } from "../../extension/core/code/lines.ts";
import { locate, type Location } from "../../extension/core/code/locate.ts";
import { mutate, similar, type Mutated } from "./lineMutations.ts";
import { seededRandom } from "./seededRandom.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const FOLDERS: readonly (readonly [folder: string, endings: readonly string[]])[] = [
  ["extension", [".ts"]],
  ["webview", [".tsx", ".css"]],
  ["docs", [".md"]],
  ["test/unit", [".ts"]],
  [".github", [".yml"]],
  ["l10n", [".json"]],
  ["node_modules/ws/lib", [".js"]],
  ["node_modules/preact/src", [".js"]],
  ["node_modules/mocha/lib", [".js"]],
  ["node_modules/sharp/src", [".cc", ".h"]],
  ["node_modules/node-addon-api", [".h", ".c"]],
  ["node_modules/keytar/src", [".cc", ".h"]],
  ["node_modules/flatted", [".py", ".go", ".php"]],
  ["node_modules/@types/node", [".d.ts"]],
  ["node_modules/typescript/lib", [".json"]],
];

/** So that no language outweighs the others, and no file the rest. */
const FILES_PER_ENDING = 80;
const [LEAST_BYTES, MOST_BYTES] = [600, 200_000];

export type SourceFile = { readonly path: string; readonly text: string };

/** Files of this project and its dependencies, in several languages; or of the dependencies alone, which rarely change. */
export function sourceFiles(which: "all" | "dependencies" = "all"): SourceFile[] {
  const folders = FOLDERS.filter(([folder]) => which === "all" || folder.startsWith("node_modules/"));
  const files = folders.flatMap(([folder, endings]) =>
    namesIn(folder)
      .filter((name) => endings.some((ending) => name.endsWith(ending)))
      .map((name) => `${folder}/${name}`),
  );
  const counts = new Map<string, number>();
  return files
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, "utf8") }))
    .filter(({ path, text }) => {
      const count = (counts.get(extname(path)) ?? 0) + 1;
      if (text.length < LEAST_BYTES || text.length > MOST_BYTES || count > FILES_PER_ENDING) return false;
      counts.set(extname(path), count);
      return true;
    });
}

/** Empty for a dependency that is not installed on this system. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" }).sort();
  } catch {
    return [];
  }
}

/** As the host hashes lines: the first two bytes of SHA-256, keyed with the message's salt. */
export function lineHash(salt: string): LineHash {
  const known = new Map<string, number>();
  return (line) => {
    let hash = known.get(line);
    if (hash === undefined) {
      hash = createHash("sha256").update(`${salt}\n${line}`).digest().readUInt16BE(0);
      known.set(line, hash);
    }
    return hash;
  };
}

/** Lines above and below a selection whose hashes travel with it. */
const AROUND = 8;

export function wantedFrom(
  lines: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
  hash: LineHash,
): Wanted {
  const hashes = (start: number, end: number): number[] =>
    lines.slice(Math.max(0, start), end).map((line) => hash(normalized(line)));
  return {
    lines: lines.slice(from, to + 1),
    before: hashes(from - AROUND, from),
    after: hashes(to + 1, to + 1 + AROUND),
  };
}

export type Trial = {
  readonly mutated: Mutated;
  readonly isSingle: boolean;
  readonly answers: readonly Answer[];
};
export type Answer = {
  readonly hasBase: boolean;
  readonly location: Location;
  readonly verdict: "right" | "unanswered" | "wrong";
};

/** Runs one trial, with and without the base. The seed decides everything. */
export function runTrial(
  files: readonly SourceFile[],
  sources: readonly (readonly string[])[],
  seed: number,
): Trial {
  const chance = seededRandom(seed);
  const chosen = Math.floor(chance() * files.length);
  const file = files[chosen];
  if (file === undefined) throw new Error("There are no files");
  const isSingle = chance() < 0.75;
  const mutations = isSingle ? 1 : 2 + Math.floor(chance() * 19);
  const mutated = mutate(file.text, sources.toSpliced(chosen, 1), mutations, chance);
  const { base, range, target } = mutated;
  const hash = lineHash(String(seed));
  const wanted = wantedFrom(base, range, hash);
  const answers = [true, false].map((hasBase): Answer => {
    const location = locate(wanted, range, target, hasBase ? { lines: base, range } : null, hash);
    return { hasBase, location, verdict: verdictOn(mutated, location) };
  });
  return { mutated, isSingle, answers };
}

export function isAnswerable({ truth, isAmbiguous }: Mutated): boolean {
  return typeof truth === "object" && !isAmbiguous;
}

function verdictOn(mutated: Mutated, location: Location): Answer["verdict"] {
  const { truth } = mutated;
  if (location.state === "unsure") return isAnswerable(mutated) ? "unanswered" : "right";
  if (location.state === "gone")
    return !isAnswerable(mutated) ? "right" : isAnyUnchanged(mutated) ? "wrong" : "unanswered";
  const { span } = location;
  if (typeof truth === "object" && isEqual(truth, span)) return "right";
  return isSentText(span, mutated) || hasEqualEnds(span, mutated) || isBetterCopy(span, mutated)
    ? "right"
    : "wrong";
}

type Range = Mutated["range"];

function isEqual(one: Range, other: Range): boolean {
  return one.from === other.from && one.to === other.to;
}

/** The text that was sent, with the very lines. Equal brackets or blank lines cannot be distinguished from the old one. */
function isSentText({ from, to }: Range, { base, range, target, origins, isCopy }: Mutated): boolean {
  if (to - from !== range.to - range.from) return false;
  return base.slice(range.from, range.to + 1).every((line, i) => {
    if (!similar(line, target[from + i] ?? "")) return false;
    return !HAS_WORD.test(line) || (origins[from + i] === range.from + i && isCopy[from + i] === false);
  });
}

/** The right lines, with a bracket or a blank line at an end that is equal to the one that was sent. */
function hasEqualEnds(span: Range, { base, range, target, truth }: Mutated): boolean {
  if (typeof truth === "string" || !isEqual(withoutBrackets(span, target), withoutBrackets(truth, target)))
    return false;
  const isSame = (at: number, sent: number): boolean => similar(target[at] ?? "", base[sent] ?? "");
  return (
    (span.from === truth.from || isSame(span.from, range.from)) &&
    (span.to === truth.to || isSame(span.to, range.to))
  );
}

/** A range without the lines at its ends that have no word. */
function withoutBrackets({ from, to }: Range, lines: readonly string[]): Range {
  let [first, last] = [from, to];
  while (first < to && !HAS_WORD.test(lines[first] ?? "")) first += 1;
  while (last > first && !HAS_WORD.test(lines[last] ?? "")) last -= 1;
  return { from: first, to: last };
}

const HAS_WORD = /[\p{L}\p{N}]/u;

/**
 * A copy that has more of the selection and its surroundings than what became of the original: who sees the two files can only
 * take it for the original. It must have the ends of the selection, and most of it.
 */
function isBetterCopy(span: Range, mutated: Mutated): boolean {
  const { range, origins, truth } = mutated;
  const held = origins.slice(span.from, span.to + 1);
  const isOf = (origin: number | null | undefined): boolean =>
    typeof origin === "number" && origin >= range.from && origin <= range.to;
  if (!isOf(held[0]) || !isOf(held.at(-1))) return false;
  if (held.filter(isOf).length < (2 / 3) * (range.to - range.from + 1)) return false;
  if (typeof truth === "string") return true;
  // The original has lost everything that was sent, and all of it stands here.
  if (
    held.length === range.to - range.from + 1 &&
    linesLeft(span, mutated) === held.length &&
    linesLeft(truth, mutated) === 0
  )
    return true;
  return likeness(span, mutated) > likeness(truth, mutated);
}

/** How many lines of the selection stand at a place in order, less those between them, and how many directly above and below. */
function likeness({ from, to }: Range, { base, range, target }: Mutated): number {
  const side = (step: -1 | 1, b: number, t: number): number => {
    for (let k = 0; k < AROUND; k += 1)
      if (!similar(base[b + k * step] ?? "\0", target[t + k * step] ?? "\0")) return k;
    return AROUND;
  };
  const held = linesLeft({ from, to }, { base, range, target });
  return 2 * held - (to - from + 1) + side(-1, range.from - 1, from - 1) + side(1, range.to + 1, to + 1);
}

/** How many lines of the selection stand in a range, in order. */
function linesLeft(
  { from, to }: Range,
  { base, range, target }: Pick<Mutated, "base" | "range" | "target">,
): number {
  const found = target.slice(from, to + 1);
  let lengths = new Array<number>(found.length + 1).fill(0);
  for (const line of base.slice(range.from, range.to + 1)) {
    const next = [0];
    for (const [i, other] of found.entries())
      next.push(similar(line, other) ? (lengths[i] ?? 0) + 1 : Math.max(next[i] ?? 0, lengths[i + 1] ?? 0));
    lengths = next;
  }
  return lengths.at(-1) ?? 0;
}

/** "Gone" is right for lines that were all rewritten, but wrong for lines that are there. */
function isAnyUnchanged({ base, range, target, origins }: Mutated): boolean {
  const lines = new Set(base.slice(range.from, range.to + 1).map(normalized));
  return target.some((text, at) => {
    const [line, origin] = [normalized(text), origins[at] ?? -1];
    return origin >= range.from && origin <= range.to && /\w{3}/.test(line) && lines.has(line);
  });
}
