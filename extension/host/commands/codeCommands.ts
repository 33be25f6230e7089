// The commands that attach something of the editor to the next message, and those for files.
import type { SessionNumber } from "../../../protocol/webview.ts";
import type { CodeFeatures } from "../code/codeFeatures.ts";
import type { FileFeatures } from "../transfers/fileFeatures.ts";

type Handler = (argument: unknown, selected: unknown) => unknown;

/** Pairs of a command's id and its implementation. */
export function codeHandlers({
  code,
  files,
  reveal,
}: {
  code: CodeFeatures;
  files: FileFeatures;
  /** Shows a message. */
  reveal: (session: SessionNumber, index: number) => void;
}): [string, Handler][] {
  return [
    ["forkchat.sendSelection", (argument) => code.sendSelection(argument)],
    ["forkchat.sendProblem", (argument) => code.sendProblem(argument)],
    ["forkchat.sendTestFailure", (argument) => code.sendTestFailure(argument)],
    ["forkchat.sendFile", (argument, selected) => files.sendFile(argument, selected)],
    ["forkchat.saveAllFiles", () => files.saveAll()],
    ["forkchat.transfers", () => files.showTransfers(reveal)],
    ["forkchat.sendTerminalOutput", () => code.sendTerminalOutput("lastCommand")],
    ["forkchat.sendTerminalSelection", () => code.sendTerminalOutput("selection")],
  ];
}
