// Terminals' output, as a real VS Code hands it over.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { OutputSender } from "../../../extension/host/code/outputSender.ts";
import { copiedBy } from "../../../extension/host/vscode/clipboard.ts";
import { AttachedParts, ESC, TOKEN } from "./attachedParts.ts";

describe("What is sent beside lines", () => {
  const parts = new AttachedParts();
  const { attached, attacher, shown, last, asked } = parts;

  describe("a terminal's output", () => {
    let clipboard = "";
    /** What a command of VS Code puts into the clipboard. */
    const copies = new Map<string, () => void>();
    const outputs = new OutputSender(attacher);
    after(() => outputs.dispose());

    beforeEach(() => {
      clipboard = "mine";
      copies.clear();
      mock.method(vscode.commands, "executeCommand", (command: string) => {
        copies.get(command)?.();
        return Promise.resolve();
      });
      Object.defineProperty(vscode.env, "clipboard", {
        configurable: true,
        value: {
          readText: () => Promise.resolve(clipboard),
          writeText: (text: string) => {
            clipboard = text;
            return Promise.resolve();
          },
        },
      });
    });

    it("is what is selected, without escape sequences, and the clipboard is as before", async () => {
      copies.set("workbench.action.terminal.copySelection", () => {
        clipboard = `${ESC}[1mbold${ESC}[0m\r\n${ESC}]0;title\u0007${TOKEN}`;
      });
      await outputs.sendSelection();
      assert.deepEqual(last(), {
        part: { kind: "output", at: 0 },
        ...{ heading: "", code: `bold\n${TOKEN}` },
      });
      assert.ok(asked().includes(TOKEN));
      assert.equal(clipboard, "mine");
    });

    it("of a command that names a file with secrets is asked about", async () => {
      const ended = new vscode.EventEmitter<vscode.TerminalShellExecutionEndEvent>();
      mock.method(vscode.window, "onDidEndTerminalShellExecution", ended.event);
      const terminal = {} as vscode.Terminal;
      mock.getter(vscode.window, "activeTerminal", () => terminal);
      const listening = new OutputSender(attacher);
      const confidence = vscode.TerminalShellExecutionCommandLineConfidence.High;
      const commandLine = { value: "cat app/.env.local", isTrusted: true, confidence };
      ended.fire({
        terminal,
        execution: { commandLine },
        exitCode: 0,
      } as vscode.TerminalShellExecutionEndEvent);
      copies.set("workbench.action.terminal.copyLastCommandOutput", () => (clipboard = "PASSWORD=four"));
      await listening.sendLastOutput();
      assert.equal(parts.shared.at(-1)?.path, "app/.env.local");
      assert.equal(last().heading, "$ cat app/.env.local (exit code 0)");
      listening.dispose();
    });

    it("is the same where it was in the clipboard before", async () => {
      copies.set("workbench.action.terminal.copySelection", () => (clipboard = "mine"));
      await outputs.sendSelection();
      assert.equal(last().code, "mine");
    });

    it("is none where nothing is copied, and the clipboard is as before", async () => {
      await outputs.sendSelection();
      assert.deepEqual(attached, []);
      assert.match(shown.join(), /no output of a last command/);
      assert.equal(clipboard, "mine");
    });

    it("leaves the clipboard as before when the copy fails", async () => {
      copies.set("broken", () => {
        clipboard = "half";
        throw new Error("broken");
      });
      await assert.rejects(copiedBy("broken"), /broken/);
      assert.equal(clipboard, "mine");
    });

    it("is copied by one command at a time", async () => {
      copies.set("one", () => (clipboard = "first"));
      copies.set("two", () => (clipboard = "second"));
      assert.deepEqual(await Promise.all([copiedBy("one"), copiedBy("two")]), ["first", "second"]);
      assert.equal(clipboard, "mine");
    });
  });
});
