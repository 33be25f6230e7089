// The commands that attach something of the editor to the next message, and those for files and changes.
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { ChangeFeatures } from "../changes/changeFeatures.ts";
import type { CodeFeatures } from "../code/codeFeatures.ts";
import type { FileFeatures } from "../transfers/fileFeatures.ts";

/** A menu passes where it was opened, and then all that is selected there. */
export type Handler = (argument: unknown, ...others: readonly unknown[]) => unknown;

export type CodeCommandOptions = {
  readonly code: CodeFeatures;
  readonly files: FileFeatures;
  readonly changes: ChangeFeatures;
};

type Options = CodeCommandOptions & {
  /** Shows a message. */
  readonly reveal: (session: SessionNumber, index: number) => void;
};

/** Pairs of a command's id and its implementation. */
export function codeHandlers({ code, files, changes, reveal }: Options): [string, Handler][] {
  return [
    ["forkchat.sendSelection", (argument) => code.sendSelection(argument)],
    ["forkchat.sendProblem", (argument) => code.sendProblem(argument)],
    ["forkchat.sendTestFailure", (argument) => code.sendTestFailure(argument)],
    ["forkchat.sendFile", (argument, selected) => files.sendFile(argument, selected)],
    ["forkchat.saveAllFiles", () => files.saveAll()],
    ["forkchat.transfers", () => files.showTransfers(reveal)],
    ["forkchat.sendChanges", (...given) => changes.send(given)],
    ["forkchat.applyReviewed", () => changes.applyReviewed()],
    ["forkchat.sendTerminalOutput", () => code.sendTerminalOutput("lastCommand")],
    ["forkchat.sendTerminalSelection", () => code.sendTerminalOutput("selection")],
  ];
}
