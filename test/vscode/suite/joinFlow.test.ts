// What joining by hand asks, in the boxes of a real VS Code.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { initialState } from "../../../extension/core/model/state.ts";
import { JoinFlow } from "../../../extension/host/joining/joinFlow.ts";
import { askTrust } from "../../../extension/host/joining/joinQuestions.ts";
import { SettingWarnings } from "../../../extension/host/vscode/settingWarnings.ts";
import { readSettings } from "../../../extension/host/vscode/settings.ts";

const nothing: vscode.Memento = {
  keys: () => [],
  get: <T>(_key: string, value?: T) => value,
  update: () => Promise.resolve(),
};
const unused = (): never => assert.fail("nobody has given a name");

/** Nothing is joined here: only the questions before it are asked. */
const options: ConstructorParameters<typeof JoinFlow>[0] = {
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
};
const flow = new JoinFlow(options);

describe("Joining from the palette", () => {
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

  it("names the server from the settings", async () => {
    const url = vscode.workspace.getConfiguration("forkchat").get<string>("serverUrl");
    assert.ok(url !== undefined && (await promptOf({}))?.includes(url));
  });

  it("names the server that was given instead", async () => {
    const server = "wss://chat.example.org";
    assert.ok((await promptOf({ server }))?.endsWith(server));
  });

  /** Closes the last box, as often as it comes back. */
  function close(): void {
    const box = boxes.at(-1);
    box?.onDidHide(() => box.hide());
    box?.hide();
  }

  it("asks once when it is called twice: the second call focuses the open box", async () => {
    const first = flow.join({});
    const [box] = boxes;
    assert.ok(box !== undefined);
    const show = mock.method(box, "show");
    const second = flow.join({});
    assert.equal(boxes.length, 1);
    assert.equal(show.mock.callCount(), 1);
    close();
    assert.deepEqual(await Promise.all([first, second]), [undefined, undefined]);
    const third = flow.join({});
    assert.equal(boxes.length, 2);
    close();
    assert.equal(await third, undefined);
  });

  it("asks again about another server, and the first question ends", async () => {
    const first = flow.join({});
    const second = flow.join({ server: "wss://chat.example.org" });
    assert.equal(boxes.length, 2);
    assert.equal(await first, undefined);
    close();
    assert.equal(await second, undefined);
  });

  /** What is said in a notification, and its buttons; nothing is chosen. */
  function said(kind: "showErrorMessage" | "showWarningMessage"): (readonly unknown[])[] {
    const calls: (readonly unknown[])[] = [];
    mock.method(vscode.window, kind, (...words: readonly unknown[]) => {
      calls.push(words);
      return Promise.resolve(undefined);
    });
    return calls;
  }

  async function withSetting<T>(key: string, value: unknown, work: () => Promise<T> | T): Promise<T> {
    const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("forkchat");
    await configuration().update(key, value, vscode.ConfigurationTarget.Global);
    try {
      return await work();
    } finally {
      await configuration().update(key, undefined, vscode.ConfigurationTarget.Global);
    }
  }

  it("says what is wrong with the server in the settings, and asks for no name", async () => {
    const calls = said("showErrorMessage");
    const outcome = await withSetting("serverUrl", "localhost:43210", () => flow.join({}));
    const text =
      "The setting forkchat.serverUrl is “localhost:43210”. It can't be used: a server URL must start with ws:// or wss://.";
    assert.deepEqual(outcome, { ok: false, code: "server-url", text });
    assert.deepEqual(calls, [[text, "Use ws://localhost:43210", "Open Setting"]]);
    assert.equal(boxes.length, 0);
  });

  it("says what is wrong with a given server, and does not call it a setting", async () => {
    const calls = said("showErrorMessage");
    const outcome = await flow.join({ server: "ws://h:99999" });
    const text = "“ws://h:99999” can't be used: the port in a server URL must be between 1 and 65535.";
    assert.deepEqual(outcome, { ok: false, code: "server-url", text });
    assert.deepEqual(calls, [[text]]);
    assert.equal(boxes.length, 0);
  });

  it("suggests a usable form of the name in the settings, and says why", async () => {
    const asked = withSetting("name", "CORP\\Anna Maria", async () => {
      const prompt = await promptOf({});
      return { prompt, proposed: flow.ownName.proposed().name };
    });
    const { prompt, proposed } = await asked;
    assert.equal(proposed, "Anna_Maria");
    assert.match(prompt ?? "", /^The setting forkchat\.name is “CORP\\Anna Maria”, which can't be used\. /u);
  });

  for (const [server, other, text] of [
    ["ws://chat.example:43210", "wss://chat.example:43210", /^The server uses TLS/u],
    ["wss://chat.example", "ws://chat.example", /^The server doesn't use TLS/u],
  ] as const) {
    it(`offers ${other} when ${server} has no server and the other has`, async () => {
      const calls = said("showWarningMessage");
      const probed = new Promise<string>((resolve) => {
        const mixed = new JoinFlow({
          ...options,
          store: {
            ...options.store,
            dispatch: () => undefined,
            request: () => Promise.resolve({ ok: false, code: "no-server", text: "no server" }),
          },
          people: { ...options.people, at: () => [] },
          probe: (url) => {
            // The offer follows at once.
            setTimeout(() => resolve(url), 0);
            return Promise.resolve("server");
          },
        });
        void mixed.join({ name: "anna", server });
      });
      assert.equal(await probed, other);
      assert.match(String(calls[0]?.[0]), text);
      assert.deepEqual(calls[0]?.slice(1), [`Use ${other}`]);
    });
  }

  it("trusts no certificate with Enter, which presses the first button: that copies the fingerprint", async () => {
    const server = "wss://chat.example";
    const text = "The certificate is not trusted.";
    const trusted: string[] = [];
    const told = mock.method(vscode.window, "showInformationMessage", () => Promise.resolve(undefined));
    let pressed = 0;
    mock.method(vscode.window, "showWarningMessage", (_: string, __: object, ...actions: string[]) => {
      assert.deepEqual(actions, ["Copy Fingerprint", "Trust This Server"]);
      return Promise.resolve(actions[pressed]);
    });
    const people = {
      trustCertificate: (at: string, fingerprint: string): Promise<void> => {
        trusted.push(`${at} ${fingerprint}`);
        return Promise.resolve();
      },
    };
    const ask = (): Promise<boolean> => askTrust(people, server, { text, fingerprint: "AB:CD" });
    assert.equal(await ask(), false);
    assert.equal(await vscode.env.clipboard.readText(), "AB:CD");
    assert.equal(told.mock.callCount(), 1);
    assert.deepEqual(trusted, []);
    pressed = 1;
    assert.equal(await ask(), true);
    assert.deepEqual(trusted, [`${server} AB:CD`]);
  });

  it("ignores settings of the wrong type, and warns of each wrong value once", async () => {
    const warnings = new SettingWarnings();
    const calls = said("showWarningMessage");
    for (const [key, value] of [
      ["history.forgetOnLeave", "false"],
      ["history.days", null],
      ["serverUrl", ["ws://localhost"]],
      ["name", 7],
    ] as const) {
      await withSetting(key, value, () => {
        const before = calls.length;
        warnings.check();
        const expected = value === null ? 0 : 1;
        assert.ok(calls.length - before <= 1 && calls.length - before >= expected, key);
        const told = calls.length;
        warnings.check();
        assert.equal(calls.length, told, "it is told once");
        const { history, serverUrl, name } = readSettings();
        assert.deepEqual([history.forgetOnLeave, history.days], [false, 30]);
        assert.deepEqual([serverUrl, name], ["ws://127.0.0.1:43210", ""]);
      });
    }
  });
});
