// Attaches what a terminal shows: what is selected there, or the output of its last command.
import { stripVTControlCharacters } from "node:util";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { secretFileIn } from "../../core/code/secrets.ts";
import { outputQuote, type TerminalCommand } from "../../core/code/terminalOutput.ts";
import { copiedBy } from "../vscode/clipboard.ts";
import { type Attacher, Refusal, type ToAttach } from "./attacher.ts";

/** Characters of an output that are looked at, from its end: more than fits a message. */
const MOST_CHARACTERS = 128 * 1024;

const COPY_SELECTION = "workbench.action.terminal.copySelection";
const COPY_OUTPUT = "workbench.action.terminal.copyLastCommandOutput";

export class OutputSender {
  readonly #attacher: Attacher;
  readonly #last = new WeakMap<vscode.Terminal, TerminalCommand>();
  readonly #ends: vscode.Disposable;

  constructor(attacher: Attacher) {
    this.#attacher = attacher;
    this.#ends = vscode.window.onDidEndTerminalShellExecution(({ terminal, execution, exitCode }) => {
      const { value, confidence } = execution.commandLine;
      const isSure = confidence !== vscode.TerminalShellExecutionCommandLineConfidence.Low;
      this.#last.set(terminal, {
        ...(isSure ? { command: value } : {}),
        ...(exitCode === undefined ? {} : { exitCode }),
      });
    });
  }

  dispose(): void {
    this.#ends.dispose();
  }

  /** Of the active terminal, which a click with the right button has made so. */
  async sendSelection(): Promise<void> {
    await this.#attacher.attachHere(async () => {
      const selected = (await copiedBy(COPY_SELECTION)) ?? "";
      // On macOS, a click with the right button selects the word below it.
      const isOfClick = selectsWords() && !/\s/u.test(selected);
      const output = selected === "" || isOfClick ? await this.#lastOutput() : null;
      return output ?? quoted(selected, {}) ?? new Refusal(noOutput());
    });
  }

  async sendLastOutput(): Promise<void> {
    await this.#attacher.attachHere(async () => {
      if (vscode.window.activeTerminal === undefined)
        return new Refusal(l10n.t("There's no terminal to send output from. Open one first."));
      return (await this.#lastOutput()) ?? new Refusal(noOutput());
    });
  }

  async #lastOutput(): Promise<ToAttach | null> {
    const terminal = vscode.window.activeTerminal;
    if (terminal === undefined) return null;
    const output = await copiedBy(COPY_OUTPUT);
    return output === null ? null : quoted(output, this.#last.get(terminal) ?? {});
  }
}

function noOutput(): string {
  return l10n.t(
    "There's no output of a last command here. Select text in the terminal, then run this command again.",
  );
}

function quoted(text: string, command: TerminalCommand): ToAttach | null {
  const quote = outputQuote(stripVTControlCharacters(text.slice(-MOST_CHARACTERS)), command);
  const path = secretFileIn(command.command ?? "");
  return quote === null ? null : { quote, ...(path === undefined ? {} : { path }) };
}

function selectsWords(): boolean {
  const behavior = vscode.workspace
    .getConfiguration("terminal.integrated")
    .get<unknown>("rightClickBehavior");
  return behavior === "selectWord";
}
