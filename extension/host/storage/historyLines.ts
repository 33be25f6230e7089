// The lines of kept conversations: which of them stand before a session's own, and which a file has to take. Pure.
import type { Entry } from "../../../protocol/webview.ts";
import type { Conversation, Seen } from "../../core/model/conversation.ts";
import {
  newestOf,
  slice,
  type Transcript,
  type TranscriptChanges,
  withoutNumber,
} from "../../core/model/transcript.ts";
import {
  type Bound,
  type ChangedLines,
  isOlder,
  type KeptConversation,
  type Line,
  type NewLine,
} from "./historyFile.ts";

export type Earlier = { readonly lines: readonly Line[]; readonly seen: Seen | null };

/**
 * The messages of earlier sessions, for one that has just begun, numbered from 0. Several windows may have kept the same
 * ones: each is there once. What was a number in an earlier session is none in this one.
 */
export function earlierLines(kept: readonly KeptConversation[], bound: Bound): Earlier {
  const seen = newestSeen(kept);
  const found = new Map<string, { readonly line: Line; readonly place: string }>();
  const places = new Map<string, string>();
  for (const [i, { lines }] of kept.entries()) {
    for (const line of lines.values()) {
      if (line.entry.kind !== "message" || isOlder(line, bound)) continue;
      const place = `${i}:${line.index}`;
      const key = keyOf(line);
      const other = found.get(key);
      if (other === undefined || hasChangedMore(line, other.line)) {
        found.set(key, { line, place: other?.place ?? place });
      }
      places.set(place, other?.place ?? place);
    }
  }
  const items = [...found.values()];
  if (kept.length > 1) items.sort((a, b) => a.line.entry.at - b.line.entry.at);
  const newest = items.slice(-bound.count);
  const indices = new Map(newest.map(({ place }, index) => [place, index]));
  const lines = newest.map(({ line, place }, index): Line => {
    const file = place.slice(0, place.indexOf(":"));
    const answered = (old: number): number | undefined => indices.get(places.get(`${file}:${old}`) ?? "");
    const current = seen !== null && line.seen?.epoch === seen.epoch;
    return { ...line, index, entry: moved(line.entry, answered, current) };
  });
  return { lines, seen };
}

export type KeptMessages = { readonly conversation: Conversation; readonly entries: readonly Entry[] };

/** The messages of one conversation, of which several windows may have kept some. */
export function keptMessages(
  kept: readonly [KeptConversation, ...KeptConversation[]],
  bound: Bound,
): KeptMessages {
  const entries = earlierLines(kept, bound).lines.map(({ entry }) => entry);
  return { conversation: kept[0].conversation, entries };
}

/**
 * A session's own lines with those before them: of the file that holds the same session where there is one, otherwise of
 * all, by time.
 */
export function resumedLines(
  own: readonly NewLine[],
  kept: readonly KeptConversation[],
  former: KeptConversation | undefined,
  bound: Bound,
): NewLine[] {
  const [first] = own;
  const before =
    first !== undefined && former !== undefined
      ? olderLines(former, first.index, bound)
      : earlierLines(kept, bound).lines.filter(
          ({ entry }) => first === undefined || entry.at < first.entry.at,
        );
  return [...before, ...own.map((line) => ({ ...former?.lines.get(line.index), ...line }))];
}

/** The lines before an index, of the same session. */
function olderLines({ lines }: KeptConversation, before: number, bound: Bound): Line[] {
  const older = [...lines.values()].filter((line) => line.index < before && !isOlder(line, bound));
  return newestOf(older, bound.count);
}

/** Whether a file has a line under the same index, which may have been amended meanwhile. */
export function isSameLine({ lines }: KeptConversation, line: NewLine | undefined): boolean {
  const same = line === undefined ? undefined : lines.get(line.index);
  return same !== undefined && same.entry.kind === line?.entry.kind && same.entry.at === line.entry.at;
}

/** A line of another numbering. */
function moved(entry: Entry, answered: (index: number) => number | undefined, current: boolean): Entry {
  const line = current ? entry : withoutNumber(entry);
  if (line.kind !== "message" || line.reply === undefined) return line;
  const { index: former, ...reply } = line.reply;
  const index = former === undefined ? undefined : answered(former);
  return { ...line, reply: index === undefined ? reply : { ...reply, index } };
}

/** The lobby's messages have a number for all windows; others are one where one was copied from the other. */
function keyOf({ entry, seen, id }: Line): string {
  const isNumbered = seen !== undefined && entry.kind === "message" && entry.seq !== undefined;
  return isNumbered ? `${seen.epoch} ${entry.seq}` : id;
}

/** Of two copies, one window may have seen changes that the other has not. */
function hasChangedMore(a: Line, b: Line): boolean {
  const changes = ({ entry }: Line): number => {
    if (entry.kind !== "message") return 0;
    return entry.retracted === true ? 3 : entry.edited === true ? 2 : entry.reactions === undefined ? 0 : 1;
  };
  return changes(a) > changes(b);
}

function newestSeen(kept: readonly KeptConversation[]): Seen | null {
  const latest = ({ lines }: KeptConversation): number =>
    [...lines.values()].reduce((at, { entry }) => Math.max(at, entry.at), 0);
  return kept
    .map((each) => ({ seen: each.seen, at: latest(each) }))
    .sort((a, b) => a.at - b.at)
    .reduce<Seen | null>((newest, { seen }) => {
      if (seen === null) return newest;
      return newest?.epoch === seen.epoch && newest.seq > seen.seq ? newest : seen;
    }, null);
}

/** A transcript's lines, as they are written first. */
export function linesOf(transcript: Transcript): NewLine[] {
  const { index, entries } = slice(transcript, transcript.start, transcript.end);
  return entries.map((entry, i) => ({ index: index + i, entry }));
}

/** What a file has to take: of the lobby's messages, the new ones bear their own places in the server's order. */
export function changedLines({ added, amended, index }: TranscriptChanges, seen: Seen | null): ChangedLines {
  const news = added.map((entry, i): NewLine => {
    const line = { index: index + i, entry };
    if (seen === null || entry.kind !== "message") return line;
    return { ...line, seen: { epoch: seen.epoch, seq: entry.seq ?? seen.seq } };
  });
  const place = seen === null ? {} : { seen };
  return {
    added: news,
    amended: amended.map(({ index, entry, rows }) =>
      rows === null ? { index, entry, ...place } : { index, rows, ...place },
    ),
  };
}
