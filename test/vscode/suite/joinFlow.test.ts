// What joining by hand asks, in the boxes of a real VS Code.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { initialState } from "../../../extension/core/state.ts";
import { JoinFlow } from "../../../extension/host/joinFlow.ts";

const nothing: vscode.Memento = {
  keys: () => [],
  get: <T>(_key: string, value?: T) => value,
  update: () => Promise.resolve(),
};
const unused = (): never => assert.fail("nobody has given a name");

/** Nothing is joined here: only the questions before it are asked. */
const flow = new JoinFlow({
  store: { state: initialState("w"), dispatch: unused, request: unused },
  panel: { reveal: () => undefined },
  server: { start: unused, stop: unused },
  context: {
    workspaceState: nothing,
    globalState: { ...nothing, setKeysForSync: () => undefined },
    globalStorageUri: vscode.Uri.file("/nowhere"),
  },
  keyring: { token: unused, keepToken: unused },
  people: { at: unused, trustCertificate: unused },
  probe: unused,
});

describe("Joining by hand", () => {
  const boxes: vscode.InputBox[] = [];

  beforeEach(() => {
    const create = vscode.window.createInputBox.bind(vscode.window);
    mock.method(vscode.window, "createInputBox", () => {
      const box = create();
      boxes.push(box);
      return box;
    });
  });
  afterEach(() => {
    mock.restoreAll();
    for (const box of boxes.splice(0)) box.dispose();
  });

  /** What the user is asked; then the box is closed, as often as it comes back. */
  async function promptOf(given: { server?: string }): Promise<string | undefined> {
    const outcome = flow.join(given);
    const [box] = boxes;
    assert.ok(box !== undefined);
    const { prompt } = box;
    box.onDidHide(() => box.hide());
    box.hide();
    assert.equal(await outcome, undefined);
    return prompt;
  }

  it("names the server of the settings", async () => {
    const url = vscode.workspace.getConfiguration("forkchat").get<string>("serverUrl");
    assert.ok(url !== undefined && (await promptOf({}))?.includes(url));
  });

  it("names the server that was given instead of it", async () => {
    const server = "wss://chat.example.org";
    assert.ok((await promptOf({ server }))?.endsWith(server));
  });
});
