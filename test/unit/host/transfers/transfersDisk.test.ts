// A file waits for its place: a folder that is gone, a disk that is full.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lookAt } from "../../../../extension/host/transfers/sourceFile.ts";
import { FilePair, noise, partOf } from "../../../support/fileTransfers.ts";
import { SmallDisk } from "../../../support/smallDisk.ts";
import { ID, TemporaryPair } from "../../../support/temporaryPair.ts";

describe("a file", () => {
  let pair: TemporaryPair;

  beforeEach(async () => {
    pair = await TemporaryPair.create();
  });
  afterEach(() => pair.remove());

  it("waits in its place when its folder is gone, and gets into another one", async () => {
    const path = await pair.offer(noise(100));
    pair.link();
    await pair.receiver.accept(ID, join(pair.root, "gone"));
    await pair.until(() => pair.receiver.file(ID)?.trouble === "folder");
    await pair.receiver.accept(ID, pair.chosen);
    assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
  });

  it("pauses when the disk is full, says so, and goes on when there is room", async () => {
    const disk = new SmallDisk();
    try {
      const small = new FilePair(disk.path);
      await small.start();
      const path = small.write("a.bin", noise(100_000));
      const source = await lookAt(path);
      assert.ok(source !== null);
      await small.sender.offer(partOf(path), path, source);
      small.receiver.offer(partOf(path));
      small.receiver.take({ type: "accept", id: ID });
      await small.receiver.close();
      disk.fill(small.transfers);
      small.link();
      await small.until(() => small.receiver.incoming.transfers[0]?.paused.disk != null);
      const { paused } = small.receiver.incoming.transfers[0] ?? {};
      assert.ok(paused?.disk === "full" || paused?.disk === "failed", String(paused?.disk));
      disk.free(small.transfers);
      small.receiver.take({ type: "accept", id: ID });
      await small.until(() => small.receiver.incoming.transfers[0]?.end !== null);
      assert.deepEqual(small.receiver.incoming.transfers[0]?.end, { how: "done" });
      await small.close();
    } finally {
      disk.remove();
    }
  });

  it("stays paused by its user when there is room again", async () => {
    await pair.offer(noise(100));
    await pair.receiver.accept(ID, pair.chosen);
    pair.receiver.take({ type: "disk", id: ID, event: { type: "diskFailed", reason: "full" } });
    pair.receiver.take({ type: "pause", id: ID });
    await pair.receiver.retryDisk();
    const paused = () => pair.receiver.incoming.transfers[0]?.paused;
    assert.deepEqual(paused(), { me: true, them: false, disk: "full" });
    await pair.receiver.accept(ID, null);
    assert.deepEqual(paused(), { me: false, them: false, disk: null });
  });

  for (const reason of ["full", "failed"])
    it(`goes on by itself when its disk is ready again: ${reason}`, async () => {
      const path = await pair.offer(noise(100_000));
      await pair.receiver.accept(ID, pair.chosen);
      pair.receiver.take({ type: "disk", id: ID, event: { type: "diskFailed", reason } });
      assert.equal(pair.transfer().paused.disk, reason);
      await pair.receiver.retryDisk();
      assert.equal(pair.transfer().paused.disk, null);
      pair.link();
      assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
    });

  it("is tried again less and less often while its disk fails", async () => {
    await pair.offer(noise(100));
    await pair.receiver.accept(ID, pair.chosen);
    const fail = (): void =>
      pair.receiver.take({ type: "disk", id: ID, event: { type: "diskFailed", reason: "failed" } });
    const tries = async (turns: number): Promise<number[]> => {
      const tried: number[] = [];
      for (let turn = 1; turn <= turns; turn++) {
        fail();
        await pair.receiver.retryDisk();
        if (pair.transfer().paused.disk === null) tried.push(turn);
      }
      return tried;
    };
    assert.deepEqual(await tries(200), [1, 3, 7, 15, 31, 63, 95, 127, 159, 191]);
    // It goes well for a while.
    await pair.receiver.accept(ID, null);
    await pair.receiver.retryDisk();
    assert.deepEqual(await tries(7), [1, 3, 7]);
  });

  it("does not begin where there is no room for it", async () => {
    const disk = new SmallDisk();
    try {
      const small = new FilePair(disk.path);
      await small.start();
      const path = small.write("a.bin", noise(10));
      small.receiver.offer(partOf(path));
      await small.receiver.accept(ID, small.chosen);
      assert.equal(small.receiver.file(ID)?.trouble, "full");
      assert.equal(small.receiver.incoming.transfers[0]?.accepted, false);
      await small.close();
    } finally {
      disk.remove();
    }
  });
});
