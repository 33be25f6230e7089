// The lines of saved conversations: which of them precede a session's own, and which must be written to a file. Pure.
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
 * The messages of earlier sessions for a new one, numbered from 0. Several windows may have saved the same ones: each
 * appears once. Numbers of an earlier session are not valid in this one.
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

/** The messages of one conversation, of which several windows may have saved parts. */
export function keptMessages(
  kept: readonly [KeptConversation, ...KeptConversation[]],
  bound: Bound,
): KeptMessages {
  const entries = earlierLines(kept, bound).lines.map(({ entry }) => entry);
  return { conversation: kept[0].conversation, entries };
}

/**
 * A session's own lines with those before them: from the file of the same session if there is one, otherwise from all,
 * by time.
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

/** The lines of the same session before an index. */
function olderLines({ lines }: KeptConversation, before: number, bound: Bound): Line[] {
  const older = [...lines.values()].filter((line) => line.index < before && !isOlder(line, bound));
  return newestOf(older, bound.count);
}

/** Whether a file has this line under the same index, perhaps amended. */
export function isSameLine({ lines }: KeptConversation, line: NewLine | undefined): boolean {
  const same = line === undefined ? undefined : lines.get(line.index);
  return same !== undefined && same.entry.kind === line?.entry.kind && same.entry.at === line.entry.at;
}

/** A line from another numbering. */
function moved(entry: Entry, answered: (index: number) => number | undefined, current: boolean): Entry {
  const line = current ? entry : withoutNumber(entry);
  if (line.kind !== "message" || line.reply === undefined) return line;
  const { index: former, ...reply } = line.reply;
  const index = former === undefined ? undefined : answered(former);
  return { ...line, reply: index === undefined ? reply : { ...reply, index } };
}

/** Lobby messages have a number shared by all windows; others are equal if one was copied from the other. */
function keyOf({ entry, seen, id }: Line): string {
  const isNumbered = seen !== undefined && entry.kind === "message" && entry.seq !== undefined;
  return isNumbered ? `${seen.epoch} ${entry.seq}` : id;
}

/** Of two copies, one may contain changes that the other lacks. */
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

/** A transcript's lines for their first write. */
export function linesOf(transcript: Transcript): NewLine[] {
  const { index, entries } = slice(transcript, transcript.start, transcript.end);
  return entries.map((entry, i) => ({ index: index + i, entry }));
}

/** The lines to write: new lobby messages include their place in the server's order. */
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
