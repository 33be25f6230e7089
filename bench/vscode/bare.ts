// A panel whose page sends its host a message and gets it back: the least that a message between them costs.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";

export function activate(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand("bench.openBare", () => {
      const panel = vscode.window.createWebviewPanel("bench.bare", "Bare", vscode.ViewColumn.One, {
        enableScripts: true,
      });
      panel.webview.onDidReceiveMessage((message: unknown) => void panel.webview.postMessage(message));
      const nonce = randomBytes(16).toString("hex");
      panel.webview.html = `<!doctype html>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'">
        <script nonce="${nonce}">
          const host = acquireVsCodeApi();
          window.roundTrip = () => new Promise((resolve) => {
            const start = performance.now();
            addEventListener("message", () => resolve(performance.now() - start), { once: true });
            host.postMessage({ text: "${"x".repeat(60)}" });
          });
        </script>`;
    }),
  );
}
