// Reactions to a message: one row per emoji, with the names behind it. The difference between two states of a message
// stays small even if the message is long, and is stored as such.
import type { MessageEntry, Reactions } from "../../../protocol/webview.ts";
import { nameKey } from "../../../protocol/names.ts";

/** The limits for emojis per message, and for people per emoji. */
const ROWS = 32;
const NAMES = 256;

/** A message after someone added or removed a reaction. */
export function reactedTo(
  message: MessageEntry,
  {
    from,
    own,
    text,
    on,
  }: { readonly from: string; readonly own: boolean; readonly text: string; readonly on: boolean },
): MessageEntry {
  const row = message.reactions?.find((each) => each.text === text);
  const others = (row?.by ?? []).filter((name) => nameKey(name) !== nameKey(from));
  const by = on ? [...others, from].slice(0, NAMES) : others;
  return withRows(message, [{ text, by, mine: own ? on : (row?.mine ?? false) }]);
}

/** Replaces a message's rows for the given emojis; a row without names is removed. */
export function withRows(message: MessageEntry, rows: Reactions): MessageEntry {
  const { reactions: former = [], ...rest } = message;
  const changed = new Map(former.map((row) => [row.text, row]));
  for (const row of rows) changed.set(row.text, row);
  const reactions = [...changed.values()].filter(({ by }) => by.length > 0).slice(0, ROWS);
  return reactions.length === 0 ? rest : { ...rest, reactions };
}

/** The rows that differ between two states of a message; null if anything else differs. */
export function changedRows(before: MessageEntry, after: MessageEntry): Reactions | null {
  const fields = Object.keys({ ...before, ...after }) as (keyof MessageEntry)[];
  if (fields.some((field) => field !== "reactions" && before[field] !== after[field])) return null;
  const left = new Map((before.reactions ?? []).map((row) => [row.text, row]));
  const rows: Reactions = [];
  for (const row of after.reactions ?? []) {
    if (left.get(row.text) !== row) rows.push(row);
    left.delete(row.text);
  }
  return [...rows, ...[...left.values()].map((row) => ({ ...row, by: [], mine: false }))];
}
