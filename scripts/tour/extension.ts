// Shows the chat's view and the first step of its walkthrough, once per project.
import * as vscode from "vscode";

const SHOWN_KEY = "shown";
const WALKTHROUGH = "fork-chat.fork-chat#start";

export async function activate({ workspaceState }: vscode.ExtensionContext): Promise<void> {
  if (workspaceState.get(SHOWN_KEY) === true) return;
  await vscode.commands.executeCommand("workbench.view.extension.forkchat");
  await vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH);
  await workspaceState.update(SHOWN_KEY, true);
}
