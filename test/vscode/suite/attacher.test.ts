// When the composer appears for what is attached.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { Attacher, type Coming, Refusal, type ToAttach } from "../../../extension/host/code/attacher.ts";
import { ShareQuestions } from "../../../extension/host/code/mayShare.ts";
import { LineSender } from "../../../extension/host/code/lineSender.ts";
import { withBobby } from "../../support/core.ts";
import { somePart } from "../../support/sampleValues.ts";

const TOKEN = `ghp_${"a".repeat(36)}`;

describe("The composer for what is attached", () => {
  const done: string[] = [];
  const state = { ...withBobby, active: withBobby.sessions[1]?.number ?? assert.fail() };
  const attacher = new Attacher({
    store: { state, dispatch: ({ type }) => done.push(type) },
    panel: { reveal: () => done.push("shown") },
    questions: new ShareQuestions({ keys: () => [], get: () => undefined, update: () => Promise.resolve() }),
  });
  const attachment: ToAttach = {
    quote: { part: somePart, heading: "", code: "const a = 1;" },
    path: "/a.ts",
  };

  beforeEach(() => {
    done.length = 0;
    mock.method(vscode.window, "showWarningMessage", (_: string, __: object, ...actions: string[]) => {
      done.push("asked");
      return Promise.resolve(actions.at(-1));
    });
  });
  afterEach(() => mock.restoreAll());

  const attach = (coming?: Coming): Promise<boolean> =>
    attacher.attachHere(async (expect) => {
      if (coming !== undefined) expect(coming);
      done.push("prepared");
      return Promise.resolve(attachment);
    });

  it("appears once, while it is still being prepared", async () => {
    assert.equal(await attach({ path: "/a.ts", text: "const a = 1;" }), true);
    assert.deepEqual(done, ["shown", "prepared", "user/attach"]);
  });

  it("appears after it, if nothing was said before", async () => {
    assert.equal(await attach(), true);
    assert.deepEqual(done, ["prepared", "user/attach", "shown"]);
  });

  it("appears after the user was asked, if that has to be", async () => {
    for (const coming of [
      { path: "/a.ts", text: TOKEN },
      { path: "/.env", text: "A=1" },
    ]) {
      done.length = 0;
      assert.equal(await attach(coming), true);
      assert.deepEqual(done, ["prepared", "user/attach", "shown"]);
    }
  });

  it("appears for selected lines before git is asked, and not for lines with nothing on them", async () => {
    const content = "const a = 1;\n\n\n";
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }));
    const sender = new LineSender({ store: { state, dispatch: () => undefined }, attacher });
    const editor = vscode.window.activeTextEditor ?? assert.fail();
    editor.selection = new vscode.Selection(0, 0, 1, 0);
    await sender.sendSelection(undefined);
    assert.deepEqual(done, ["shown", "user/attach"]);
    done.length = 0;
    mock.method(vscode.window, "showInformationMessage", () => Promise.resolve(done.push("told")));
    editor.selection = new vscode.Selection(1, 0, 3, 0);
    await sender.sendSelection(undefined);
    assert.deepEqual(done, ["told"]);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("does not appear where there is nothing to attach", async () => {
    mock.method(vscode.window, "showInformationMessage", () => Promise.resolve(undefined));
    assert.equal(await attacher.attachHere(() => Promise.resolve(new Refusal("Nothing."))), false);
    assert.deepEqual(done, []);
  });
});
