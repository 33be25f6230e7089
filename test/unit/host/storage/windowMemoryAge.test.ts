// When the memory of windows that never returned is deleted.
import assert from "node:assert/strict";
import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { Journal } from "../../../../extension/host/storage/journal.ts";
import { WindowMemory } from "../../../../extension/host/storage/windowMemory.ts";
import { after, type, withBobby } from "../../../support/core.ts";
import { ID, log, RememberedWindow } from "../../../support/rememberedWindow.ts";

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
  const kept = new RememberedWindow();

  describe("the memory of windows that never returned", () => {
    const file = (): string => join(kept.folder, `${ID}.journal`);
    const clock = new FakeClock();
    afterEach(() => clock.uninstall());

    /** A start of another window at a time, which asks for a window that was never kept. */
    async function startAt(days: number): Promise<void> {
      clock.set(days);
      await new WindowMemory(kept.folder, "another", { log }).recall("none");
    }

    it("is deleted when it is older than a month and a second start agrees", async () => {
      kept.joinedStore();
      kept.memory.close();
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
      kept.joinedStore();
      kept.memory.close();
      for (const days of [0, 60, 1, 61, 2, 3, 400, 4, 5]) await startAt(days);
      assert.ok(existsSync(file()));
    });

    it("survives a clock that was behind when it was written", async () => {
      await startAt(0);
      await startAt(-400);
      kept.joinedStore();
      kept.memory.close();
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
      kept.joinedStore();
      kept.memory.close();
      const old = Date.now() / 1000 - 40 * 24 * 3600;
      utimesSync(file(), old, old);
      writeFileSync(`${kept.folder}.starts`, "[1, 2");
      await startAt(0);
      assert.ok(existsSync(file()));
      await startAt(1);
      assert.ok(!existsSync(file()));
    });
  });
});
