// Highlights lines for a moment, so that the eye finds them.
import * as vscode from "vscode";

const SHOWN_MS = 1_500;

/** Ends when its time is over, or at once when the text changes. */
export function flash(editor: vscode.TextEditor, lines: vscode.Range): void {
  const type = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
    overviewRulerColor: new vscode.ThemeColor("editorOverviewRuler.rangeHighlightForeground"),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  editor.setDecorations(type, [lines]);
  editor.revealRange(lines, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  const end = (): void => {
    clearTimeout(timer);
    subscription.dispose();
    type.dispose();
  };
  const timer = setTimeout(end, SHOWN_MS);
  const subscription = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document === editor.document) end();
  });
}
