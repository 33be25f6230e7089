// Files in composers, at the host: what is shown there, what is offered, and what becomes of their copies.
import assert from "node:assert/strict";
import { mock } from "node:test";
import * as v from "valibot";
import * as vscode from "vscode";
import { FileId } from "../../../protocol/bulk.ts";
import { err, ok } from "../../../protocol/result.ts";
import { sessionNumber } from "../../../extension/core/model/session.ts";
import type { State } from "../../../extension/core/model/state.ts";
import { ComposedFiles } from "../../../extension/host/transfers/composedFiles.ts";
import { online, withBobby } from "../../support/core.ts";

const BOBBY = sessionNumber(1);

describe("files in composers", () => {
  const prepared: string[] = [];
  const offered: string[] = [];
  const discarded: string[] = [];
  const warned: string[] = [];
  let shown: readonly string[] = [];
  let state: State = withBobby;
  let answer: "offered" | "declined" | "failed" = "offered";
  let composed: ComposedFiles;

  beforeEach(() => {
    for (const list of [prepared, offered, discarded, warned]) list.length = 0;
    [shown, state, answer] = [[], withBobby, "offered"];
    composed = new ComposedFiles({
      store: {
        get state() {
          return state;
        },
        dispatch: (event) => {
          if (event.type === "files/composed")
            shown = event.files.map(({ session, name }) => `${session} ${name}`);
        },
      },
      offers: {
        prepare: (_session, chosen) => {
          const name = chosen instanceof vscode.Uri ? chosen.path : chosen.name;
          if (name === "/no") return Promise.resolve(err("There is none."));
          prepared.push(name);
          const id = v.parse(FileId, `${String(prepared.length).padStart(21, "a")}A`);
          return Promise.resolve(ok({ id, name, path: name, shownPath: name, size: 1, copy: name }));
        },
        offer: (_session, { name }) => {
          if (answer === "failed") return Promise.resolve(err("It is gone."));
          if (answer === "offered") offered.push(name);
          return Promise.resolve(ok(answer === "offered"));
        },
        discard: ({ name }) => {
          discarded.push(name);
          return Promise.resolve();
        },
      },
    });
    mock.method(vscode.window, "showWarningMessage", (text: string) => {
      warned.push(text);
      return Promise.resolve(undefined);
    });
  });
  afterEach(() => mock.restoreAll());

  const id = (n: number) => v.parse(FileId, `${String(n).padStart(21, "a")}A`);
  const add = (...uris: string[]) => composed.take({ type: "addFiles", session: BOBBY, uris });
  const send = (...numbers: number[]) =>
    composed.take({ type: "sendFiles", session: BOBBY, ids: numbers.map(id) });
  const settled = () => composed.idle();

  it("are shown where they were given, and offered in their order", async () => {
    add("file:///a", "file:///no");
    composed.take({ type: "addFile", session: BOBBY, name: "b/c.png", bytes: new Uint8Array(1) });
    await settled();
    assert.deepEqual([shown, warned], [["1 /a", "1 b_c.png"], ["There is none."]]);
    send(1, 2);
    await settled();
    assert.deepEqual([shown, offered, discarded], [[], ["/a", "b_c.png"], []]);
  });

  it("are said to be too many, or to have no address, and the others stay", async () => {
    add("file:///a", "http//no address", "file:///b");
    composed.take({ type: "notAdded", session: BOBBY, why: "many", name: "" });
    await settled();
    assert.deepEqual(shown, ["1 /a", "1 /b"]);
    assert.deepEqual(warned, ["http//no address can't be read.", "No more files fit into one message."]);
  });

  it("leave no copies when the window closes", async () => {
    add("file:///a", "file:///b");
    await settled();
    composed.dispose();
    assert.deepEqual(discarded, ["/a", "/b"]);
  });

  it("are offered once, and only those that were in the composer", async () => {
    add("file:///a", "file:///b");
    send(1);
    send(1, 7);
    await settled();
    assert.deepEqual([shown, offered], [["1 /b"], ["/a"]]);
  });

  for (const failing of ["declined", "failed"] as const)
    it(`return to the composer if they are not offered: ${failing}`, async () => {
      answer = failing;
      add("file:///a");
      send(1);
      await settled();
      assert.deepEqual([shown, warned], [["1 /a"], failing === "failed" ? ["It is gone."] : []]);
    });

  it("go with their copies when they are removed, and when their session is over", async () => {
    add("file:///a", "file:///b");
    composed.take({ type: "removeFile", session: BOBBY, id: id(1) });
    await settled();
    assert.deepEqual([shown, discarded], [["1 /b"], ["/a"]]);
    state = online;
    composed.watch(state);
    assert.deepEqual([shown, discarded], [[], ["/a", "/b"]]);
    add("file:///c");
    await settled();
    assert.deepEqual(prepared, ["/a", "/b"]);
  });
});
