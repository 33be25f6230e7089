// The text of the file that keeps people's names: how it is written, and how much of a damaged one can still be read.
// Pure, so that every kind of damage can be tried without a disk.
import * as v from "valibot";
import { HeldName } from "./heldNames.ts";

const VERSION = 1;

export type RecoveredNames = {
  /** Ordered by when their owners left. */
  readonly names: HeldName[];
  /** Why the file is worth keeping aside; undefined when all of it was read. */
  readonly damage: string | undefined;
};

/** One entry per line, so that a damaged line costs one name. */
export function writeNames(names: readonly HeldName[]): string {
  return `{"version":${VERSION},"names":[\n${names.map((name) => JSON.stringify(name)).join(",\n")}\n]}\n`;
}

/**
 * Reads whatever entries are whole. Never throws.
 * @param now milliseconds since 1970; an entry from the future would otherwise never expire
 */
export function readNames(text: string, now: number): RecoveredNames {
  const { entries, damage } = readEntries(text.replace(/^\uFEFF/u, ""));
  const names: HeldName[] = [];
  for (const entry of entries) {
    const parsed = v.safeParse(HeldName, entry);
    if (parsed.success) names.push({ ...parsed.output, since: Math.min(parsed.output.since, now) });
  }
  names.sort((a, b) => a.since - b.since);
  const skipped = entries.length - names.length;
  const skippedText = skipped === 0 ? undefined : `${skipped} of ${entries.length} entries cannot be read`;
  return { names, damage: damage ?? skippedText };
}

function readEntries(text: string): { entries: readonly unknown[]; damage: string | undefined } {
  const file = parseJson(text);
  if (file === undefined) return { entries: wholeEntries(text), damage: "it is not JSON" };
  const known = v.safeParse(v.object({ version: v.unknown(), names: v.array(v.unknown()) }), file);
  if (!known.success) return { entries: wholeEntries(text), damage: "it has another form" };
  const { version, names } = known.output;
  return { entries: names, damage: version === VERSION ? undefined : "it is of another version" };
}

/** The entries of a text that is not JSON as a whole: none of them holds a brace. */
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
