// Problems, as a real VS Code hands them over.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { initialState } from "../../../extension/core/model/state.ts";
import { ProblemActions, ProblemSender } from "../../../extension/host/code/problemSender.ts";
import { online } from "../../support/core.ts";
import { AttachedParts, TOKEN } from "./attachedParts.ts";

const URI = vscode.Uri.parse("untitled:/numbers.ts");

describe("What is sent beside lines", () => {
  const parts = new AttachedParts();
  const { attached, attacher, shown, last, asked } = parts;

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
      parts.isAgreed = false;
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
});
