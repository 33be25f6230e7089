// What a typed command line says before it runs. Pure.
import { nameKey } from "./names.ts";

/** Commands whose meaning depends on the session they are typed in, or that end something. */
const BOUND: ReadonlySet<string> = new Set(["leave", "verify", "send", "mute", "block", "quit"]);

/** The command's name as typed, and the words after it. */
export function commandWords(line: string): { readonly name: string; readonly words: readonly string[] } {
  const [name = "", ...words] = line.slice(1).trim().split(/\s+/u);
  return { name, words };
}

/** Whether a command asks another person, so that where it leads is not known at once. */
export function asksPerson(line: string): boolean {
  return commandName(line) === "fork";
}

/** Whether two such commands ask the same person. */
export function askTheSame(one: string, other: string): boolean {
  const key = (line: string): string => commandWords(line).words.map(nameKey).join(" ");
  return key(one) === key(other);
}

/** Whether a command does the same in every session, and no harm if the command before it failed. */
export function standsAlone(line: string): boolean {
  return !BOUND.has(commandName(line));
}

function commandName(line: string): string {
  return commandWords(line).name.toLowerCase();
}
