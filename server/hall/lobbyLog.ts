// The order of commands. Every hall that one log feeds applies the same commands at the same times, and so stays the same.
import type { Command } from "./commands.ts";

export type LobbyLog = {
  /** Puts a command in its place, after all that were appended before. It is applied now or later. */
  readonly append: (command: Command) => TakeBack;
};

/** Takes a command back, if it has not left yet. Returns whether it did. */
export type TakeBack = () => boolean;

/** @param at milliseconds since 1970 */
export type Apply = (command: Command, at: number) => void;

/** Opens a log. It calls `apply` with each of its commands in turn, but not before this has returned. */
export type OpenLobbyLog = (apply: Apply) => LobbyLog;

/** The log of a single process: commands are applied in the same call, and kept nowhere. */
export function localLog(wallTime: () => number): OpenLobbyLog {
  return (apply) => ({
    append: (command) => {
      apply(command, wallTime());
      return isDone;
    },
  });
}

function isDone(): boolean {
  return false;
}
