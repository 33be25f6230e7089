// A conversation's settled lines: append-only and bounded, so that what was added since an earlier state is known
// from two numbers, and adding one line costs the same in a long conversation as in a short one.
import type { Entry, Reactions } from "../../../protocol/webview.ts";
import { limits } from "../../../protocol/limits.ts";
import { fieldsLength } from "../../../protocol/messageContent.ts";
import { changedRows } from "./reactions.ts";

const CHUNK = 128;

export type Transcript = {
  /** Index of the oldest line that is kept; lines are numbered from 0 and never renumbered. */
  readonly start: number;
  /** Index that the next line will get. */
  readonly end: number;
  /** Characters of all lines that are kept, with what they answer and the names of who reacted to them. */
  readonly characters: number;
  /** Of the kept lines, those of who came and went: they count for no place and no character. */
  readonly presences: number;
  /** Every chunk but the last holds `CHUNK` lines. */
  readonly chunks: readonly (readonly Entry[])[];
};

export const emptyTranscript: Transcript = { start: 0, end: 0, characters: 0, presences: 0, chunks: [] };

/** Adds a line. Over the limit the oldest chunks are forgotten. */
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

/** Puts another entry in the place of one that is kept. It may be longer: the oldest chunks are forgotten here as well. */
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

/** Whether it was a message that has been taken back. */
export function isRetracted(entry: Entry): boolean {
  return entry.kind === "message" && entry.retracted === true;
}

/** A line that can be named by its number no longer, nor can what it answers. */
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

/** A transcript whose numbers mean other messages from here on: whoever gave them has begun anew. */
export function withoutNumbers(transcript: Transcript): Transcript {
  return withEach(transcript, withoutNumber);
}

/** A transcript in which this side's numbers above one are free to be given again. */
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

/** Drops the oldest chunks while there is more than a transcript may hold; the last one stays. */
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

/** The kept lines with `from <= index < to`, and the index of the first of them. */
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

/** Lines of people who came and went for each other line, at most: a row holds fewer, and two more for each hour it lasts. */
const PRESENCES_PER_LINE = 11;

/**
 * The newest lines, at most so many of them and of their characters; the very newest is always there. Lines of who came and
 * went come on top.
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

/** The newest of such lines as are kept elsewhere, so many besides those of who came and went. */
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

/** Builds a transcript from kept lines, as they come from storage; `start` is the index of the first of them. */
export function fromEntries(entries: readonly Entry[], start = 0): Transcript {
  return entries.reduce(append, { ...emptyTranscript, start, end: start });
}

/** A transcript of which everything was forgotten on purpose; what comes next bears the next index. */
export function cleared({ end }: Transcript): Transcript {
  return { ...emptyTranscript, start: end, end };
}

export type TranscriptChanges = {
  /** `rows`: where nothing but these rows of reactions has changed. */
  readonly amended: readonly {
    readonly index: number;
    readonly entry: Entry;
    readonly rows: Reactions | null;
  }[];
  readonly index: number;
  readonly added: Entry[];
};

/**
 * What has changed since an earlier state of a conversation: lines that were amended or added. Null when it is another
 * one, or was put together anew. Unchanged chunks are the same objects, so that this costs little in a long one.
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
      // Else only messages are amended, and they keep their author and their time.
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

/** Whether it is a line of somebody who came or went, or stands for several. */
export function isPresence(
  entry: Entry,
): entry is Notice & { readonly presence: NonNullable<Notice["presence"]> } {
  return entry.kind === "notice" && entry.presence !== undefined;
}

function presencesOf(entry: Entry): 0 | 1 {
  return isPresence(entry) ? 1 : 0;
}

/** Characters of a line itself: a table holds those of its text once more. */
function wordsOf(entry: Entry): number {
  if (entry.kind === "message") return entry.text.length + fieldsLength(entry);
  return entry.table === undefined ? entry.text.length : 2 * entry.text.length;
}

/** What others have put to a line counts as well. */
function charactersOf(entry: Entry): number {
  if (isPresence(entry)) return 0;
  if (entry.kind !== "message") return wordsOf(entry);
  const { reply, reactions = [] } = entry;
  return reactions.reduce(
    (sum, { by }) => by.reduce((names, name) => names + name.length, sum),
    wordsOf(entry) + (reply?.text.length ?? 0),
  );
}
