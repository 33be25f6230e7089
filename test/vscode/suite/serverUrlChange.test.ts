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

  /** The setting changes, and no more for a while. Returns what the user is told then, and after they came to the window. */
  function change(server: string, isFocused: boolean): readonly [string[], string[]] {
    const me: State["me"] = { name: "anna", identity: "anna", server };
    const settings = new vscode.EventEmitter<vscode.ConfigurationChangeEvent>();
    const states = new vscode.EventEmitter<vscode.WindowState>();
    mock.method(vscode.workspace, "onDidChangeConfiguration", settings.event);
    mock.method(vscode.window, "onDidChangeWindowState", states.event);
    let state = { focused: isFocused, active: true };
    mock.getter(vscode.window, "state", () => state);
    const parts = new ServerUrlChange({
      store: { state: { ...initialState("w"), me } },
      joinFlow: { join: unused, changeTo: unused },
    });
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      settings.fire({ affectsConfiguration: (section) => section === "forkchat.serverUrl" });
      mock.timers.tick(2_000);
      const atOnce = told.splice(0);
      state = { focused: true, active: true };
      states.fire(state);
      mock.timers.tick(2_000);
      return [atOnce, told];
    } finally {
      mock.timers.reset();
      parts.dispose();
    }
  }

  it("is told once in the window that has the focus", () => {
    const [[text = ""], later] = change("ws://127.0.0.1:1", true);
    assert.match(text, /This window is still in the lobby of ws:\/\/127\.0\.0\.1:1\.$/u);
    assert.deepEqual(later, []);
  });

  it("is told in another window when the user comes there", () => {
    const [atOnce, later] = change("ws://127.0.0.1:1", false);
    assert.deepEqual([atOnce.length, later.length], [0, 1]);
  });

  it("is not told in the lobby of that server", () => {
    assert.deepEqual(change(readSettings().serverUrl, true), [[], []]);
  });
});
