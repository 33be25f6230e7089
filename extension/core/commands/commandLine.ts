// The grammar of typed lines: a command, a literal backslash, or a message.
import * as l10n from "@vscode/l10n";
import { err, ok, type Result } from "../../../protocol/result.ts";
import { commandWords } from "../../../protocol/typedCommand.ts";
import { isCommandLine } from "../../../protocol/webview.ts";
import {
  type Command,
  type CommandSpec,
  commands,
  findCommand,
  takesWords,
  usage,
} from "../model/commands.ts";
import type { FailureCode } from "../model/outcome.ts";
import { nearest } from "../people/nearest.ts";

export type Line =
  | { readonly type: "command"; readonly command: Command }
  | { readonly type: "message"; readonly text: string };

export type LineError = { readonly code: FailureCode; readonly text: string };

/**
 * Parses a typed line. Text that begins with `\` is a command or an error, never a message; `\\` at the start stands
 * for a literal backslash.
 */
export function parseLine(text: string): Result<Line, LineError> {
  if (!isCommandLine(text)) {
    return ok({ type: "message", text: text.startsWith("\\") ? text.slice(1) : text });
  }

  const { name, words } = commandWords(text);
  const spec = findCommand(name.toLowerCase());
  if (spec === undefined) return err(unknownCommand(name));
  if (!takesWords(spec, words.length)) return err(usageError(spec));
  return ok({ type: "command", command: { name: spec.name, argument: words.join(" ") } });
}

export function usageError(spec: CommandSpec): LineError {
  return { code: "usage", text: l10n.t("Usage: {0}. It {1}.", usage(spec), spec.help) };
}

function unknownCommand(word: string): LineError {
  const hint = nearestCommand(word.toLowerCase());
  const what =
    word === ""
      ? l10n.t("Type a command after the backslash.")
      : l10n.t("Unknown command: \\{0}.", clip(word));
  const help =
    hint === undefined ? l10n.t("\\help lists the commands.") : l10n.t("Did you mean \\{0}?", hint);
  return {
    code: "unknown-command",
    text: [what, help, l10n.t("To send text that starts with a backslash, type two backslashes.")].join(" "),
  };
}

/** The command that was probably meant, if one is close enough. */
function nearestCommand(word: string): string | undefined {
  return nearest(
    word,
    commands.flatMap((spec) => [spec.name, ...spec.aliases]),
  );
}

function clip(word: string): string {
  const characters = Array.from(word);
  return characters.length > 32 ? `${characters.slice(0, 32).join("")}…` : word;
}
