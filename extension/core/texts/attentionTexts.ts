// The sentence of a notification. It names people and counts, never contents, because others may see the screen.
import * as l10n from "@vscode/l10n";
import type { Note } from "../model/state.ts";

export function notesText(notes: readonly Note[]): string {
  const names = [...new Set(notes.map(({ from }) => from))];
  const count = (kind: Note["kind"]): number => notes.filter((note) => note.kind === kind).length;
  const [messages, mentions, forks] = [count("message"), count("mention"), count("fork")];
  const who = listed(names);
  if (mentions === 0 && forks === 0) {
    return messages === 1
      ? l10n.t("{0} sent you a private message.", who)
      : l10n.t("{0} private messages from {1}.", messages, who);
  }
  if (messages === 0 && forks === 0) {
    return mentions === 1
      ? l10n.t("{0} mentioned you.", who)
      : l10n.t("{0} messages from {1} mention you.", mentions, who);
  }
  if (messages === 0 && mentions === 0) {
    const [{ by } = {}] = notes;
    if (forks === 1 && by !== undefined) return l10n.t("{0} introduced you to {1}.", by, who);
    if (notes.some((note) => note.by !== undefined)) return l10n.t("New private sessions with {0}.", who);
    return forks === 1
      ? l10n.t("{0} opened a private session with you.", who)
      : l10n.t("{0} opened private sessions with you.", who);
  }
  return l10n.t("{0} new messages and private sessions from {1}.", notes.length, who);
}

/** `anna`, `anna and bobby`, `anna, bobby, and 3 others`. */
function listed(names: readonly string[]): string {
  const [first = "", second, third, ...more] = names;
  if (second === undefined) return first;
  if (third === undefined) return l10n.t("{0} and {1}", first, second);
  if (more.length === 0) return l10n.t("{0}, {1}, and {2}", first, second, third);
  return l10n.t("{0}, {1}, and {2} others", first, second, more.length + 1);
}

export const attentionTexts = {
  muted: l10n.t("Muted: you won't be notified about this session. \\mute again to unmute."),
  unmuted: l10n.t("This session is no longer muted."),
  busy: l10n.t(
    "Do Not Disturb is on: others can see it, and you won't get notifications. \\dnd again to turn it off.",
  ),
  available: l10n.t("Do Not Disturb is off."),
} as const;

/** The unread count beside a session's name, or in total. */
export function unreadText(count: number): string {
  return count === 1 ? l10n.t("1 unread") : l10n.t("{0} unread", count);
}
