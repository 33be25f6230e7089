// Says that something needs a trusted workspace, and shows the way to trust it.
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { showWarning } from "../vscode/notify.ts";

export async function offerTrust(text: string): Promise<void> {
  const choice = await showWarning(text, l10n.t("Manage Workspace Trust"));
  if (choice !== undefined) await vscode.commands.executeCommand("workbench.trust.manage");
}
