// One conversation on the disk: a header, then a line for each entry that was added or has changed. Written by the one
// window that holds it (historyFolder.ts), before what it tells of has effects; read by all.
import { randomBytes } from "node:crypto";
import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { Entry } from "../../protocol/webview.ts";
import { Conversation, Seen } from "../core/history.ts";
import { lineOf, parseLine } from "./checkedLines.ts";

/** `seen`: the newest lobby message that the lines below do not tell of themselves. */
const Header = v.object({ history: v.literal(1), conversation: Conversation, seen: v.nullable(Seen) });
export type Header = Omit<v.InferOutput<typeof Header>, "history">;

const Index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** `id`: what it is known by in whatever file it is copied to. */
const Line = v.object({
  index: Index,
  id: v.pipe(v.string(), v.maxLength(64)),
  entry: Entry,
  seen: v.exactOptional(Seen),
});
/** An entry and its index in the session that wrote it; one that comes again has changed. */
export type Line = v.InferOutput<typeof Line>;
/** One that was never written yet has no id. */
export type NewLine = Omit<Line, "id"> & { readonly id?: string };

export type KeptConversation = {
  readonly conversation: Conversation;
  readonly seen: Seen | null;
  /** By index, in order. */
  readonly lines: ReadonlyMap<number, Line>;
};

/** Everything that is whole in a file; null when not even its header is. */
export function parseHistory(text: string): KeptConversation | null {
  const [first, ...others] = text.split("\n");
  const header = parseLine(Header, first);
  if (header === null) return null;
  let { seen } = header;
  const lines = new Map<number, Line>();
  for (const text of others) {
    const line = parseLine(Line, text);
    if (line === null) continue;
    seen = later(seen, line.seen);
    const former = lines.get(line.index);
    // It stays what it was, also for the server's order.
    lines.set(line.index, former === undefined ? line : { ...former, entry: line.entry });
  }
  return { conversation: header.conversation, seen, lines };
}

/** The later of two places in a server's order; of two servers' lives, the second. */
function later(a: Seen | null, b: Seen | undefined): Seen | null {
  if (b === undefined) return a;
  return a?.epoch === b.epoch && a.seq > b.seq ? a : b;
}

export class HistoryFile {
  readonly #path: string;
  /** Begins the ids of the lines that are written here first. */
  readonly #origin = randomBytes(6).toString("hex");
  #ids = 0;
  #file: number | null = null;
  #lines = 0;
  #added = 0;

  constructor(path: string) {
    this.#path = path;
  }

  get path(): string {
    return this.#path;
  }

  /** Its lines, the outdated ones included; and the characters that were added since it began. */
  get size(): { readonly lines: number; readonly added: number } {
    return { lines: this.#lines, added: this.#added };
  }

  /** Begins anew with these lines: written aside and moved, so that a crash leaves the former file whole. */
  begin(header: Header, lines: readonly NewLine[]): void {
    this.close();
    const aside = `${this.#path}.new`;
    const file = openSync(aside, "w", 0o600);
    try {
      const text = [lineOf({ history: 1, ...header }), ...lines.map((line) => this.#text(line))].join("");
      writeFileSync(file, text);
      renameSync(aside, this.#path);
      this.#file = file;
      this.#lines = lines.length;
      this.#added = 0;
    } catch (error) {
      closeSync(file);
      rmSync(aside, { force: true });
      throw error;
    }
  }

  add(lines: readonly NewLine[]): void {
    if (this.#file === null || lines.length === 0) return;
    const text = lines.map((line) => this.#text(line)).join("");
    writeFileSync(this.#file, text);
    this.#lines += lines.length;
    this.#added += text.length;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  remove(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }

  #text(line: NewLine): string {
    return lineOf({ ...line, id: line.id ?? `${this.#origin}-${this.#ids++}` });
  }
}
