// Finds the lines of a message with code in the files of the open folders. One search at a time, in steps that hold the
// extension host for a moment only, and each can be the last.
import { setImmediate as turn } from "node:timers/promises";
import * as vscode from "vscode";
import type { CodePart, LineRange } from "../../../protocol/part.ts";
import { bestMatch, type OwnMatch } from "../../core/code/bestMatch.ts";
import { informationOf, linesOf, newWork, normalized } from "../../core/code/lines.ts";
import { locating, type Base, type Location } from "../../core/code/locate.ts";
import { decodedText } from "../vscode/decodedText.ts";
import { baseTag, lineHasher } from "./codeHashes.ts";
import { committedText } from "./gitFiles.ts";
import type { KnownBases } from "./knownBases.ts";
import { isComplete } from "./repositories.ts";
import type { Searched } from "./searchQueue.ts";
import { namesakes, openFiles, ownFiles, placesOf } from "./workspaceFiles.ts";

export type Found = OwnMatch<vscode.Uri>;

type OwnText = { readonly text: string; readonly lines: readonly string[] };

/** A larger file is not searched: it would hold the extension host too long. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_LINES = 20_000;

/** After so long, other work of the extension host gets its turn. A step of a search takes a few milliseconds. */
const SLICE_MS = 40;

/** Files of the same name, and of the same kind, that are read for one search. */
const MOST_NAMESAKES = 12;
const MOST_OTHERS = 150;

/** Where a file's author may have it from. */
const REFS = ["HEAD", "", "HEAD~1", "HEAD~2", "@{upstream}"];

/** Committed files that are read for one search: each is a run of git. */
const MOST_COMMITTED = 4 * REFS.length;

/** What is as much work as reading a file of ordinary size: a run of git is more, and so is a search for names. */
const COST = { committed: 3, names: 20, line: 1 / 1_000, comparison: 1 / 5_000 };

/** How much a line has to tell to find a renamed file by it. */
const TELLING = 0.8;

/** Looks for lines; stops without an answer, null, when it is canceled. */
export async function findCode(
  part: CodePart,
  code: string,
  bases: KnownBases,
  signal: AbortSignal,
): Promise<Searched<Found> | null> {
  const search = new Search(part, code, bases, signal);
  const answer = await searchAll(search, part);
  return answer === null ? null : { answer, files: search.files, cost: search.cost };
}

async function searchAll(search: Search, part: CodePart): Promise<Found | null> {
  const exact = await openFiles(placesOf(part.path));
  const own = await search.in(exact);
  if (own === null || own.state !== "gone") return own;
  const named = (await search.namesakes()).filter((uri) => !search.hasRead(uri)).slice(0, MOST_NAMESAKES);
  const others = await search.in(named);
  if (others === null || others.state !== "gone") return others;
  return search.inRenamed();
}

class Search {
  readonly #part: CodePart;
  readonly #lines: readonly string[];
  readonly #bases: KnownBases;
  readonly #signal: AbortSignal;
  readonly #read = new Set<string>();
  readonly #work = newWork();
  #committed = 0;
  #cost = 0;
  #base: Base | null = null;

  constructor(part: CodePart, code: string, bases: KnownBases, signal: AbortSignal) {
    this.#part = part;
    this.#lines = linesOf(code);
    this.#bases = bases;
    this.#signal = signal;
  }

  hasRead(uri: vscode.Uri): boolean {
    return this.#read.has(uri.toString());
  }

  /** Those that were read. */
  get files(): ReadonlySet<string> {
    return this.#read;
  }

  /** In files that are read. */
  get cost(): number {
    return this.#cost + this.#work.comparisons * COST.comparison;
  }

  async namesakes(): Promise<vscode.Uri[]> {
    this.#cost += COST.names;
    const { own, others } = await namesakes(this.#part.path);
    return [...own, ...others];
  }

  async in(files: readonly vscode.Uri[]): Promise<Found | null> {
    const found: [vscode.Uri, Location][] = [];
    for (const file of files) {
      await turn();
      if (this.#signal.aborted) return null;
      this.#read.add(file.toString());
      const own = await this.#textOf(file);
      if (own === "too-long") found.push([file, { state: "unsure", spans: [] }]);
      if (own === null || own === "too-long") continue;
      this.#base ??= await this.#baseOf(file, own.text);
      const location = await this.#locate(own.lines);
      if (location === null) return null;
      found.push([file, location]);
    }
    return bestMatch(found);
  }

  /** In a file with another name, if it has exactly these lines. */
  async inRenamed(): Promise<Found | null> {
    const telling = this.#lines.filter((line) => informationOf(normalized(line)) >= TELLING).slice(0, 3);
    const [, ending] = /\.([\w-]{1,20})$/.exec(this.#part.path) ?? [];
    if (telling.length < 2 || ending === undefined) return { state: "gone" };
    const holding: vscode.Uri[] = [];
    this.#cost += COST.names;
    for (const file of await ownFiles(`**/*.${ending}`, MOST_OTHERS)) {
      await turn();
      if (this.#signal.aborted) return null;
      if (this.hasRead(file)) continue;
      const own = await this.#textOf(file);
      if (own === null || own === "too-long") continue;
      const all = new Set(own.lines.map((line) => line.trim()));
      if (telling.every((line) => all.has(line.trim()))) holding.push(file);
    }
    const found = await this.in(holding.slice(0, MOST_NAMESAKES));
    return found?.state === "changed" ? { state: "unsure", places: [found.place] } : found;
  }

  async #textOf(file: vscode.Uri): Promise<OwnText | "too-long" | null> {
    const own = await ownText(file);
    this.#cost += 1 + (own === null || own === "too-long" ? 0 : own.lines.length * COST.line);
    return own;
  }

  /** Null when the search was canceled. */
  async #locate(target: readonly string[]): Promise<Location | null> {
    const { range, before, after, salt } = this.#part;
    const wanted = { lines: this.#lines, before: hashesOf(before), after: hashesOf(after) };
    const steps = locating(wanted, fromZero(range), target, this.#base, lineHasher(salt), this.#work);
    let since = performance.now();
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (performance.now() - since < SLICE_MS) continue;
      await turn();
      if (this.#signal.aborted) return null;
      since = performance.now();
    }
  }

  /** The committed file that the author's comes from, if it is here: most often the user's own has not changed since. */
  async #baseOf(file: vscode.Uri, own: string): Promise<Base | null> {
    const { base, salt } = this.#part;
    if (base === undefined) return null;
    const isBase = (text: string): boolean => baseTag(salt, text) === base.tag;
    const known = [own, ...this.#bases.of(file.toString())].find(isBase);
    if (known !== undefined) return baseIn(known, base);
    // What a message names must not make git connect to a remote.
    if (!(await isComplete(file))) return null;
    for (const ref of REFS) {
      if (this.#signal.aborted || this.#committed >= MOST_COMMITTED) return null;
      this.#committed += 1;
      this.#cost += COST.committed;
      const text = await committedText(file, ref);
      if (text === null || text.length > MOST_BYTES || !isBase(text)) continue;
      this.#bases.remember(file.toString(), text);
      return baseIn(text, base);
    }
    return null;
  }
}

function baseIn(text: string, range: LineRange): Base | null {
  const lines = linesOf(text.replace(/^\ufeff/, ""));
  return lines.length > MOST_LINES || range.to > lines.length ? null : { lines, range: fromZero(range) };
}

/** As it is on the user's screen, where the file is open. */
async function ownText(uri: vscode.Uri): Promise<OwnText | "too-long" | null> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  try {
    if (open === undefined && (await vscode.workspace.fs.stat(uri)).size > MOST_BYTES) return "too-long";
    const text = open?.getText() ?? (await decodedText(await vscode.workspace.fs.readFile(uri), uri));
    if (text === null || text.includes("\0")) return null;
    if (text.length > MOST_BYTES) return "too-long";
    const lines = linesOf(text);
    return lines.length > MOST_LINES ? "too-long" : { text, lines };
  } catch {
    return null;
  }
}

function hashesOf(text: string): number[] {
  return (text.match(/[\da-f]{4}/g) ?? []).map((each) => parseInt(each, 16));
}

function fromZero({ from, to }: LineRange): LineRange {
  return { from: from - 1, to: to - 1 };
}
