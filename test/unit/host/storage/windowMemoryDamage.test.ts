// A window's memory whose file is damaged, of a later version, or disappears while the window is running.
import assert from "node:assert/strict";
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { SavedWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import { lineOf } from "../../../../extension/host/storage/checkedLines.ts";
import { ALIVE_MS, readJournal } from "../../../../extension/host/storage/journal.ts";
import { windowFile } from "../../../../extension/host/storage/windowFiles.ts";
import { WindowMemory } from "../../../../extension/host/storage/windowMemory.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { ID, log, RememberedWindow } from "../../../support/rememberedWindow.ts";

describe("the window's memory", () => {
  const kept = new RememberedWindow();

  it("treats an empty file as none, and keeps it under another name", async () => {
    kept.joinedStore();
    kept.memory.close();
    const bad = '12345678 {"owner":null,"window":{"version":2';
    writeFileSync(join(kept.folder, `${ID}.journal`), bad);
    assert.equal(await recalled(), null);
    const [copy = "", ...others] = readdirSync(kept.folder);
    assert.deepEqual([others, readFileSync(join(kept.folder, copy), "utf8")], [[], bad]);
    assert.match(copy, /\.damaged$/u);
  });

  it("reports where a copy is when something in a damaged file is missing, and only then", async () => {
    kept.joinedStore();
    kept.memory.close();
    const file = join(kept.folder, `${ID}.journal`);
    const whole = readFileSync(file, "utf8");
    for (const [changed, isTold] of [
      [whole.replace("a line to keep", "a line to kees"), true],
      [whole.replace('"version":2', '"version":9'), false],
    ] as const) {
      writeFileSync(file, changed);
      const copies: string[] = [];
      const options = { log: { warn: () => undefined }, onDamage: (copy: string) => copies.push(copy) };
      assert.notEqual(await new WindowMemory(kept.folder, `other${copies.length}`, options).recall(ID), null);
      assert.equal(copies.length, isTold ? 1 : 0);
      for (const copy of copies) assert.equal(readFileSync(copy, "utf8"), changed);
    }
  });

  it("is restored from a damaged file, of which it keeps a copy", async () => {
    kept.joinedStore();
    kept.memory.close();
    const file = join(kept.folder, `${ID}.journal`);
    const bad = readFileSync(file);
    bad[30] = (bad[30] ?? 0) ^ 1;
    writeFileSync(file, bad);
    const saved = await recalled();
    assert.equal(saved?.me.name, "anna");
    assert.equal(saved.lobby.entries[0]?.text, "a line to keep");
    const copy = readdirSync(kept.folder).find((name) => name.endsWith(".damaged"));
    assert.deepEqual(readFileSync(join(kept.folder, copy ?? "")), bad);
  });

  it("leaves a file of a later version as it is", async () => {
    const file = join(kept.folder, `${ID}.journal`);
    kept.joinedStore();
    kept.memory.close();
    const newer = lineOf({ owner: null, window: { version: 3, rooms: [] } });
    writeFileSync(file, newer);
    assert.equal(await new WindowMemory(kept.folder, "another", { log }).recall(ID), null);
    assert.equal(readFileSync(file, "utf8"), newer);
    assert.deepEqual(readdirSync(kept.folder), [`${ID}.journal`]);
  });

  /** What another window reads, which warns once. */
  async function recalled(): Promise<SavedWindow | null> {
    const warnings: string[] = [];
    const warn = (text: string): unknown => warnings.push(text);
    const saved = await new WindowMemory(kept.folder, "another", { log: { warn } }).recall(ID);
    assert.equal(warnings.length, 1);
    assert.doesNotMatch(warnings.join(), /anna|a line to keep/u);
    return saved;
  }

  describe("a window's memory whose file disappears while the window is running", () => {
    const file = (): string => windowFile(kept.folder, ID);
    const accidents: readonly (readonly [string, () => void])[] = [
      ["deleted", () => rmSync(file())],
      ["moved", () => renameSync(file(), windowFile(kept.folder, "taken"))],
      ["deleted with its folder", () => rmSync(kept.folder, { recursive: true })],
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
      kept.memory.close();
      warnings.length = 0;
      kept.memory = new WindowMemory(kept.folder, ID, { log: { warn: (text) => warnings.push(text) } });
    });

    /** What a window finds that starts after this one has died. */
    const found = (): string[] => readJournal(file())?.window.lobby.entries.map(({ text }) => text) ?? [];

    for (const [what, happen] of accidents) {
      it(`is completely on disk again with the next change after it was ${what}`, () => {
        const store = kept.joinedStore();
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
        kept.joinedStore();
        happen();
        kept.memory.close();
        assert.deepEqual(found(), ["a line to keep"]);
        assert.equal(readJournal(file())?.owner, null);
      });
    }

    it("is completely on disk again soon although nothing changes", () => {
      const timers = new FakeTimers();
      timers.install();
      try {
        kept.joinedStore();
        rmSync(file());
        timers.pass(ALIVE_MS);
        assert.deepEqual(found(), ["a line to keep"]);
        timers.pass(10 * ALIVE_MS);
        assert.equal(warnings.length, 1);
        kept.memory.close();
      } finally {
        timers.uninstall();
      }
    });
  });
});
