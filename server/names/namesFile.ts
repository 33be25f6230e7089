// The text formats of saved names: a file of all of them, and a log of later changes. Reads as much of damaged ones as
// possible. Pure, so that every kind of damage can be tested without a disk.
import * as v from "valibot";
import { nameKey } from "../../protocol/names.ts";
import { HeldName } from "./heldNames.ts";

const VERSION = 1;

/** `here`: the owner is online, and counts as leaving when the server ends. */
export type KeptName = { readonly name: HeldName; readonly here: boolean };

/** A change: a name is kept or, by its key, released. */
export type NameChange = KeptName | { readonly gone: string };

export type RecoveredNames = {
  /** Ordered by when owners left. */
  readonly names: HeldName[];
  /** The mark of the log that belongs to this file; undefined if there is none or it cannot be read. */
  readonly log: string | undefined;
  /** Why the file should be kept aside; undefined if all of it was read. */
  readonly damage: string | undefined;
};

/** Releases up to 0.3 omit `first` and may write `stayed`. */
const Entry = v.object({
  ...HeldName.entries,
  first: v.optional(v.number()),
  stayed: v.optional(v.number(), 0),
  here: v.optional(v.boolean(), false),
});
const Gone = v.object({ gone: v.string() });
const LogHead = v.object({ log: v.string() });
const File = v.object({ version: v.unknown(), log: v.optional(v.string()), names: v.array(v.unknown()) });

/**
 * One entry per line, so that a damaged line costs one name.
 * @param log the mark of the log that belongs to this file
 */
export function writeNames(names: readonly KeptName[], log: string): string {
  const entries = names.map(writeEntry).join(",\n");
  return `{"version":${VERSION},"log":${JSON.stringify(log)},"names":[\n${entries}\n]}\n`;
}

/** The first line of a log. A log with another mark is ignored. */
export function writeLogHead(log: string): string {
  return `${JSON.stringify({ log })}\n`;
}

export function writeChange(change: NameChange): string {
  return `${"gone" in change ? JSON.stringify(change) : writeEntry(change)}\n`;
}

/**
 * Reads all intact entries. Never throws.
 * @param now milliseconds since 1970; an entry from the future would otherwise never expire
 */
export function readNames(text: string, now: number): RecoveredNames {
  const { entries, log, damage } = readEntries(text.replace(/^\uFEFF/u, ""));
  const names: HeldName[] = [];
  for (const entry of entries) {
    const parsed = v.safeParse(Entry, entry);
    if (parsed.success) names.push(heldName(parsed.output, now));
  }
  const skipped = entries.length - names.length;
  const skippedText = skipped === 0 ? undefined : `${skipped} of ${entries.length} entries cannot be read`;
  return { names: inOrder(names), log, damage: damage ?? skippedText };
}

/**
 * Applies a log to a file's names. Never throws. A last line without an end is not damage: the server was killed while writing
 * it.
 */
export function applyLog(file: RecoveredNames, text: string, now: number): RecoveredNames {
  const lines = text.split(/\r?\n/u).slice(0, -1).map(parseJson);
  const head = v.safeParse(LogHead, lines.shift());
  const isOfFile =
    file.log === undefined ? file.damage !== undefined : head.success && file.log === head.output.log;
  if (!head.success || !isOfFile) return file;
  const names = new Map(file.names.map((name) => [nameKey(name.name), name]));
  let skipped = 0;
  for (const line of lines) {
    const change = v.safeParse(v.union([Entry, Gone]), line);
    if (!change.success) skipped += 1;
    else if ("gone" in change.output) names.delete(change.output.gone);
    else names.set(nameKey(change.output.name), heldName(change.output, now));
  }
  const damage = skipped === 0 ? undefined : `${skipped} of ${lines.length} changes cannot be read`;
  return { names: inOrder([...names.values()]), log: file.log, damage: file.damage ?? damage };
}

function writeEntry({ name, here }: KeptName): string {
  return JSON.stringify(here ? { ...name, here } : name);
}

/** People who were online when the server ended count as having left now. */
function heldName(entry: v.InferOutput<typeof Entry>, now: number): HeldName {
  const { name, pin, address, stayed, here } = entry;
  const since = here ? now : Math.min(entry.since, now);
  return { name, pin, address, since, first: Math.min(entry.first ?? entry.since - stayed, since) };
}

function inOrder(names: HeldName[]): HeldName[] {
  return names.sort((a, b) => a.since - b.since);
}

function readEntries(text: string): Pick<RecoveredNames, "log" | "damage"> & { entries: readonly unknown[] } {
  const file = parseJson(text);
  const broken = { entries: wholeEntries(text), log: /"log":"([\w-]+)"/u.exec(text)?.[1] };
  if (file === undefined) return { ...broken, damage: "the file is not JSON" };
  const known = v.safeParse(File, file);
  if (!known.success) return { ...broken, damage: "the file has an unknown format" };
  const { version, names, log } = known.output;
  return { entries: names, log, damage: version === VERSION ? undefined : "the file has an unknown version" };
}

/** Finds the entries of a text that is not valid JSON as a whole. No entry contains a brace. */
function wholeEntries(text: string): unknown[] {
  return (text.match(/\{[^{}]*\}/gu) ?? []).map(parseJson).filter((entry) => entry !== undefined);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
