// Files in composers, at the host: what gets there, what is offered, and what becomes of their copies.
import assert from "node:assert/strict";
import { mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import * as v from "valibot";
import * as vscode from "vscode";
import { FileId } from "../../../protocol/bulk.ts";
import { offerText } from "../../../protocol/fileText.ts";
import { err, ok } from "../../../protocol/result.ts";
import type { ComposedFile } from "../../../protocol/webview.ts";
import { sessionNumber } from "../../../extension/core/model/session.ts";
import { restoreWindow, saveWindow } from "../../../extension/core/saved/savedWindow.ts";
import { ComposedFiles } from "../../../extension/host/transfers/composedFiles.ts";
import { Store } from "../../../extension/host/store/store.ts";
import { after, blank, NOW, sid, type, UNIQUE, unlinked, withBobby } from "../../support/core.ts";

const BOBBY = sessionNumber(1);
const source = { now: () => NOW, random: () => 0, unique: () => UNIQUE };

describe("files in composers", () => {
  const prepared: string[] = [];
  const offered: string[] = [];
  const discarded: string[] = [];
  const warned: string[] = [];
  let folder: string;
  let answer: "offered" | "declined" | "failed" = "offered";
  /** What happens while a file is offered. */
  let meanwhile: () => void = () => undefined;
  let size = 1;
  let store: Store;
  let composed: ComposedFiles;

  const id = (n: number) => v.parse(FileId, `${String(n).padStart(21, "a")}A`);
  const open = (state = withBobby): void => {
    store = new Store(state, source, () => undefined);
    composed = new ComposedFiles({ store, offers });
    store.onChange((former, state) => composed.watch(former, state));
  };
  const offers: ConstructorParameters<typeof ComposedFiles>[0]["offers"] = {
    prepare: async (_session, chosen) => {
      const isAddress = chosen instanceof vscode.Uri;
      const name = isAddress ? chosen.path : chosen.name;
      if (name === "/no") return err("There is none.");
      prepared.push(name);
      const path = isAddress ? name : join(folder, name);
      if (!isAddress) await writeFile(path, chosen.bytes);
      const file = { id: id(prepared.length), name, path, shownPath: name, size };
      return ok(isAddress ? file : { ...file, copied: true });
    },
    adopt: (_session, file) => Promise.resolve(file.path.endsWith("old") ? { ...file, path: "new" } : file),
    offer: ({ number }, { id: offeredId, name, path }) => {
      meanwhile();
      if (answer === "failed") return Promise.resolve(err("It is gone."));
      if (answer === "declined") return Promise.resolve(ok(false));
      offered.push(path);
      const part = { kind: "file", id: offeredId, name, size: 1 } as const;
      store.dispatch({ type: "user/say", request: 7, session: number, text: offerText(part), part });
      return Promise.resolve(ok(true));
    },
    discard: (_sid, { name }) => {
      discarded.push(name);
      return Promise.resolve();
    },
  };

  beforeEach(async () => {
    for (const list of [prepared, offered, discarded, warned]) list.length = 0;
    [answer, size, meanwhile] = ["offered", 1, () => undefined];
    folder = await mkdtemp(join(tmpdir(), "fork-chat-composed-"));
    open();
    mock.method(vscode.window, "showWarningMessage", (text: string) => {
      warned.push(text);
      return Promise.resolve(undefined);
    });
  });
  afterEach(async () => {
    composed.dispose();
    mock.restoreAll();
    await rm(folder, { recursive: true });
  });

  const shown = () => store.state.sessions.flatMap(({ files }) => files.map(({ name }) => name));
  const take = (request: Parameters<ComposedFiles["take"]>[0]): void => void composed.take(request);
  const add = (...uris: string[]) => take({ type: "addFiles", session: BOBBY, uris });
  const paste = (name: string) =>
    take({ type: "addFile", id: 1, session: BOBBY, name, bytes: new Uint8Array(1) });
  const send = (...numbers: number[]) => take({ type: "sendFiles", session: BOBBY, ids: numbers.map(id) });
  const settled = () => composed.idle();

  it("are shown where they were given, and offered in their order", async () => {
    add("file:///a", "file:///no");
    paste("b/c.png");
    await settled();
    assert.deepEqual([shown(), warned], [["/a", "b_c.png"], ["There is none."]]);
    send(1, 2);
    await settled();
    assert.deepEqual([shown(), offered, discarded], [[], ["/a", join(folder, "b_c.png")], []]);
  });

  it("are said to be too many, or to have no address, and the others stay", async () => {
    add("file:///a", "http//no address", "file:///b");
    take({ type: "notAdded", session: BOBBY, why: "many", name: "" });
    await settled();
    assert.deepEqual(shown(), ["/a", "/b"]);
    assert.deepEqual(warned, ["http//no address can't be read.", "No more files fit into one message."]);
  });

  it("are limited by the room for all copies together: files on this disk need none", async () => {
    size = 300_000_000;
    paste("first.png");
    paste("second.png");
    add("file:///a");
    await settled();
    assert.deepEqual([shown(), discarded], [["first.png", "/a"], ["second.png"]]);
    assert.deepEqual(warned, ["No more files fit into one message."]);
  });

  it("survive the window with their copies, which are then kept for longer", async () => {
    add("file:///a");
    paste("b.png");
    paste("lost.png");
    await settled();
    composed.dispose();
    await rm(join(folder, "lost.png"));
    await utimes(join(folder, "b.png"), 1, 1);
    const saved = saveWindow(store.state) ?? assert.fail();
    open(blank);
    store.replace(restoreWindow(saved, "x"));
    await settled();
    assert.deepEqual([shown(), warned], [["/a", "b.png"], ["lost.png can't be read."]]);
    assert.ok((await stat(join(folder, "b.png"))).mtimeMs > 1_000_000);
    assert.deepEqual(discarded, ["lost.png"]);
    send(1, 2);
    await settled();
    assert.deepEqual(offered, ["/a", join(folder, "b.png")]);
  });

  it("are offered once, and only those that were in the composer", async () => {
    add("file:///a", "file:///b");
    send(1);
    send(1, 7);
    await settled();
    assert.deepEqual([shown(), offered], [["/b"], ["/a"]]);
  });

  for (const failing of ["declined", "failed"] as const)
    it(`stay in the composer if they are not offered: ${failing}`, async () => {
      answer = failing;
      add("file:///a");
      send(1);
      await settled();
      assert.deepEqual([shown(), warned], [["/a"], failing === "failed" ? ["It is gone."] : []]);
      assert.deepEqual(discarded, []);
    });

  it("go with their copies when they are removed, and when their session is gone", async () => {
    add("file:///a", "file:///b");
    take({ type: "removeFile", session: BOBBY, id: id(1) });
    await settled();
    assert.deepEqual([shown(), discarded], [["/b"], ["/a"]]);
    store.dispatch(type("\\leave", BOBBY));
    assert.deepEqual([shown(), discarded], [[], ["/a", "/b"]]);
    add("file:///c");
    await settled();
    assert.deepEqual(prepared, ["/a", "/b"]);
  });

  it("go once their offer has failed if their session went meanwhile", async () => {
    add("file:///a");
    await settled();
    answer = "failed";
    meanwhile = () => {
      store.dispatch(type("\\leave", BOBBY));
      assert.deepEqual(discarded, []);
    };
    send(1);
    await settled();
    assert.deepEqual(discarded, ["/a"]);
  });

  it("stay in a session that has ended, which is said", async () => {
    add("file:///a");
    await settled();
    store.replace(after(store.state, unlinked("bobby", "left")));
    send(1);
    add("file:///b");
    await settled();
    assert.deepEqual([shown(), offered, discarded], [["/a"], [], []]);
    assert.equal(warned.filter((text) => text.includes("session with bobby has ended")).length, 2);
  });

  it("are offered from where their session has its copies", async () => {
    const file: ComposedFile = { id: id(1), name: "a", path: "old", shownPath: "a", size: 1, copied: true };
    store.dispatch({ type: "file/composed", sid: sid("bobby"), file });
    answer = "declined";
    send(1);
    await settled();
    assert.deepEqual(store.state.sessions[1]?.files, [{ ...file, path: "new" }]);
  });
});
