// Focuses a group of editors that does not show the chat.
import * as vscode from "vscode";

/** Commands that focus a group of editors, by its column. */
const FOCUS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"].map(
  (column) => `workbench.action.focus${column}EditorGroup`,
);

/** Editors open where the focus is: not over the chat, which has the buttons. */
export async function leaveChat(): Promise<void> {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const hasPage = ({ activeTab }: vscode.TabGroup): boolean =>
    activeTab?.input instanceof vscode.TabInputWebview;
  if (!hasPage(activeTabGroup)) return;
  const free = all.find((group) => !hasPage(group));
  const focus = free === undefined ? undefined : FOCUS[free.viewColumn - 1];
  await vscode.commands.executeCommand(focus ?? "workbench.action.newGroupRight");
}
