// Sends selections of real files to receivers whose files were changed, and judges the answers.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Wanted } from "../../extension/core/code/contentMatch.ts";
import type { LineHash } from "../../extension/core/code/lineIndex.ts";
import { normalized } from "../../extension/core/code/lines.ts";
import { locate, type Location } from "../../extension/core/code/locate.ts";
import { mutate, type Mutated } from "./lineMutations.ts";
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

/** Files of this project and its dependencies, in several languages. */
export function sourceFiles(): SourceFile[] {
  const files = FOLDERS.flatMap(([folder, endings]) =>
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
    return { hasBase, location, verdict: verdictOn(mutated, location, isSingle) };
  });
  return { mutated, isSingle, answers };
}

export function isAnswerable({ truth, isAmbiguous }: Mutated): boolean {
  return typeof truth === "object" && !isAmbiguous;
}

function verdictOn(mutated: Mutated, location: Location, isSingle: boolean): Answer["verdict"] {
  const { truth, isAmbiguous, selected, target } = mutated;
  if (location.state === "unsure") return isAnswerable(mutated) ? "unanswered" : "right";
  if (location.state === "gone")
    return !isAnswerable(mutated) ? "right" : isAnyUnchanged(mutated) ? "wrong" : "unanswered";
  if (typeof truth === "object" && isEqual(truth, location.span)) return "right";
  // Of several equal brackets or blank lines in a row nobody can tell which is the old one.
  const span = withoutBrackets(location.span, target);
  if (typeof truth === "object" && isEqual(span, withoutBrackets(truth, target))) return "right";
  const isOurs = [span, location.span].some(({ from, to }) => selected.has(from) && selected.has(to));
  if (isAmbiguous) return isOurs ? "right" : "wrong";
  if (isTorn(mutated) && ((isOurs && holdsMost(location.span, mutated)) || isSentText(span, mutated)))
    return "right";
  if (isSingle || typeof truth !== "object") return "wrong";
  // A copy that adjoins the original, with the original.
  return isOurs && span.from <= truth.from && span.to >= truth.to ? "right" : "wrong";
}

/** The very text that was sent, at or beside what was torn: the copy of a block may stand above the original or below it. */
function isSentText(span: Range, { base, range, target, truth }: Mutated): boolean {
  const sent = withoutBrackets(range, base);
  if (typeof truth === "string" || span.to < truth.from - 1 || span.from > truth.to + 1) return false;
  const text = (lines: readonly string[], { from, to }: Range): string =>
    lines
      .slice(from, to + 1)
      .map(normalized)
      .join("\n");
  return text(target, span) === text(base, sent);
}

type Range = Mutated["range"];

function isEqual(one: Range, other: Range): boolean {
  return one.from === other.from && one.to === other.to;
}

/** A range without the lines at its ends that have no word. */
function withoutBrackets({ from, to }: Range, lines: readonly string[]): Range {
  const hasWord = (at: number): boolean => /[\p{L}\p{N}]/u.test(lines[at] ?? "");
  let [first, last] = [from, to];
  while (first < to && !hasWord(first)) first += 1;
  while (last > first && !hasWord(last)) last -= 1;
  return { from: first, to: last };
}

/** The parts of a torn selection have other lines between them. */
function isTorn({ truth, selected }: Mutated): boolean {
  if (truth === "torn") return true;
  if (typeof truth === "string") return false;
  return [...selected].length < truth.to - truth.from + 1;
}

/** Most of what is left of a torn selection. */
function holdsMost({ from, to }: Range, { range, selected }: Mutated): boolean {
  const held = [...selected].filter((at) => at >= from && at <= to).length;
  return held >= (2 / 3) * Math.min(selected.size, range.to - range.from + 1);
}

/** "Gone" is right for lines that were all rewritten, but wrong for lines that are there. */
function isAnyUnchanged({ base, range, target, selected }: Mutated): boolean {
  const lines = new Set(base.slice(range.from, range.to + 1).map(normalized));
  return [...selected].some((at) => {
    const line = normalized(target[at] ?? "");
    return /\w{3}/.test(line) && lines.has(line);
  });
}
