// Files that are dropped on a row of the trees: whose session gets them, and what is said where none can.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as vscode from "vscode";
import { online, withBobby } from "../../support/core.ts";
import { LOBBY } from "../../../extension/core/model/session.ts";
import type { State } from "../../../extension/core/model/state.ts";
import { FileDrops } from "../../../extension/host/transfers/fileDrops.ts";

describe("files that are dropped", () => {
  const offered: string[] = [];
  const told: string[] = [];
  let state: State = withBobby;
  let answer: string | undefined;
  let runs: readonly unknown[][] = [];

  const drops = new FileDrops({
    store: {
      get state() {
        return state;
      },
    },
    offers: {
      offerAll: (session, files) => {
        for (const file of files)
          offered.push(`${session.number} ${file instanceof vscode.Uri ? file.toString() : file.name}`);
        return Promise.resolve();
      },
    },
  });
  const carrying = (...list: string[]): vscode.DataTransfer => {
    const data = new vscode.DataTransfer();
    data.set("text/uri-list", new vscode.DataTransferItem(list.join("\r\n")));
    return data;
  };
  const bobby = () => state.sessions.find(({ number }) => number !== LOBBY);

  beforeEach(() => {
    for (const list of [offered, told]) list.length = 0;
    [state, answer, runs] = [withBobby, undefined, []];
    mock.method(vscode.window, "showInformationMessage", (text: string) => {
      told.push(text);
      return Promise.resolve(answer);
    });
    mock.method(vscode.commands, "executeCommand", (...given: unknown[]) => {
      runs = [...runs, given];
      state = withBobby;
      return Promise.resolve({ ok: true });
    });
  });
  afterEach(() => mock.restoreAll());

  it("on a private session are offered there, each once", async () => {
    await drops.onSession(
      bobby(),
      carrying("# a comment", "file:///a.txt", "", "file:///b.txt", "file:///a.txt"),
    );
    assert.deepEqual(offered, ["1 file:///a.txt", "1 file:///b.txt"]);
    assert.deepEqual(told, []);
  });

  it("are offered although what is dropped with them is no address", async () => {
    await drops.onSession(bobby(), carrying("C", "file:///a.txt", "/etc/passwd", "a b://c"));
    assert.deepEqual(offered, ["1 file:///a.txt"]);
  });

  it("on a person are offered in the session with them, whatever the case of the name", async () => {
    await drops.onPerson("Bobby", carrying("vscode-remote://ssh/a.txt"));
    assert.deepEqual(offered, ["1 vscode-remote://ssh/a.txt"]);
  });

  it("on the lobby, on the user, or beside the rows are offered to no one", async () => {
    await drops.onSession(state.sessions[0], carrying("file:///a.txt"));
    await drops.onSession(undefined, carrying("file:///a.txt"));
    await drops.onPerson("anna", carrying("file:///a.txt"));
    assert.deepEqual(offered, []);
    assert.equal(told.length, 3);
    assert.match(told.join(), /on another person or on an open private session/u);
  });

  it("on a person without a session are offered once the user has opened one", async () => {
    state = online;
    await drops.onPerson("bobby", carrying("file:///a.txt"));
    assert.deepEqual([offered, runs], [[], []]);
    answer = "Open Private Session";
    await drops.onPerson("bobby", carrying("file:///a.txt"));
    assert.deepEqual(runs, [["forkchat.forkPerson", "bobby"]]);
    assert.deepEqual(offered, ["1 file:///a.txt"]);
  });
});
