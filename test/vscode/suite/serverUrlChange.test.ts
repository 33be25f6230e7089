// What a window that has joined says when the setting with the server's URL changes.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { initialState, type State } from "../../../extension/core/model/state.ts";
import { ServerUrlChange } from "../../../extension/host/joining/serverUrlChange.ts";
import { readSettings } from "../../../extension/host/vscode/settings.ts";

const unused = (): never => assert.fail("nobody has pressed a button");

describe("a changed server URL", () => {
  const told: string[] = [];

  beforeEach(() => {
    told.length = 0;
    mock.method(vscode.window, "showInformationMessage", (text: string) => {
      told.push(text);
      return Promise.resolve(undefined);
    });
  });
  afterEach(() => mock.restoreAll());

  /** The setting changes in a window, and no more for a while. */
  function change({ isFocused, server }: { readonly isFocused: boolean; readonly server: string }): void {
    const me: State["me"] = { name: "anna", identity: "anna", server };
    let fire: (event: vscode.ConfigurationChangeEvent) => void = () => assert.fail("nothing listens");
    mock.method(vscode.workspace, "onDidChangeConfiguration", (listener: typeof fire) => {
      fire = listener;
      return new vscode.Disposable(() => undefined);
    });
    mock.getter(vscode.window, "state", () => ({ focused: isFocused, active: true }));
    const parts = new ServerUrlChange({
      store: { state: { ...initialState("w"), me } },
      joinFlow: { join: unused, changeTo: unused },
    });
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      fire({ affectsConfiguration: (section) => section === "forkchat.serverUrl" });
      mock.timers.tick(2_000);
    } finally {
      mock.timers.reset();
      parts.dispose();
    }
  }

  it("is told in the window that has the focus", () => {
    change({ isFocused: true, server: "ws://127.0.0.1:1" });
    assert.equal(told.length, 1);
    assert.match(told[0] ?? "", /This window is still in the lobby of ws:\/\/127\.0\.0\.1:1\.$/u);
  });

  it("is told in no other window", () => {
    change({ isFocused: false, server: "ws://127.0.0.1:1" });
    assert.deepEqual(told, []);
  });

  it("is not told in the lobby of that server", () => {
    change({ isFocused: true, server: readSettings().serverUrl });
    assert.deepEqual(told, []);
  });
});
