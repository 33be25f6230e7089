// What the user is asked before something is shown to others.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { ShareQuestions, type Shared } from "../../../extension/host/code/mayShare.ts";
import { withBobby } from "../../support/core.ts";

const TOKEN = `ghp_${"a".repeat(36)}`;

describe("Before something is shown to others", () => {
  const [lobby, bobby] = withBobby.sessions;
  const server = "ws://127.0.0.1:43210";
  const kept = new Map<string, unknown>();
  const memory: vscode.Memento = {
    keys: () => [...kept.keys()],
    get: (key: string) => kept.get(key),
    update: (key, value) => {
      kept.set(key, value);
      return Promise.resolve();
    },
  };
  const asked: string[] = [];
  let isAgreed = true;

  beforeEach(() => {
    kept.clear();
    asked.length = 0;
    isAgreed = true;
    mock.method(vscode.window, "showWarningMessage", (text: string, _: object, ...actions: string[]) => {
      asked.push(text);
      assert.deepEqual(actions, ["Keep Private", "Attach"]);
      return Promise.resolve(actions[isAgreed ? 1 : 0]);
    });
  });
  afterEach(() => mock.restoreAll());

  const mayShare = (change: Partial<Shared> = {}): Promise<boolean> =>
    new ShareQuestions(memory).mayShare({ session: lobby, server, text: "const a = 1;", ...change });
  const toBobby = (): Pick<Shared, "session"> => ({ session: bobby ?? assert.fail() });

  it("the user is asked once for each server's lobby, and again if they did not agree", async () => {
    isAgreed = false;
    assert.equal(await mayShare(), false);
    isAgreed = true;
    assert.equal(await mayShare(), true);
    assert.equal(await mayShare(), true);
    assert.equal(await mayShare({ server: "wss://chat.example.org" }), true);
    assert.deepEqual(asked, new Array(3).fill("Show code to everyone in the lobby?"));
  });

  it("the user is not asked about code for one person", async () => {
    assert.equal(await mayShare(toBobby()), true);
    assert.deepEqual(asked, []);
  });

  it("the user is asked each time about what looks like a secret, with the name of who gets it", async () => {
    for (let time = 0; time < 2; time += 1)
      assert.equal(await mayShare({ ...toBobby(), text: `key = "${TOKEN}"` }), true);
    assert.equal(await mayShare({ ...toBobby(), path: "/work/app/.env.local" }), true);
    await mayShare({ text: TOKEN });
    isAgreed = false;
    assert.equal(await mayShare({ text: "x", path: "/home/anna/id_rsa" }), false);
    assert.deepEqual(asked, [
      ...new Array<string>(2).fill("This looks like a private key or an access token. Send it to bobby?"),
      ".env.local may hold secrets. Send this to bobby?",
      "Show code to everyone in the lobby?",
      "This looks like a private key or an access token. Send it to everyone in the lobby?",
      "id_rsa may hold secrets. Send this to everyone in the lobby?",
    ]);
  });

  it("the user is not asked twice when they decline at once", async () => {
    isAgreed = false;
    assert.equal(await mayShare({ text: TOKEN }), false);
    assert.equal(asked.length, 1);
  });
});
