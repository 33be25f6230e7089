// What any VS Code has to find after installing: the extension, its commands and its settings.
import assert from "node:assert/strict";
import { rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { commandHandlers } from "../../../extension/host/commands/commandRegistry.ts";

const COMMANDS = [
  ...["startServer", "stopServer", "join", "open", "users", "fork"],
  ...["switchSession", "sessions", "lobby", "leave", "quit", "help"],
];

/** The bundles of an extension that this process has read. */
function readOf(path: string): string[] {
  const { cache } = createRequire(join(path, "package.json"));
  return Object.keys(cache)
    .filter((file) => file.startsWith(join(path, "dist")))
    .map((file) => basename(file))
    .sort();
}

describe("The extension in an extension host", () => {
  const extension = vscode.extensions.getExtension("fork-chat.fork-chat");

  it("is found by its id and activates", async () => {
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it("keeps notes from opening the Comments view", () => {
    const setting = vscode.workspace.getConfiguration("comments").inspect("openView");
    assert.equal(setting?.defaultValue, "firstFileUnresolved");
  });

  it("retries a failed start at the next command", async () => {
    assert.ok(extension);
    const bundle = join(extension.extensionPath, "dist", "chatWindow.cjs");
    const aside = `${bundle}.aside`;
    // As while an update replaces the files of the extension.
    await rename(bundle, aside);
    try {
      await assert.rejects(async () => vscode.commands.executeCommand("forkchat.lobby"));
    } finally {
      await rename(aside, bundle);
    }
    assert.deepEqual(readOf(extension.extensionPath), ["extension.cjs"]);
  });

  it("reads nothing of the chat in a window where no one has used it", async () => {
    assert.ok(extension);
    assert.deepEqual(readOf(extension.extensionPath), ["extension.cjs"]);
    await vscode.commands.executeCommand("forkchat.lobby");
    assert.deepEqual(readOf(extension.extensionPath), ["chatWindow.cjs", "extension.cjs"]);
  });

  it("has a handler for each command of its manifest, and for no other", () => {
    const { contributes } = extension?.packageJSON as { contributes: { commands: { command: string }[] } };
    const declared = contributes.commands.map(({ command }) => command);
    // Nothing is called: what the commands work on is not asked for.
    const handled = [...commandHandlers({} as Parameters<typeof commandHandlers>[0]).keys()];
    assert.deepEqual(handled.sort(), declared.sort());
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
