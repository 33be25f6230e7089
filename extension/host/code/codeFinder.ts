// Finds the lines of a message with code in the files of the open folders. One search at a time, in steps that hold the
// extension host for a moment only, and each can be the last.
import { setImmediate as turn } from "node:timers/promises";
import * as vscode from "vscode";
import type { CodePart } from "../../../protocol/part.ts";
import { bestMatch, type OwnMatch } from "../../core/code/bestMatch.ts";
import { informationOf, linesOf, newWork, normalized } from "../../core/code/lines.ts";
import { locating, type Base, type Location } from "../../core/code/locate.ts";
import { baseTag, lineHasher } from "./codeHashes.ts";
import { committedText } from "./gitFiles.ts";
import type { Searched } from "./searchQueue.ts";
import { namesakes, openFiles, ownFiles, placesOf } from "./workspaceFiles.ts";

export type Found = OwnMatch<vscode.Uri>;

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
  signal: AbortSignal,
): Promise<Searched<Found> | null> {
  const search = new Search(part, code, signal);
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
  readonly #signal: AbortSignal;
  readonly #read = new Set<string>();
  readonly #work = newWork();
  #committed = 0;
  #cost = 0;
  #base: Base | null = null;

  constructor(part: CodePart, code: string, signal: AbortSignal) {
    this.#part = part;
    this.#lines = linesOf(code);
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
      const lines = await this.#linesOf(file);
      if (lines === "too-long") found.push([file, { state: "unsure", spans: [] }]);
      if (lines === null || lines === "too-long") continue;
      this.#base ??= await this.#baseOf(file);
      const location = await this.#locate(lines);
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
      const lines = await this.#linesOf(file);
      if (lines === null || lines === "too-long") continue;
      const all = new Set(lines.map((line) => line.trim()));
      if (telling.every((line) => all.has(line.trim()))) holding.push(file);
    }
    const found = await this.in(holding.slice(0, MOST_NAMESAKES));
    return found?.state === "changed" ? { state: "unsure", places: [found.place] } : found;
  }

  async #linesOf(file: vscode.Uri): Promise<readonly string[] | "too-long" | null> {
    const lines = await ownLines(file);
    this.#cost += 1 + (lines === null || lines === "too-long" ? 0 : lines.length * COST.line);
    return lines;
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

  /** The committed file that the author's comes from, if it is here. */
  async #baseOf(file: vscode.Uri): Promise<Base | null> {
    const { base, salt } = this.#part;
    if (base === undefined) return null;
    for (const ref of REFS) {
      if (this.#signal.aborted || this.#committed >= MOST_COMMITTED) return null;
      this.#committed += 1;
      this.#cost += COST.committed;
      const text = await committedText(file, ref);
      if (text === null || text.length > MOST_BYTES || baseTag(salt, text) !== base.tag) continue;
      const lines = linesOf(text.replace(/^\ufeff/, ""));
      return lines.length > MOST_LINES || base.to > lines.length ? null : { lines, range: fromZero(base) };
    }
    return null;
  }
}

/** As they are on the user's screen, where the file is open. */
async function ownLines(uri: vscode.Uri): Promise<readonly string[] | "too-long" | null> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  try {
    if (open === undefined && (await vscode.workspace.fs.stat(uri)).size > MOST_BYTES) return "too-long";
    const text = open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    if (text.length > MOST_BYTES) return "too-long";
    if (text.includes("\0")) return null;
    const lines = linesOf(text);
    return lines.length > MOST_LINES ? "too-long" : lines;
  } catch {
    return null;
  }
}

function hashesOf(text: string): number[] {
  return (text.match(/[\da-f]{4}/g) ?? []).map((each) => parseInt(each, 16));
}

function fromZero({ from, to }: { readonly from: number; readonly to: number }): {
  from: number;
  to: number;
} {
  return { from: from - 1, to: to - 1 };
}
