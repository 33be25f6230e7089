// Problems, failed tests and terminals' output, as a real VS Code hands them over.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as vscode from "vscode";
import type { NewAttachment } from "../../../protocol/conversation.ts";
import { initialState } from "../../../extension/core/model/state.ts";
import { Attacher } from "../../../extension/host/code/attacher.ts";
import { FailureSender } from "../../../extension/host/code/failureSender.ts";
import type { Shared } from "../../../extension/host/code/mayShare.ts";
import { OutputSender } from "../../../extension/host/code/outputSender.ts";
import { ProblemActions, ProblemSender } from "../../../extension/host/code/problemSender.ts";
import { copiedBy } from "../../../extension/host/vscode/clipboard.ts";
import { online } from "../../support/core.ts";

const ESC = String.fromCharCode(27);
const TOKEN = `ghp_${"a".repeat(36)}`;
const URI = vscode.Uri.parse("untitled:/numbers.ts");

describe("What is sent beside lines", () => {
  const attached: NewAttachment[] = [];
  const shared: Shared[] = [];
  const shown: string[] = [];
  let isAgreed = true;
  const attacher = new Attacher({
    store: {
      state: online,
      dispatch: (event) => {
        if (event.type !== "user/attach" || event.attachment === null) return;
        if ("code" in event.attachment) attached.push(event.attachment);
      },
    },
    panel: { reveal: () => undefined },
    questions: {
      asks: () => false,
      mayShare: (given) => {
        shared.push(given);
        return Promise.resolve(isAgreed);
      },
    },
  });

  beforeEach(() => {
    for (const list of [attached, shared, shown]) list.length = 0;
    isAgreed = true;
    mock.method(vscode.window, "showInformationMessage", (text: string) => {
      shown.push(text);
      return Promise.resolve(undefined);
    });
  });
  afterEach(() => mock.restoreAll());

  const last = (): NewAttachment => attached.at(-1) ?? assert.fail("nothing is attached");
  const asked = (): string => shared.at(-1)?.text ?? "";

  describe("a problem", () => {
    const problems = new ProblemSender(attacher);
    const collection = vscode.languages.createDiagnosticCollection("checker");
    let editor: vscode.TextEditor;

    before(async () => {
      const document = await vscode.workspace.openTextDocument({
        language: "typescript",
        content: 'const one = 1;\nconst two: string = "2";\nconst three = 3;\n',
      });
      editor = await vscode.window.showTextDocument(document);
      const wrong = new vscode.Diagnostic(new vscode.Range(1, 6, 1, 9), "Not a string.");
      wrong.source = "checker";
      wrong.code = { value: 2322, target: URI };
      const far = new vscode.Diagnostic(
        new vscode.Range(2, 0, 2, 5),
        `Remove ${TOKEN}`,
        vscode.DiagnosticSeverity.Information,
      );
      collection.set(document.uri, [wrong, far]);
    });
    after(async () => {
      collection.dispose();
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    });

    const at = (line: number): void => {
      editor.selection = new vscode.Selection(line, 0, line, 0);
    };

    it("is that at the cursor, with its lines", async () => {
      at(1);
      await problems.send(undefined);
      const { part, heading, code } = last();
      assert.ok(part.kind === "problem");
      assert.deepEqual([part.severity, part.source, part.code], ["error", "checker", "2322"]);
      assert.deepEqual([part.range, part.language], [{ from: 2, to: 2 }, "typescript"]);
      assert.equal(heading, "error: Not a string. (checker 2322)");
      assert.equal(code, 'const two: string = "2";');
    });

    it("is none where there is none, and says so", async () => {
      at(0);
      await problems.send(undefined);
      assert.deepEqual(attached, []);
      assert.match(shown.join(), /no problem on this line/);
    });

    it("is asked about with what it says, and not attached without a yes", async () => {
      isAgreed = false;
      at(2);
      await problems.send(undefined);
      assert.ok(asked().includes(TOKEN));
      assert.deepEqual([attached, shown], [[], []]);
    });

    it("is a quick fix where one is asked for: when joined, and never by itself", async () => {
      let state = online;
      const actions = new ProblemActions({
        get state() {
          return state;
        },
      });
      const registered = vscode.languages.registerCodeActionsProvider("*", actions);
      const { document } = editor;
      const range = new vscode.Range(1, 6, 1, 9);
      const offered = async (where: vscode.Range, kind?: string): Promise<string[]> => {
        const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          "vscode.executeCodeActionProvider",
          document.uri,
          where,
          kind,
        );
        return found.map(({ title }) => title).filter((title) => title.startsWith("Send Problem"));
      };
      assert.deepEqual(await offered(range), ["Send Problem to the Chat"]);
      assert.deepEqual(await offered(range, "quickfix"), ["Send Problem to the Chat"]);
      assert.deepEqual(await offered(range, "refactor"), []);
      assert.deepEqual(await offered(new vscode.Range(0, 0, 0, 3)), []);
      const diagnostics = vscode.languages.getDiagnostics(document.uri);
      const byItself = { diagnostics, only: undefined, triggerKind: vscode.CodeActionTriggerKind.Automatic };
      assert.deepEqual(actions.provideCodeActions(document, range, byItself), []);
      const byHand = { ...byItself, triggerKind: vscode.CodeActionTriggerKind.Invoke };
      const [one] = actions.provideCodeActions(document, range, byHand);
      assert.deepEqual(one?.kind?.value, "quickfix");
      await problems.send(one.command?.arguments?.[0]);
      assert.equal(last().heading, "error: Not a string. (checker 2322)");
      state = initialState("w");
      assert.deepEqual(await offered(range), []);
      registered.dispose();
    });
  });

  describe("a failed test", () => {
    const failures = new FailureSender(attacher);
    const controller = vscode.tests.createTestController("forkchat-test", "Tests");
    after(() => controller.dispose());

    const uri = vscode.Uri.file("/nowhere/pool.test.ts");
    const item = (label: string, line?: number): vscode.TestItem => {
      const test = controller.createTestItem(label, label, uri);
      if (line !== undefined) test.range = new vscode.Range(line, 0, line + 1, 0);
      return test;
    };

    it("has its name with its suites, its message, its values and its place", async () => {
      const [file, suite, test] = [item("pool.test.ts"), item("pool", 2), item("closes once", 4)];
      controller.items.add(file);
      file.children.add(suite);
      suite.children.add(test);
      const message = vscode.TestMessage.diff(
        `${ESC}[31mTwice.${ESC}[39m`,
        "closed: 1",
        `closed: 2 ${TOKEN}`,
      );
      message.location = new vscode.Location(uri, new vscode.Position(5, 8));
      await failures.send({ test, message });
      const { part, heading, code } = last();
      assert.deepEqual(part, {
        kind: "test",
        at: 0,
        name: "pool › closes once",
        path: "pool.test.ts",
        line: 5,
      });
      assert.equal(heading, "Test failed: pool › closes once");
      assert.equal(
        code,
        `Twice.\n\n- expected\n+ actual\n\n- closed: 1\n+ closed: 2 ${TOKEN}\n\n    at pool.test.ts:6:9`,
      );
      assert.ok(asked().includes(TOKEN));
    });

    it("has the stack that is given, and no place twice", async () => {
      const message = new vscode.TestMessage(new vscode.MarkdownString("**No**"));
      message.stackTrace = [
        new vscode.TestMessageStackFrame("close", uri, new vscode.Position(11, 4)),
        new vscode.TestMessageStackFrame("native"),
      ];
      await failures.send({ test: item("a", 1), message });
      assert.equal(last().code, "**No**\n\n    at close (pool.test.ts:12:5)\n    at native");
      const written = new vscode.TestMessage("No\n  at pool.test.ts:6:9");
      written.location = new vscode.Location(uri, new vscode.Position(5, 8));
      await failures.send({ test: item("a", 1), message: written });
      assert.equal(last().code, written.message);
    });

    it("is the test's own lines where VS Code gives no failure, and says so", async () => {
      // Untitled documents share their names with those of other tests.
      const folder = await mkdtemp(join(tmpdir(), "fork-chat-test-"));
      const file = join(folder, "works.txt");
      await writeFile(file, "a\nit('works')\nb\n");
      const test = controller.createTestItem("works", "works", vscode.Uri.file(file));
      test.range = new vscode.Range(1, 0, 1, 5);
      await failures.send(test);
      assert.deepEqual([last().heading, last().code], ["Test: works", "it('works')"]);
      assert.match(shown.join(), /attached without its failure/);
      await failures.send(item("nowhere"));
      await failures.send(undefined);
      assert.match(shown.at(-1) ?? "", /open its message/);
      assert.equal(attached.length, 1);
      await rm(folder, { recursive: true });
    });
  });

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
      assert.equal(shared.at(-1)?.path, "app/.env.local");
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
