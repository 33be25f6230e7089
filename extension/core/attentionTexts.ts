// The one sentence of a notification. It tells who and how much, never what: others may look at the screen.
import type { Note } from "./state.ts";

export function notesText(notes: readonly Note[]): string {
  const names = [...new Set(notes.map(({ from }) => from))];
  const count = (kind: Note["kind"]): number => notes.filter((note) => note.kind === kind).length;
  const [messages, mentions, forks] = [count("message"), count("mention"), count("fork")];
  const who = listed(names);
  if (mentions === 0 && forks === 0) {
    return messages === 1 ? `${who} wrote to you in private.` : `${messages} private messages from ${who}.`;
  }
  if (messages === 0 && forks === 0) {
    return mentions === 1 ? `${who} mentioned you.` : `${mentions} messages of ${who} mention you.`;
  }
  if (messages === 0 && mentions === 0) {
    return forks === 1
      ? `${who} opened a private session with you.`
      : `${who} opened private sessions with you.`;
  }
  return `${notes.length} messages and private sessions of ${who} wait for you.`;
}

/** `anna`, `anna and bobby`, `anna, bobby and 3 others`. */
function listed(names: readonly string[]): string {
  const [first = "", second, third, ...more] = names;
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  if (more.length === 0) return `${first}, ${second} and ${third}`;
  return `${first}, ${second} and ${more.length + 1} others`;
}

export const attentionTexts = {
  muted: "This session is muted: nothing is said about what comes here. \\mute ends it.",
  unmuted: "This session is no longer muted.",
  busy: "You are not to be disturbed: others see it, and nothing pops up. \\dnd ends it.",
  available: "You can be disturbed again.",
} as const;
