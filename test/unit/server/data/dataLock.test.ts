// Whose a data folder is whose lock has gone: by hand, or because another server has come and gone meanwhile.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockDataFolder } from "../../../../server/data/dataLock.ts";

describe("the lock of a data folder", () => {
  it("is made again where it was deleted, but not after a standstill in which another server may have written", () => {
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
});
