// What a window keeps over a reload, in a real folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restoreWindow } from "../../extension/core/savedWindow.ts";
import { initialState } from "../../extension/core/state.ts";
import { Store } from "../../extension/host/store.ts";
import { WindowMemory } from "../../extension/host/windowMemory.ts";

const ID = "00112233445566778899aabbccddeeff";
const log = { warn: (text: string) => assert.fail(text) };

function joinedStore(): Store {
  const store = new Store(initialState("w"), { now: () => 1000, random: () => 0 }, () => undefined);
  store.dispatch({ type: "user/join", request: 1, name: "anna", server: "ws://127.0.0.1:1" });
  store.dispatch({ type: "listener/failed", text: "a line to keep" });
  return store;
}

describe("the window's memory", () => {
  let folder: string;
  beforeEach(() => (folder = join(mkdtempSync(join(tmpdir(), "fork-chat-memory-")), "windows")));
  afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

  it("gives back what a closed window showed, readable for its user alone", async () => {
    const memory = new WindowMemory(folder, ID, log);
    memory.close(joinedStore());
    const [file = ""] = readdirSync(folder);
    assert.equal(statSync(join(folder, file)).mode & 0o077, 0);

    const successor = new WindowMemory(folder, "another", log);
    const saved = await successor.recall(ID);
    assert.ok(saved !== null);
    successor.adopt(ID);
    assert.equal(successor.windowId, ID);
    const state = restoreWindow(saved, "x", 2000);
    assert.deepEqual(state.me, { name: "anna", server: "ws://127.0.0.1:1" });
    assert.equal(state.sessions[0].transcript.end, 1);
    assert.equal(state.connection.status, "idle");
  });

  it("keeps nothing of a window that has not joined, and forgets one that quits", () => {
    const memory = new WindowMemory(folder, ID, log);
    memory.close(new Store(initialState("w"), { now: () => 0, random: () => 0 }, () => undefined));
    assert.throws(() => readdirSync(folder));

    const store = joinedStore();
    memory.close(store);
    memory.follow(store);
    store.dispatch({ type: "user/command", request: 2, command: { name: "quit", argument: "" } });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("leaves the state of another living window alone, and takes it when that has died", async () => {
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const memory = new WindowMemory(folder, ID, log);
    memory.close(joinedStore());
    const file = join(folder, `${ID}.json`);
    const kept = { ...(JSON.parse(readFileSync(file, "utf8")) as object), owner: owner.pid };
    writeFileSync(file, JSON.stringify(kept));

    const recalled = new WindowMemory(folder, "another", log).recall(ID);
    const first = await Promise.race([recalled, new Promise((resolve) => setImmediate(resolve, "waiting"))]);
    assert.equal(first, "waiting");
    owner.kill("SIGKILL");
    await once(owner, "exit");
    assert.equal((await recalled)?.me.name, "anna");
  });

  it("takes a damaged file for none", async () => {
    const memory = new WindowMemory(folder, ID, log);
    memory.close(joinedStore());
    writeFileSync(join(folder, `${ID}.json`), '{"owner":null,"window":{"version":1');
    assert.equal(await memory.recall(ID), null);
  });

  it("forgets after a month what nobody came back to", () => {
    const memory = new WindowMemory(folder, ID, log);
    memory.close(joinedStore());
    const old = Date.now() / 1000 - 31 * 24 * 3600;
    utimesSync(join(folder, `${ID}.json`), old, old);
    memory.follow(joinedStore());
    assert.deepEqual(readdirSync(folder), []);
  });
});
