// A conversation's settled lines: append-only and bounded, so that what was added since an earlier state is known
// from two numbers, and adding one line costs the same in a long conversation as in a short one.
import type { Entry } from "../../protocol/webview.ts";
import { limits } from "../../protocol/limits.ts";

const CHUNK = 128;

export type Transcript = {
  /** Index of the oldest line that is kept; lines are numbered from 0 and never renumbered. */
  readonly start: number;
  /** Index that the next line will get. */
  readonly end: number;
  /** Characters of all lines that are kept. */
  readonly characters: number;
  /** Every chunk but the last holds `CHUNK` lines. */
  readonly chunks: readonly (readonly Entry[])[];
};

export const emptyTranscript: Transcript = { start: 0, end: 0, characters: 0, chunks: [] };

/** Adds a line. Over the limit the oldest chunk is forgotten. */
export function append(transcript: Transcript, entry: Entry): Transcript {
  const last = transcript.chunks.at(-1);
  const chunks =
    last === undefined || last.length === CHUNK
      ? [...transcript.chunks, [entry]]
      : [...transcript.chunks.slice(0, -1), [...last, entry]];
  return forget({
    start: transcript.start,
    end: transcript.end + 1,
    characters: transcript.characters + entry.text.length,
    chunks,
  });
}

/** Drops the oldest chunk when there is more than a transcript may hold; one line more never needs more than that. */
function forget(transcript: Transcript): Transcript {
  const { start, end, characters, chunks } = transcript;
  const [oldest, ...others] = chunks;
  const isFull = end - start > limits.transcriptEntries || characters > limits.transcriptCharacters;
  if (!isFull || oldest === undefined || others.length === 0) return transcript;
  return { start: start + oldest.length, end, characters: characters - total(oldest), chunks: others };
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

/** The newest lines, at most so many of them and of their characters; the very newest is always there. */
export function newest(
  transcript: Transcript,
  count: number,
  characters: number,
): { index: number; entries: Entry[] } {
  const { index, entries } = slice(transcript, transcript.end - count, transcript.end);
  let room = characters;
  let first = entries.length;
  while (first > 0) {
    room -= entries[first - 1]?.text.length ?? 0;
    if (room < 0 && first < entries.length) break;
    first -= 1;
  }
  return { index: index + first, entries: entries.slice(first) };
}

/** Builds a transcript from kept lines, as they come from storage. */
export function fromEntries(entries: readonly Entry[]): Transcript {
  return entries.reduce(append, emptyTranscript);
}

function total(entries: readonly Entry[]): number {
  return entries.reduce((sum, { text }) => sum + text.length, 0);
}
