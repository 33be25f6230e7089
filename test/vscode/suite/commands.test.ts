// The commands as keybindings and scripts call them: with arguments, and with an outcome when they are done.
import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { ServerProcess } from "../../support/serverProcess.ts";
import { Client } from "../../support/client.ts";

type Outcome = { ok: boolean; code?: string; text?: string };

function run(command: string, argument?: unknown): Thenable<Outcome> {
  return vscode.commands.executeCommand<Outcome>(`forkchat.${command}`, argument);
}

/** Resolves once exactly one panel of ours is among the editors. */
function untilPanelIsOpen(): Promise<void> {
  const isOpen = (): boolean => {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("forkchat.panel"),
    );
    return ours.length === 1;
  };
  return new Promise((resolve) => {
    const subscription = vscode.window.tabGroups.onDidChangeTabs(check);
    function check(): void {
      if (!isOpen()) return;
      subscription.dispose();
      resolve();
    }
    check();
  });
}

describe("Commands with arguments", () => {
  const extension = vscode.extensions.getExtension("fork-chat.fork-chat");
  let server: ServerProcess;
  let bobby: Client;

  before(async () => {
    assert.ok(extension);
    server = await ServerProcess.startScript(join(extension.extensionPath, "dist", "server.js"));
    bobby = new Client();
    assert.deepEqual(await bobby.join("bobby", server.url), { ok: true });
  });

  after(async () => {
    await run("quit");
    await bobby.close();
    await server.stop();
  });

  it("say what is missing before joining", async () => {
    const outcome = await run("fork", "bobby");
    assert.equal(outcome.code, "not-joined");
    assert.match(outcome.text ?? "", /Chat: Join as…/);
  });

  it("join says why a server cannot be joined, and does not wait for an answer to its offer", async () => {
    const outcome = await run("join", { name: "anna", server: "ws://127.0.0.1:9" });
    assert.equal(outcome.code, "unreachable");
    assert.equal((await run("join", { name: "two words", server: server.url })).code, "name");
  });

  it("join resolves once in the lobby, and opens the panel", async () => {
    assert.deepEqual(await run("join", { name: "anna", server: server.url }), { ok: true });
    await bobby.untilShown("lobby", "anna has joined");
    await untilPanelIsOpen();
    assert.equal((await run("join", { name: "anna", server: server.url })).code, "already-joined");
  });

  it("fork resolves once the session is open, or with the reason for its failure", async () => {
    assert.deepEqual(await run("fork", "bobby"), { ok: true });
    assert.equal(bobby.peer("anna")?.role, "B");
    await run("lobby");
    assert.equal((await run("fork", "bobby")).code, "already-in-session");
    assert.equal((await run("fork", "anna")).code, "self-fork");
    assert.equal((await run("fork", "nobody.here")).code, "unknown-user");
  });

  it("switchSession accepts a number or a name", async () => {
    assert.deepEqual(await run("switchSession", 1), { ok: true });
    assert.equal((await run("fork", "bobby")).code, "not-here");
    assert.deepEqual(await run("switchSession", 0), { ok: true });
    assert.deepEqual(await run("switchSession", "bobby"), { ok: true });
    assert.equal((await run("switchSession", 7)).code, "no-such-session");
  });

  it("leave ends the session for both, and quit ends everything", async () => {
    assert.deepEqual(await run("leave"), { ok: true });
    await bobby.untilShown("lobby", "anna left private session 1");
    assert.deepEqual(await run("quit"), { ok: true });
    await bobby.untilShown("lobby", "anna has quit");
  });
});
