// What a window keeps over a reload, in a real folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { restoreWindow, saveWindow, type SavedWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import { initialState } from "../../../../extension/core/model/state.ts";
import { lineOf } from "../../../../extension/host/storage/checkedLines.ts";
import { ALIVE_MS, Journal, readJournal } from "../../../../extension/host/storage/journal.ts";
import { Store } from "../../../../extension/host/store/store.ts";
import { windowFile, windowsOf, workspacePrefix } from "../../../../extension/host/storage/windowFiles.ts";
import { WindowMemory } from "../../../../extension/host/storage/windowMemory.ts";
import { after, online, type, withBobby } from "../../../support/core.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

const ID = "00112233445566778899aabbccddeeff";
const log = { warn: (text: string) => assert.fail(text) };

/** Stands in for the machine's clock. */
class FakeClock {
  readonly #real = Date.now;

  /** Days from now. */
  set(days: number): void {
    Date.now = () => this.#real() + days * 24 * 3_600_000;
  }

  uninstall(): void {
    Date.now = this.#real;
  }
}

describe("the window's memory", () => {
  let folder: string;
  let memory: WindowMemory;
  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "fork-chat-memory-")), "windows");
    memory = new WindowMemory(folder, ID, { log });
  });
  afterEach(() => {
    memory.close();
    rmSync(join(folder, ".."), { recursive: true, force: true });
  });

  function emptyStore(): Store {
    const source = { now: () => 1000, random: () => 0, unique: () => "u".repeat(22) };
    return new Store(
      initialState("w"),
      source,
      () => undefined,
      (before, after) => memory.changed(before, after),
    );
  }

  function joinedStore(): Store {
    const store = emptyStore();
    store.dispatch({ type: "user/join", request: 1, name: "anna", server: "ws://127.0.0.1:1" });
    store.dispatch({ type: "listener/failed", text: "a line to keep", isHopeless: false });
    return store;
  }

  it("restores what a closed window showed, readable for its user only", async () => {
    joinedStore();
    memory.close();
    const [file = ""] = readdirSync(folder);
    assert.equal(statSync(join(folder, file)).mode & 0o077, 0);

    const successor = new WindowMemory(folder, "another", { log });
    const saved = await successor.recall(ID);
    assert.ok(saved !== null);
    assert.deepEqual(readdirSync(folder), ["another.journal"], "the successor's own from now on");
    const state = restoreWindow(saved, "x");
    assert.deepEqual(state.me, { name: "anna", server: "ws://127.0.0.1:1", identity: "anna" });
    assert.equal(state.sessions[0].transcript.end, 1);
    assert.equal(state.connection.status, "idle");
  });

  it("is written before anything else happens for visible changes, and at closing for the rest", async () => {
    const store = joinedStore();
    store.dispatch({ type: "user/draft", session: LOBBY, text: "half a sentence", about: null });
    memory.close();
    const saved = await new WindowMemory(folder, "another", { log }).recall(ID);
    assert.equal(saved?.lobby.draft, "half a sentence");
  });

  it("saves nothing more when it is closed", () => {
    const store = joinedStore();
    memory.close();
    rmSync(folder, { recursive: true });
    store.dispatch({ type: "user/draft", session: LOBBY, text: "half a sentence", about: null });
    memory.compact();
    assert.throws(() => readdirSync(folder));
  });

  it("keeps nothing for a window that has not joined, and forgets one that quits", () => {
    emptyStore().dispatch({ type: "panel/visible", visible: true });
    memory.close();
    assert.throws(() => readdirSync(folder));

    memory = new WindowMemory(folder, ID, { log });
    const store = joinedStore();
    assert.equal(readdirSync(folder).length, 1);
    store.dispatch({ type: "user/command", request: 2, command: { name: "quit", argument: "" } });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("leaves the state of another running window alone, and takes it when that one has died", async () => {
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const journal = new Journal(join(folder, `${ID}.journal`));
    const window = saveWindow(online);
    assert.ok(window !== null && owner.pid !== undefined);
    journal.begin({ owner: owner.pid, window });
    journal.close();

    const recalled = new WindowMemory(folder, "another", { log }).recall(ID);
    const first = await Promise.race([recalled, new Promise((resolve) => setImmediate(resolve, "waiting"))]);
    assert.equal(first, "waiting");
    owner.kill("SIGKILL");
    await once(owner, "exit");
    assert.equal((await recalled)?.me.name, "anna");
  });

  it("is taken over by only one of two windows that start at once, even if both have seen it free", async () => {
    joinedStore();
    memory.close();
    const successors = ["one", "two"].map((id) => new WindowMemory(folder, id, { log }));
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
      mkdirSync(folder, { recursive: true });
      writeFileSync(windowFile(folder, id), "");
      utimesSync(windowFile(folder, id), at, at);
    }
    assert.deepEqual(windowsOf(folder, here ?? ""), [`${here}newer`, `${here}older`]);
    assert.deepEqual(windowsOf(folder, workspacePrefix(undefined)), []);
  });

  it("treats an empty file as none, and keeps it under another name", async () => {
    joinedStore();
    memory.close();
    const bad = '12345678 {"owner":null,"window":{"version":2';
    writeFileSync(join(folder, `${ID}.journal`), bad);
    assert.equal(await recalled(), null);
    const [copy = "", ...others] = readdirSync(folder);
    assert.deepEqual([others, readFileSync(join(folder, copy), "utf8")], [[], bad]);
    assert.match(copy, /\.damaged$/u);
  });

  it("reports where a copy is when something in a damaged file is missing, and only then", async () => {
    joinedStore();
    memory.close();
    const file = join(folder, `${ID}.journal`);
    const whole = readFileSync(file, "utf8");
    for (const [changed, isTold] of [
      [whole.replace("a line to keep", "a line to kees"), true],
      [whole.replace('"version":2', '"version":9'), false],
    ] as const) {
      writeFileSync(file, changed);
      const copies: string[] = [];
      const options = { log: { warn: () => undefined }, onDamage: (copy: string) => copies.push(copy) };
      assert.notEqual(await new WindowMemory(folder, `other${copies.length}`, options).recall(ID), null);
      assert.equal(copies.length, isTold ? 1 : 0);
      for (const copy of copies) assert.equal(readFileSync(copy, "utf8"), changed);
    }
  });

  it("is restored from a damaged file, of which it keeps a copy", async () => {
    joinedStore();
    memory.close();
    const file = join(folder, `${ID}.journal`);
    const bad = readFileSync(file);
    bad[30] = (bad[30] ?? 0) ^ 1;
    writeFileSync(file, bad);
    const saved = await recalled();
    assert.equal(saved?.me.name, "anna");
    assert.equal(saved.lobby.entries[0]?.text, "a line to keep");
    const copy = readdirSync(folder).find((name) => name.endsWith(".damaged"));
    assert.deepEqual(readFileSync(join(folder, copy ?? "")), bad);
  });

  it("leaves a file of a later version as it is", async () => {
    const file = join(folder, `${ID}.journal`);
    joinedStore();
    memory.close();
    const newer = lineOf({ owner: null, window: { version: 3, rooms: [] } });
    writeFileSync(file, newer);
    assert.equal(await new WindowMemory(folder, "another", { log }).recall(ID), null);
    assert.equal(readFileSync(file, "utf8"), newer);
    assert.deepEqual(readdirSync(folder), [`${ID}.journal`]);
  });

  /** What another window reads, which warns once. */
  async function recalled(): Promise<SavedWindow | null> {
    const warnings: string[] = [];
    const warn = (text: string): unknown => warnings.push(text);
    const saved = await new WindowMemory(folder, "another", { log: { warn } }).recall(ID);
    assert.equal(warnings.length, 1);
    assert.doesNotMatch(warnings.join(), /anna|a line to keep/u);
    return saved;
  }

  describe("a window's memory whose file disappears while the window is running", () => {
    const file = (): string => windowFile(folder, ID);
    const accidents: readonly (readonly [string, () => void])[] = [
      ["deleted", () => rmSync(file())],
      ["moved", () => renameSync(file(), windowFile(folder, "taken"))],
      ["deleted with its folder", () => rmSync(folder, { recursive: true })],
      [
        "replaced by a copy",
        () => {
          copyFileSync(file(), `${file()}.copy`);
          renameSync(`${file()}.copy`, file());
        },
      ],
      ["emptied", () => truncateSync(file())],
      ["overwritten by something shorter", () => writeFileSync(file(), "x")],
      ["overwritten by something longer", () => writeFileSync(file(), "x".repeat(10_000))],
      [
        "replaced by something else",
        () => {
          rmSync(file());
          writeFileSync(file(), "something else");
        },
      ],
    ];
    const warnings: string[] = [];
    beforeEach(() => {
      memory.close();
      warnings.length = 0;
      memory = new WindowMemory(folder, ID, { log: { warn: (text) => warnings.push(text) } });
    });

    /** What a window finds that starts after this one has died. */
    const found = (): string[] => readJournal(file())?.window.lobby.entries.map(({ text }) => text) ?? [];

    for (const [what, happen] of accidents) {
      it(`is completely on disk again with the next change after it was ${what}`, () => {
        const store = joinedStore();
        happen();
        // Each leaves an answer in the lobby, which is not open.
        for (const request of [3, 4])
          store.dispatch({ type: "user/submit", request, session: LOBBY, text: "x" });
        const [first, ...others] = found();
        assert.deepEqual([first, others.length], ["a line to keep", 2]);
        assert.equal(warnings.length, 1);
        assert.doesNotMatch(warnings.join(), /line to keep/u);
      });

      it(`is completely on disk again when it closes after it was ${what}`, () => {
        joinedStore();
        happen();
        memory.close();
        assert.deepEqual(found(), ["a line to keep"]);
        assert.equal(readJournal(file())?.owner, null);
      });
    }

    it("is completely on disk again soon although nothing changes", () => {
      const timers = new FakeTimers();
      timers.install();
      try {
        joinedStore();
        rmSync(file());
        timers.pass(ALIVE_MS);
        assert.deepEqual(found(), ["a line to keep"]);
        timers.pass(10 * ALIVE_MS);
        assert.equal(warnings.length, 1);
        memory.close();
      } finally {
        timers.uninstall();
      }
    });
  });

  describe("the memory of windows that never returned", () => {
    const file = (): string => join(folder, `${ID}.journal`);
    const clock = new FakeClock();
    afterEach(() => clock.uninstall());

    /** A start of another window at a time, which asks for a window that was never kept. */
    async function startAt(days: number): Promise<void> {
      clock.set(days);
      await new WindowMemory(folder, "another", { log }).recall("none");
    }

    it("is deleted when it is older than a month and a second start agrees", async () => {
      joinedStore();
      memory.close();
      await startAt(0);
      await startAt(31);
      await startAt(31.1);
      assert.ok(existsSync(file()), "starts of one day may share a wrong clock");
      await startAt(32);
      await startAt(61);
      await startAt(62);
      await startAt(63);
      assert.ok(!existsSync(file()));
    });

    it("survives a clock that was ahead", async () => {
      joinedStore();
      memory.close();
      for (const days of [0, 60, 1, 61, 2, 3, 400, 4, 5]) await startAt(days);
      assert.ok(existsSync(file()));
    });

    it("survives a clock that was behind when it was written", async () => {
      await startAt(0);
      await startAt(-400);
      joinedStore();
      memory.close();
      // Dates of files come from a clock that ticks every few milliseconds.
      const then = Date.now() / 1000 - 0.004;
      utimesSync(file(), then, then);
      for (const days of [1, 2, 3, 4]) await startAt(days);
      assert.ok(existsSync(file()));
    });

    it("is never deleted while messages wait", async () => {
      const window = saveWindow(after(withBobby, type("still on its way", 1)));
      assert.ok(window !== null && window.peers[0]?.pending.length === 1);
      const journal = new Journal(file());
      journal.begin({ owner: null, window });
      journal.close();
      for (const days of [0, 100, 101, 200, 201, 202]) await startAt(days);
      assert.ok(existsSync(file()));
    });

    it("is judged by file dates, and not by a damaged record of starts", async () => {
      joinedStore();
      memory.close();
      const old = Date.now() / 1000 - 40 * 24 * 3600;
      utimesSync(file(), old, old);
      writeFileSync(`${folder}.starts`, "[1, 2");
      await startAt(0);
      assert.ok(existsSync(file()));
      await startAt(1);
      assert.ok(!existsSync(file()));
    });
  });
});
