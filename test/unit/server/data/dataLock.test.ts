// Whose a data folder is whose lock has gone: by hand, or because another server has come and gone meanwhile.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { lockDataFolder } from "../../../../server/data/dataLock.ts";

describe("the lock of a data folder", () => {
  it("is created again if deleted, but not after a pause in which another server may have written", () => {
    const folder = mkdtempSync(join(tmpdir(), "forkchat-lock-"));
    const path = join(folder, "server.lock");
    const clock = Date.now;
    const locked = lockDataFolder(folder);
    assert.ok(locked.ok);
    try {
      rmSync(path);
      locked.value.check();
      assert.ok(existsSync(path));
      const now = clock();
      Date.now = () => now + 21_000;
      locked.value.check();
      rmSync(path);
      assert.throws(() => locked.value.check(), /another server is using the data folder/u);
      assert.ok(!existsSync(path));
    } finally {
      Date.now = clock;
      locked.value.release();
      rmSync(folder, { recursive: true });
    }
  });

  it("is put back if deleted, but not after a pause", () => {
    const folder = mkdtempSync(join(tmpdir(), "forkchat-lock-"));
    const path = join(folder, "server.lock");
    const clock = Date.now;
    const timers = new FakeTimers();
    let now = clock();
    Date.now = () => now;
    timers.install();
    const locked = lockDataFolder(folder);
    const beat = (ms: number): void => {
      now += ms;
      timers.pass(5_000);
    };
    try {
      assert.ok(locked.ok);
      for (let n = 0; n < 3; n++) {
        rmSync(path);
        beat(5_000);
        assert.ok(existsSync(path));
      }
      rmSync(path);
      beat(20_000);
      assert.ok(!existsSync(path));
      beat(5_000);
      assert.ok(!existsSync(path));
    } finally {
      timers.uninstall();
      Date.now = clock;
      if (locked.ok) locked.value.release();
      rmSync(folder, { recursive: true });
    }
  });
});
