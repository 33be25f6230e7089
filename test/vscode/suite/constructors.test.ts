// A part whose constructor throws leaves nothing registered in VS Code: the chat may be started again.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { initialState } from "../../../extension/core/model/state.ts";
import { PageSurface } from "../../../extension/host/panel/pageSurface.ts";
import { Store } from "../../../extension/host/store/store.ts";
import { Attention } from "../../../extension/host/views/attention.ts";
import { ReadOnlyDocuments } from "../../../extension/host/vscode/readOnlyDocuments.ts";

const source = { now: () => 1000, random: () => 0.5, unique: () => "u".repeat(22) };
const unused = (): never => assert.fail("not expected");
const broken = (): never => {
  throw new Error("broken");
};

describe("A constructor that throws", () => {
  let open = 0;
  const register = (): vscode.Disposable => {
    open += 1;
    return new vscode.Disposable(() => (open -= 1));
  };

  beforeEach(() => (open = 0));
  afterEach(() => mock.restoreAll());

  it("leaves no text documents registered", () => {
    const provider = mock.method(vscode.workspace, "registerTextDocumentContentProvider", register);
    mock.method(vscode.workspace, "onDidCloseTextDocument", broken);
    assert.throws(() => new ReadOnlyDocuments(), /broken/);
    assert.deepEqual([provider.mock.callCount(), open], [1, 0]);
  });

  it("leaves no listener of the user's attention", () => {
    const focus = mock.method(vscode.window, "onDidChangeWindowState", register);
    mock.method(vscode.debug, "onDidStartDebugSession", broken);
    const store = new Store(initialState("w"), source, unused);
    assert.throws(() => new Attention({ store, awayAfterMinutes: () => 0, open: unused }), /broken/);
    assert.deepEqual([focus.mock.callCount(), open], [1, 0]);
  });

  it("leaves no listener of a page or of the store", () => {
    const store = new Store(initialState("w"), source, unused);
    const changes = mock.method(store, "onChange", register);
    const received = mock.fn(register);
    const webview: vscode.Webview = {
      ...{ options: {}, html: "", cspSource: "" },
      onDidReceiveMessage: received,
      postMessage: unused,
      asWebviewUri: broken,
    };
    const options = {
      ...{
        store,
        log: { warn: unused },
        run: unused,
        keptFolder: "/",
        windowId: unused,
        submitter: { submit: unused, draft: unused },
        files: { act: unused, compose: unused },
        changes: { act: unused },
      },
      extensionUri: vscode.Uri.file("/nowhere"),
      actions: { openLink: unused, openFile: unused, code: unused, copyText: unused, insertCode: unused },
    };
    assert.throws(() => new PageSurface(webview, options, unused), /broken/);
    assert.deepEqual([changes.mock.callCount(), received.mock.callCount(), open], [1, 1, 0]);
  });
});
