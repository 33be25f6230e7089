// What a window keeps over a reload, in a real folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { restoreWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import { Journal } from "../../../../extension/host/storage/journal.ts";
import { windowFile, windowsOf, workspacePrefix } from "../../../../extension/host/storage/windowFiles.ts";
import { WindowMemory } from "../../../../extension/host/storage/windowMemory.ts";
import { online } from "../../../support/core.ts";
import { ID, log, RememberedWindow } from "../../../support/rememberedWindow.ts";

describe("the window's memory", () => {
  const kept = new RememberedWindow();

  it("restores what a closed window showed, readable for its user only", async () => {
    kept.joinedStore();
    kept.memory.close();
    const [file = ""] = readdirSync(kept.folder);
    assert.equal(statSync(join(kept.folder, file)).mode & 0o077, 0);

    const successor = new WindowMemory(kept.folder, "another", { log });
    const saved = await successor.recall(ID);
    assert.ok(saved !== null);
    assert.deepEqual(readdirSync(kept.folder), ["another.journal"], "the successor's own from now on");
    const state = restoreWindow(saved, "x");
    assert.deepEqual(state.me, { name: "anna", server: "ws://127.0.0.1:1", identity: "anna" });
    assert.equal(state.sessions[0].transcript.end, 1);
    assert.equal(state.connection.status, "idle");
  });

  it("is written before anything else happens for visible changes, and at closing for the rest", async () => {
    const store = kept.joinedStore();
    store.dispatch({ type: "user/draft", session: LOBBY, text: "half a sentence", about: null });
    kept.memory.close();
    const saved = await new WindowMemory(kept.folder, "another", { log }).recall(ID);
    assert.equal(saved?.lobby.draft, "half a sentence");
  });

  it("saves nothing more when it is closed", () => {
    const store = kept.joinedStore();
    kept.memory.close();
    rmSync(kept.folder, { recursive: true });
    store.dispatch({ type: "user/draft", session: LOBBY, text: "half a sentence", about: null });
    kept.memory.compact();
    assert.throws(() => readdirSync(kept.folder));
  });

  it("keeps nothing for a window that has not joined, and forgets one that quits", () => {
    kept.emptyStore().dispatch({ type: "panel/visible", visible: true });
    kept.memory.close();
    assert.throws(() => readdirSync(kept.folder));

    kept.memory = new WindowMemory(kept.folder, ID, { log });
    const store = kept.joinedStore();
    assert.equal(readdirSync(kept.folder).length, 1);
    store.dispatch({ type: "user/command", request: 2, command: { name: "quit", argument: "" } });
    assert.deepEqual(readdirSync(kept.folder), []);
  });

  it("leaves the state of another running window alone, and takes it when that one has died", async () => {
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const journal = new Journal(join(kept.folder, `${ID}.journal`));
    const window = saveWindow(online);
    assert.ok(window !== null && owner.pid !== undefined);
    journal.begin({ owner: owner.pid, window });
    journal.close();

    const recalled = new WindowMemory(kept.folder, "another", { log }).recall(ID);
    const first = await Promise.race([recalled, new Promise((resolve) => setImmediate(resolve, "waiting"))]);
    assert.equal(first, "waiting");
    owner.kill("SIGKILL");
    await once(owner, "exit");
    assert.equal((await recalled)?.me.name, "anna");
  });

  it("is taken over by only one of two windows that start at once, even if both have seen it free", async () => {
    kept.joinedStore();
    kept.memory.close();
    const successors = ["one", "two"].map((id) => new WindowMemory(kept.folder, id, { log }));
    const found = await Promise.all(successors.map((successor) => successor.recall(ID)));
    assert.deepEqual(found.map((saved) => saved?.me.name).sort(), ["anna", undefined]);
  });

  it("is found by its window's workspace, newest first, and never in a window without one", () => {
    const [here, elsewhere] = ["file:///a", "file:///b"].map(workspacePrefix);
    for (const [id, at] of [
      [`${here}older`, 1],
      [`${here}newer`, 2],
      [`${elsewhere}other`, 3],
    ] as const) {
      mkdirSync(kept.folder, { recursive: true });
      writeFileSync(windowFile(kept.folder, id), "");
      utimesSync(windowFile(kept.folder, id), at, at);
    }
    assert.deepEqual(windowsOf(kept.folder, here ?? ""), [`${here}newer`, `${here}older`]);
    assert.deepEqual(windowsOf(kept.folder, workspacePrefix(undefined)), []);
  });
});
