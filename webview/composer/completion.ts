// Completes the word before the cursor: to a command, its argument, a mention, an emoji, or a name. Pure.
import { begunMention } from "../../protocol/mentions.ts";
import { nameKey } from "../../protocol/names.ts";
import { isCommandLine, type CommandView, type PanelState } from "../../protocol/webview.ts";
import { findEmoji } from "../base/emoji.ts";

/** Maximum number of candidates shown; typing on finds others. */
const CANDIDATES = 50;

export type Candidate = { readonly insert: string; readonly label: string; readonly detail: string };

export type Completion = {
  readonly kind: "command" | "argument" | "mention" | "emoji" | "name";
  /** The range of the text that a candidate's `insert` replaces. */
  readonly from: number;
  readonly to: number;
  readonly candidates: readonly Candidate[];
};

export type CompletionSource = Pick<PanelState, "commands" | "users" | "sessions" | "targets">;

/** Finds the candidates at `caret`; null if there are none for the word there. */
export function complete(text: string, caret: number, source: CompletionSource): Completion | null {
  const completion = find(text, caret, source);
  if (completion === null) return null;
  const typed = text.slice(completion.from, completion.to);
  const candidates = completion.candidates.slice(0, CANDIDATES);
  const changes = candidates.some(({ insert }) => insert !== typed);
  return changes ? { ...completion, candidates } : null;
}

function find(text: string, caret: number, source: CompletionSource): Completion | null {
  const before = text.slice(0, caret);
  if (!isCommandLine(text)) {
    return (
      mentionCompletion(before, source.users) ??
      emojiCompletion(before) ??
      nameCompletion(before, source.users)
    );
  }
  const [name = "", ...words] = before.slice(1).split(/\s+/u);
  return words.length === 0
    ? commandCompletion(before, name, source.commands)
    : argumentCompletion(before, name, words, source);
}

function commandCompletion(before: string, typed: string, commands: readonly CommandView[]): Completion {
  const start = typed.toLowerCase();
  const candidates = commands
    .filter((command) => [command.name, ...command.aliases].some((name) => name.startsWith(start)))
    .map((command) => ({
      insert: `\\${command.name}${command.usage.includes(" ") ? " " : ""}`,
      label: command.usage,
      detail: command.help,
    }));
  return { kind: "command", from: 0, to: before.length, candidates };
}

/** Completes the last word of an argument; no one is suggested twice. */
function argumentCompletion(
  before: string,
  name: string,
  words: readonly string[],
  source: CompletionSource,
): Completion | null {
  const key = name.toLowerCase();
  const command = source.commands.find(({ name, aliases }) => name === key || aliases.includes(key));
  const completes = command?.completes[words.length - 1];
  if (command === undefined || completes === undefined) return null;
  const typed = words.at(-1) ?? "";
  const given = new Set(words.slice(0, -1).map(nameKey));
  const more = words.length < command.completes.length ? " " : "";
  const candidates =
    completes === "session"
      ? source.sessions.flatMap((session) => sessionCandidates(typed, session))
      : names(
          typed,
          source.targets[completes].filter((name) => !given.has(nameKey(name))),
        ).map((candidate) => ({ ...candidate, insert: `${candidate.insert}${more}` }));
  return { kind: "argument", from: before.length - typed.length, to: before.length, candidates };
}

/** A session is completed by its number, which is unambiguous, unless its name is being typed. */
function sessionCandidates(typed: string, session: PanelState["sessions"][number]): Candidate[] {
  const number = String(session.number);
  const byNumber = number.startsWith(typed);
  if (!byNumber && !nameKey(session.name).startsWith(nameKey(typed))) return [];
  const detail = session.mark === undefined ? "" : session.mark;
  return [{ insert: byNumber ? number : session.name, label: `${number} ${session.name}`, detail }];
}

function mentionCompletion(before: string, users: readonly string[]): Completion | null {
  const typed = begunMention(before);
  if (typed === null) return null;
  const candidates = names(typed, users).map(({ insert }) => ({
    insert: `@${insert} `,
    label: `@${insert}`,
    detail: "",
  }));
  return { kind: "mention", from: before.length - typed.length - 1, to: before.length, candidates };
}

/** With more candidates, typing another letter is faster than reading. */
const EMOJI_OFFERED = 30;

/** At least two letters after a colon at the beginning of a word: one letter would match too often. */
function emojiCompletion(before: string): Completion | null {
  const [whole, typed] = /(?<![^\s(]):([\w+-]{2,}):?$/u.exec(before) ?? [];
  if (whole === undefined || typed === undefined) return null;
  const candidates = findEmoji(typed, EMOJI_OFFERED).map(({ name, text }) => ({
    insert: text,
    label: `${text} :${name}:`,
    detail: "",
  }));
  return { kind: "emoji", from: before.length - whole.length, to: before.length, candidates };
}

function nameCompletion(before: string, users: readonly string[]): Completion | null {
  // Matches only at the beginnings of words: at each letter, a long word would take quadratic time.
  const word = /(?<![\p{L}\p{M}\p{Nd}_.-])[\p{L}\p{M}\p{Nd}_.-]+$/u.exec(before)?.[0];
  if (word === undefined) return null;
  return {
    kind: "name",
    from: before.length - word.length,
    to: before.length,
    candidates: names(word, users),
  };
}

function names(typed: string, users: readonly string[]): Candidate[] {
  const key = nameKey(typed);
  return users
    .filter((name) => nameKey(name).startsWith(key))
    .map((name) => ({ insert: name, label: name, detail: "" }));
}
