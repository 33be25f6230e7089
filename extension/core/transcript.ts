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
  /** Every chunk but the last holds `CHUNK` lines. */
  readonly chunks: readonly (readonly Entry[])[];
};

export const emptyTranscript: Transcript = { start: 0, end: 0, chunks: [] };

/** Adds a line. Over the limit the oldest chunk is forgotten. */
export function append(transcript: Transcript, entry: Entry): Transcript {
  const last = transcript.chunks.at(-1);
  const chunks =
    last === undefined || last.length === CHUNK
      ? [...transcript.chunks, [entry]]
      : [...transcript.chunks.slice(0, -1), [...last, entry]];
  const end = transcript.end + 1;
  const tooMany = end - transcript.start > limits.transcriptEntries;
  return tooMany
    ? { start: transcript.start + CHUNK, end, chunks: chunks.slice(1) }
    : { start: transcript.start, end, chunks };
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

/** Builds a transcript from kept lines, as they come from storage. */
export function fromEntries(entries: readonly Entry[]): Transcript {
  const kept = entries.slice(-limits.transcriptEntries);
  const chunks: Entry[][] = [];
  for (let i = 0; i < kept.length; i += CHUNK) chunks.push(kept.slice(i, i + CHUNK));
  return { start: 0, end: kept.length, chunks };
}
