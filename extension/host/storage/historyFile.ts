// One conversation on disk: a header, then a line per added or changed entry. One window writes a file, before the
// change has effects; all windows may read it.
import { randomBytes } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import * as v from "valibot";
import { Timestamp } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { Entry, Reactions } from "../../../protocol/webview.ts";
import { Conversation, Seen } from "../../core/model/conversation.ts";
import { withRows } from "../../core/model/reactions.ts";
import { Count } from "../../core/saved/savedWindow.ts";
import { fromEntries, newestOf } from "../../core/model/transcript.ts";
import { AppendFile } from "./appendFile.ts";
import { lineOf, parseLine, textLines } from "./checkedLines.ts";
import { agesFrom, type Gap } from "./startTimes.ts";

/** Larger than any header: a URL, two names and a key. */
const HEADER_BYTES = 16 * 1024;

/** Characters that may be appended before a file is rewritten, even if it does not have too many lines. */
const COMPACT_CHARACTERS = 4 * limits.transcriptCharacters;

/** `seen`: the newest lobby message, unless the lines below contain it. */
const Header = v.object({ history: v.literal(1), conversation: Conversation, seen: v.nullable(Seen) });
const Newer = v.looseObject({ history: v.pipe(v.number(), v.minValue(2)) });
/** More characters than a header has. */
const FIRST_LINE = 16 * 1024;
export type Header = Omit<v.InferOutput<typeof Header>, "history">;

/**
 * `id`: identifies the line in every file it is copied to. `received`: when it was first written, by this machine's
 * clock.
 */
const Line = v.object({
  index: Count,
  id: v.pipe(v.string(), v.maxLength(64)),
  received: v.exactOptional(Timestamp),
  entry: Entry,
  seen: v.exactOptional(Seen),
});
/** An entry and its index in the session that wrote it. A repeated index is a change. */
export type Line = v.InferOutput<typeof Line>;
/** A line that was never written has no id yet. */
export type NewLine = Omit<Line, "id"> & { readonly id?: string };

/**
 * Whether a line is older than a time. Its author's clock may be wrong, so the time of receipt counts if it is known.
 */
export function isOlder({ received, entry }: Line, { oldest, gaps }: Bound): boolean {
  return agesFrom(received ?? entry.at, gaps) < oldest;
}

/** An entry in which only these rows of reactions have changed. */
const Reacted = v.object({ index: Count, rows: Reactions, seen: v.exactOptional(Seen) });
type Reacted = v.InferOutput<typeof Reacted>;

export type ChangedLines = {
  readonly added: readonly NewLine[];
  readonly amended: readonly (NewLine | Reacted)[];
};

export type KeptConversation = {
  readonly conversation: Conversation;
  readonly seen: Seen | null;
  /** By index, in order. */
  readonly lines: ReadonlyMap<number, Line>;
};

/** Whether a later version wrote the file, so that this one cannot read it. */
export function isNewer(text: string): boolean {
  return parseLine(Newer, textLines(text.slice(0, FIRST_LINE))[0]) !== null;
}

/**
 * Everything intact in a file; null if there is nothing.
 * @param known the conversation according to the file name, if the file itself does not say
 */
export function parseHistory(
  text: string,
  known: Conversation | null = null,
): (KeptConversation & { readonly isDamaged: boolean }) | null {
  let conversation: Conversation | null = null;
  let seen: Seen | null = null;
  let isDamaged = false;
  const lines = new Map<number, Line>();
  const texts = textLines(text);
  for (const [i, text] of texts.entries()) {
    const line = parseLine(v.union([Line, Reacted, Header]), text);
    if (line === null) {
      // A crash may have torn the last line.
      if (i < texts.length - 1 || i === 0) isDamaged = true;
      continue;
    }
    seen = later(seen, line.seen);
    if ("history" in line) {
      ({ conversation } = line);
      continue;
    }
    const former = lines.get(line.index);
    if ("rows" in line) {
      if (former?.entry.kind !== "message") continue;
      lines.set(line.index, { ...former, entry: withRows(former.entry, line.rows) });
      continue;
    }
    // An amended line keeps its fields, and its place in the server's order.
    lines.set(line.index, former === undefined ? line : { ...former, entry: line.entry });
  }
  conversation ??= lines.size > 0 ? known : null;
  if (conversation === null) return null;
  // A line that was dropped and changed afterwards may come after newer ones.
  const ordered = new Map([...lines].sort(([a], [b]) => a - b));
  return { conversation, seen, lines: ordered, isDamaged };
}

/** The conversation of a file, from its first line; null if that cannot be read. */
export function conversationIn(path: string): Conversation | null {
  try {
    const file = openSync(path, "r");
    try {
      const start = Buffer.alloc(HEADER_BYTES);
      const text = start.toString("utf8", 0, readSync(file, start, 0, HEADER_BYTES, 0));
      return parseHistory(text.slice(0, text.indexOf("\n")))?.conversation ?? null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
}

/** The later of two places in a server's order; after a restart of the server, the second. */
function later(a: Seen | null, b: Seen | null | undefined): Seen | null {
  if (b == null) return a;
  return a?.epoch === b.epoch && a.seq > b.seq ? a : b;
}

/** The maximum number of lines in a file, and their maximum age, in milliseconds since 1970. */
export type Bound = { readonly oldest: number; readonly gaps: readonly Gap[]; readonly count: number };

export class HistoryFile {
  #file: AppendFile;
  #conversation: Conversation | null = null;
  /** Prefix of the ids of lines that are first written here. */
  readonly #origin = randomBytes(6).toString("hex");
  #ids = 0;
  /** Including outdated ones. */
  #lines = 0;
  /** Lines left after the last rewrite. */
  #rewritten = 0;
  /** The index of the first line in the file. */
  #first = Infinity;

  readonly #now: () => number;

  constructor(path: string, now: () => number) {
    this.#file = new AppendFile(path);
    this.#now = now;
  }

  get path(): string {
    return this.#file.path;
  }

  /** False if another process has moved or replaced the file: later lines may be lost. */
  get isInPlace(): boolean {
    return this.#file.isInPlace;
  }

  /**
   * Continues under another path, with everything written so far. Lines keep their ids, so they are recognized
   * anywhere. Returns false if nothing can be read and the file must be started from scratch.
   */
  moveOn(path: string): boolean {
    const kept = parseHistory(this.#file.read(), this.#conversation);
    this.#file.close();
    this.#file = new AppendFile(path);
    if (kept !== null) this.begin(kept, [...kept.lines.values()]);
    return kept !== null;
  }

  /** Starts the file with these lines. The header is written twice, so that a damaged one does not cost the others. */
  begin({ conversation, seen }: Header, lines: readonly NewLine[]): void {
    const header = lineOf({ history: 1, conversation, seen });
    this.#file.begin([header, ...lines.map((line) => this.#text(line)), header].join(""));
    this.#conversation = conversation;
    this.#lines = lines.length;
    this.#rewritten = 0;
    this.#first = lines[0]?.index ?? Infinity;
  }

  /** Appends new and changed lines, except changes to lines that it has dropped. */
  add({ added, amended }: ChangedLines): void {
    const lines = [...amended.filter(({ index }) => index >= this.#first), ...added];
    if (!this.#file.isOpen || lines.length === 0) return;
    this.#first = Math.min(this.#first, added[0]?.index ?? Infinity);
    this.#file.add(lines.map((line) => this.#text(line)).join(""));
    this.#lines += lines.length;
  }

  /** Rewrites it without outdated lines, once it has twice its limit. */
  compact(bound: Bound): void {
    const keeps = Math.max(bound.count, this.#rewritten);
    if (this.#lines > 2 * keeps || this.#file.added > COMPACT_CHARACTERS) this.rewrite(bound);
  }

  /** Rewrites it without outdated lines, and without those before an index. */
  rewrite(bound: Bound, from = 0): void {
    const kept = parseHistory(this.#file.read(), this.#conversation);
    if (kept === null) return;
    const { conversation, seen, lines } = kept;
    const young = [...lines.values()].filter((line) => line.index >= from && !isOlder(line, bound));
    this.begin({ conversation, seen }, withinCharacters(newestOf(young, bound.count)));
    this.#rewritten = this.#lines;
  }

  close(): void {
    this.#file.close();
  }

  #text(line: NewLine | Reacted): string {
    if ("rows" in line) return lineOf(line);
    if (line.id !== undefined) return lineOf(line);
    return lineOf({ ...line, id: `${this.#origin}-${this.#ids++}`, received: this.#now() });
  }
}

/** The newest lines within the limit of characters per session. */
function withinCharacters(lines: readonly Line[]): readonly Line[] {
  const { start } = fromEntries(lines.map(({ entry }) => entry));
  return lines.slice(start);
}
