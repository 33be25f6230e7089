// A conversation's lines: append-only and bounded, so that two numbers tell what was added since an earlier state, and
// adding a line costs the same at any length.
import type { Entry, Reactions } from "../../../protocol/webview.ts";
import type { FileId } from "../../../protocol/bulk.ts";
import { limits } from "../../../protocol/limits.ts";
import { fieldsLength } from "../../../protocol/messageContent.ts";
import { changedRows } from "./reactions.ts";

const CHUNK = 128;

export type Transcript = {
  /** Index of the oldest kept line. Lines are numbered from 0 and never renumbered. */
  readonly start: number;
  /** Index of the next line. */
  readonly end: number;
  /** Characters of all kept lines, with their quotes and the names in their reactions. */
  readonly characters: number;
  /** The number of join and quit lines kept. They count neither as lines nor as characters. */
  readonly presences: number;
  /** Every chunk except the last has `CHUNK` lines. */
  readonly chunks: readonly (readonly Entry[])[];
};

export const emptyTranscript: Transcript = { start: 0, end: 0, characters: 0, presences: 0, chunks: [] };

/** Adds a line. Above the limit, the oldest chunks are dropped. */
export function append(transcript: Transcript, entry: Entry): Transcript {
  const last = transcript.chunks.at(-1);
  const chunks =
    last === undefined || last.length === CHUNK
      ? [...transcript.chunks, [entry]]
      : [...transcript.chunks.slice(0, -1), [...last, entry]];
  return forget({
    start: transcript.start,
    end: transcript.end + 1,
    characters: transcript.characters + charactersOf(entry),
    presences: transcript.presences + presencesOf(entry),
    chunks,
  });
}

/** Replaces a kept entry. The new one may be longer, so the oldest chunks are dropped here as well. */
export function amend(transcript: Transcript, index: number, entry: Entry): Transcript {
  const at = index - transcript.start;
  const [chunk, place] = [Math.floor(at / CHUNK), at % CHUNK];
  const before = transcript.chunks[chunk]?.[place];
  if (before === undefined) return transcript;
  return forget({
    ...transcript,
    characters: transcript.characters + charactersOf(entry) - charactersOf(before),
    presences: transcript.presences + presencesOf(entry) - presencesOf(before),
    chunks: transcript.chunks.with(chunk, (transcript.chunks[chunk] ?? []).with(place, entry)),
  });
}

/** The kept line at an index. */
export function entryAt(transcript: Transcript, index: number): Entry | undefined {
  const at = index - transcript.start;
  return at < 0 ? undefined : transcript.chunks[Math.floor(at / CHUNK)]?.[at % CHUNK];
}

/** Whether the user has said something. */
export function hasOwnMessage({ chunks }: Transcript): boolean {
  return chunks.some((chunk) => chunk.some((entry) => entry.kind === "message" && entry.own));
}

/** The message that offers a file; null if it is not kept. The newest one counts. */
export function indexOfFile(transcript: Transcript, id: FileId, own: boolean): number | null {
  for (let index = transcript.end - 1; index >= transcript.start; index--) {
    const entry = entryAt(transcript, index);
    if (entry?.kind !== "message" || entry.part?.kind !== "file") continue;
    if (entry.part.id === id && entry.own === own) return index;
  }
  return null;
}

/** Whether it is a message that was retracted. */
export function isRetracted(entry: Entry): boolean {
  return entry.kind === "message" && entry.retracted === true;
}

/** An entry without its number and that of its quote, which are no longer valid. */
export function withoutNumber(entry: Entry): Entry {
  if (entry.kind !== "message" || (entry.seq === undefined && entry.reply?.seq === undefined)) return entry;
  const line = { ...entry };
  delete line.seq;
  if (line.reply !== undefined) {
    line.reply = { ...line.reply };
    delete line.reply.seq;
  }
  return line;
}

/** A transcript without numbers: their issuer has started over, and will reuse them for other messages. */
export function withoutNumbers(transcript: Transcript): Transcript {
  return withEach(transcript, withoutNumber);
}

/** A transcript in which this side may reuse its own numbers above one. */
export function withoutOwnNumbersAbove(transcript: Transcript, last: number): Transcript {
  const isFree = ({ own, seq }: { own?: boolean; seq?: number }): boolean =>
    own === true && seq !== undefined && seq > last;
  return withEach(transcript, (entry) => {
    if (entry.kind !== "message") return entry;
    const quotesFree = entry.reply !== undefined && isFree(entry.reply);
    if (!isFree(entry) && !quotesFree) return entry;
    const line = { ...entry };
    if (isFree(line)) delete line.seq;
    if (quotesFree && line.reply !== undefined) {
      line.reply = { ...line.reply };
      delete line.reply.seq;
    }
    return line;
  });
}

function withEach(transcript: Transcript, change: (entry: Entry) => Entry): Transcript {
  const chunks = transcript.chunks.map((chunk) => {
    const lines = chunk.map(change);
    return lines.every((line, i) => line === chunk[i]) ? chunk : lines;
  });
  return { ...transcript, chunks };
}

/** Drops the oldest chunks while the transcript is above its limits; the last one stays. */
function forget({ start, end, characters, presences, chunks }: Transcript): Transcript {
  let gone = 0;
  while (end - start - presences > limits.transcriptEntries || characters > limits.transcriptCharacters) {
    const oldest = chunks[gone];
    if (oldest === undefined || gone === chunks.length - 1) break;
    start += oldest.length;
    characters -= total(oldest);
    presences -= oldest.filter(isPresence).length;
    gone += 1;
  }
  return { start, end, characters, presences, chunks: gone === 0 ? chunks : chunks.slice(gone) };
}

/** The kept lines with `from <= index < to`, and the index of the first. */
export function slice(transcript: Transcript, from: number, to: number): { index: number; entries: Entry[] } {
  const first = Math.max(from, transcript.start);
  const last = Math.min(to, transcript.end);
  if (first >= last) return { index: first, entries: [] };
  const firstChunk = Math.floor((first - transcript.start) / CHUNK);
  const lastChunk = Math.floor((last - 1 - transcript.start) / CHUNK);
  const offset = transcript.start + firstChunk * CHUNK;
  const entries = transcript.chunks.slice(firstChunk, lastChunk + 1).flat();
  return { index: first, entries: entries.slice(first - offset, last - offset) };
}

/** Maximum number of join and quit lines per other line: a run has fewer, plus two for each hour it lasts. */
const PRESENCES_PER_LINE = 11;

/**
 * The newest lines, up to a number of lines and characters, always including the very last. Join and quit lines are
 * extra.
 */
export function newest(
  transcript: Transcript,
  count: number,
  characters: number,
): { index: number; entries: Entry[] } {
  const scanned = count * (1 + PRESENCES_PER_LINE);
  const { index, entries } = slice(transcript, transcript.end - scanned, transcript.end);
  let room = characters;
  let places = count;
  let first = entries.length;
  while (first > 0) {
    const entry = entries[first - 1];
    if (entry === undefined) break;
    room -= isPresence(entry) ? 0 : wordsOf(entry);
    places -= 1 - presencesOf(entry);
    if ((room < 0 || places < 0) && first < entries.length) break;
    first -= 1;
  }
  return { index: index + first, entries: entries.slice(first) };
}

/** The newest of lines that are kept elsewhere, up to a number without join and quit lines. */
export function newestOf<T extends { readonly entry: Entry }>(lines: readonly T[], count: number): T[] {
  let places = count;
  let first = lines.length;
  const firstScanned = Math.max(0, lines.length - count * (1 + PRESENCES_PER_LINE));
  while (first > firstScanned) {
    const line = lines[first - 1];
    if (line === undefined) break;
    places -= 1 - presencesOf(line.entry);
    if (places < 0) break;
    first -= 1;
  }
  return lines.slice(first);
}

/** Builds a transcript from saved lines; `start` is the index of the first. */
export function fromEntries(entries: readonly Entry[], start = 0): Transcript {
  return entries.reduce(append, { ...emptyTranscript, start, end: start });
}

/** A transcript after its lines were cleared; the next line continues the numbering. */
export function cleared({ end }: Transcript): Transcript {
  return { ...emptyTranscript, start: end, end };
}

export type TranscriptChanges = {
  /** `rows`: set when only these rows of reactions have changed. */
  readonly amended: readonly {
    readonly index: number;
    readonly entry: Entry;
    readonly rows: Reactions | null;
  }[];
  readonly index: number;
  readonly added: Entry[];
};

/**
 * What has changed since an earlier state: amended and added lines. Null if it is another conversation, or was rebuilt.
 * Unchanged chunks are identical objects, so this is cheap even in a long conversation.
 */
export function changesSince(former: Transcript, now: Transcript): TranscriptChanges | null {
  const isEmpty = former.start === former.end;
  if (now.start < former.start || now.end < former.end) return null;
  if (now.start >= former.end && !(isEmpty && now.start === former.end)) return null;
  const skipped = (now.start - former.start) / CHUNK;
  if (!Number.isInteger(skipped)) return null;
  const amended: { index: number; entry: Entry; rows: Reactions | null }[] = [];
  for (const [i, old] of former.chunks.slice(skipped).entries()) {
    const chunk = now.chunks[i] ?? [];
    if (old === chunk) continue;
    for (const [j, before] of old.entries()) {
      const entry = chunk[j];
      if (before === entry) continue;
      if (entry !== undefined && isPresence(before) && isPresence(entry) && before.at === entry.at) {
        amended.push({ index: now.start + i * CHUNK + j, entry, rows: null });
        continue;
      }
      // Otherwise only messages are amended, and they keep their author and time.
      if (before.kind !== "message" || entry?.kind !== "message") return null;
      if (before.at !== entry.at || before.from !== entry.from) return null;
      amended.push({ index: now.start + i * CHUNK + j, entry, rows: changedRows(before, entry) });
    }
  }
  return { amended, index: former.end, added: slice(now, former.end, now.end).entries };
}

function total(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + charactersOf(entry), 0);
}

type Notice = Extract<Entry, { kind: "notice" }>;

/** Whether it is a join or quit line, or a combined one. */
export function isPresence(
  entry: Entry,
): entry is Notice & { readonly presence: NonNullable<Notice["presence"]> } {
  return entry.kind === "notice" && entry.presence !== undefined;
}

function presencesOf(entry: Entry): 0 | 1 {
  return isPresence(entry) ? 1 : 0;
}

/** Characters of the line itself: a table repeats those of its text. */
function wordsOf(entry: Entry): number {
  if (entry.kind === "message")
    return entry.text.length + fieldsLength(entry) + (entry.kept?.path.length ?? 0);
  return entry.table === undefined ? entry.text.length : 2 * entry.text.length;
}

/** Characters added by others' reactions count as well. */
function charactersOf(entry: Entry): number {
  if (isPresence(entry)) return 0;
  if (entry.kind !== "message") return wordsOf(entry);
  const { reply, reactions = [] } = entry;
  return reactions.reduce(
    (sum, { by }) => by.reduce((names, name) => names + name.length, sum),
    wordsOf(entry) + (reply?.text.length ?? 0),
  );
}
