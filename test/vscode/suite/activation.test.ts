// What any VS Code has to find after installing: the extension, its commands and its settings.
import assert from "node:assert/strict";
import * as vscode from "vscode";

const COMMANDS = [
  ...["startServer", "stopServer", "join", "open", "users", "fork"],
  ...["switchSession", "sessions", "lobby", "leave", "quit", "help"],
];

describe("The extension in an extension host", () => {
  const extension = vscode.extensions.getExtension("fork-chat.fork-chat");

  it("is found by its id and activates", async () => {
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("registers every command of its contract", async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = COMMANDS.map((name) => `forkchat.${name}`).filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
  });

  it("lets no workspace choose the server: every setting is of scope machine or application", async () => {
    const defaultUrl = vscode.workspace.getConfiguration("forkchat").inspect("serverUrl")?.defaultValue;
    assert.equal(defaultUrl, "ws://127.0.0.1:43210");
    const manifest = extension?.packageJSON as {
      contributes: { configuration: { properties: Record<string, { scope: string }> } };
    };
    const settings = Object.entries(manifest.contributes.configuration.properties);
    assert.ok(settings.length > 0);
    for (const [name, { scope }] of settings) assert.match(scope, /^(machine|application)$/u, name);
    const configuration = vscode.workspace.getConfiguration("forkchat");
    await assert.rejects(
      async () => configuration.update("serverUrl", "ws://elsewhere:1", vscode.ConfigurationTarget.Workspace),
      "VS Code itself refuses to write it into a workspace",
    );
  });
});
