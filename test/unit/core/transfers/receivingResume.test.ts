// One file on its way, which goes on after its disk, its link or its window failed.
import assert from "node:assert/strict";
import { BLOCK_BYTES, CHUNK_BYTES } from "../../../../protocol/bulk.ts";
import { newIncoming, type IncomingEvent } from "../../../../extension/core/transfers/incoming.ts";
import {
  offered,
  phaseOf,
  restoreReceiving,
  saveReceiving,
  type Receiving,
} from "../../../../extension/core/transfers/receivingState.ts";
import {
  block,
  by,
  chunk,
  diskFull,
  empty,
  end,
  fetching,
  HASH,
  ID,
  link,
  offer,
  phase,
  run,
  SIZE,
  transferIn,
  wholeBlock,
  written,
} from "../../../support/receivingSteps.ts";

describe("a file on its way", () => {
  it("is paused with the reason while the disk takes no more", () => {
    const full = run(fetching, block(0, BLOCK_BYTES), chunk(CHUNK_BYTES), diskFull);
    assert.deepEqual(full.told.slice(-2), ["save", "pause"]);
    assert.deepEqual(phase(full.state), { phase: "paused", by: "disk", reason: "no space" });
    const restored = restoreReceiving(JSON.parse(JSON.stringify(saveReceiving(transferIn(full.state)))));
    assert.ok(restored);
    assert.deepEqual(phaseOf(restored, true), { phase: "paused", by: "disk", reason: "no space" });
    assert.deepEqual(run(full.state, link(null), by("accept"), link(2)).told, [
      "save",
      "fetch 0 over 2",
      "grant 262144",
    ]);
  });

  it("is requested again from what is left when bytes of it were deleted", () => {
    const lost = (blocks: number): IncomingEvent => ({
      ...{ type: "disk", id: ID },
      event: { type: "lost", blocks },
    });
    const half: Receiving = { ...offered(ID, SIZE), accepted: true, hashes: [HASH] };
    const paused = run(newIncoming([half]), link(1), diskFull);
    assert.deepEqual(paused.told, ["fetch 1 over 1", "grant 262144", "save", "pause"]);
    // What is there counts on.
    assert.deepEqual(run(paused.state, lost(1)).told, []);
    const again = run(paused.state, lost(0), by("accept"), block(0, BLOCK_BYTES));
    assert.deepEqual(again.told, ["save", "save", "fetch 0 over 1"]);
    assert.equal(transferIn(again.state).blocks.length, 1);
    // While blocks come, it is not looked at; when it is over for good, nothing comes again.
    assert.deepEqual(transferIn(run(newIncoming([half]), link(1), lost(0)).state).hashes, [HASH]);
    const canceled = run(newIncoming([half]), by("cancel"), lost(0));
    assert.deepEqual(transferIn(canceled.state).end, { how: "canceled" });
    const done: Receiving = { ...half, hashes: [HASH, HASH], end: { how: "done" } };
    assert.equal(transferIn(run(newIncoming([done]), lost(1)).state).end, null);
  });

  it("is requested again after the disk was full, though its end had come", () => {
    const size = CHUNK_BYTES + 1;
    const full = run(
      empty,
      ...[offer(ID, size), by("accept"), link(1), block(0, size), chunk(CHUNK_BYTES), diskFull],
    );
    const drained = run(full.state, chunk(1), end, by("accept"));
    assert.deepEqual(drained.told.slice(0, 2), ["save", "fetch 0 over 1"]);
  });

  it("counts only bytes as written that were to be", () => {
    const begun = run(fetching, block(0, BLOCK_BYTES), chunk(CHUNK_BYTES)).state;
    const wrong = run(begun, written(1, CHUNK_BYTES));
    assert.deepEqual([wrong.told, transferIn(wrong.state)], [[], transferIn(begun)]);
    const right = run(begun, written(0, CHUNK_BYTES));
    assert.deepEqual(right.told, [`grant ${CHUNK_BYTES}`]);
  });

  it("waits after a cut for blocks that are being written, and does not request them again", () => {
    const chunks = Array.from({ length: 16 }, (_, i) =>
      i < 15 ? [chunk(CHUNK_BYTES), written(0, CHUNK_BYTES)] : [chunk(CHUNK_BYTES)],
    );
    const cut = run(fetching, block(0, BLOCK_BYTES), ...chunks.flat(), link(null), link(2));
    assert.ok(!cut.told.includes("fetch 0 over 2"));
    assert.deepEqual(run(cut.state, written(0, CHUNK_BYTES, HASH)).told, [
      "save",
      "fetch 1 over 2",
      "grant 65536",
    ]);
  });

  it("goes on where it was after a restart", () => {
    const { state } = run(fetching, ...wholeBlock(0, BLOCK_BYTES));
    const saved: unknown = JSON.parse(JSON.stringify(saveReceiving(transferIn(state))));
    const restored = restoreReceiving(saved);
    assert.ok(restored);
    assert.deepEqual(run(newIncoming([restored]), link(1)).told, ["fetch 1 over 1", "grant 262144"]);
  });

  it("does not restore a sidecar that holds what cannot be", () => {
    const sound = saveReceiving({ ...offered(ID, SIZE), hashes: [HASH, HASH] });
    assert.ok(restoreReceiving(sound) !== undefined);
    const broken = [
      { ...sound, hashes: [HASH, HASH, HASH] },
      { ...sound, hashes: [HASH], end: { how: "done" } },
      { ...sound, version: 2 },
      { ...sound, size: -1 },
      { ...sound, id: "short" },
      null,
    ];
    for (const value of broken) assert.equal(restoreReceiving(value), undefined);
  });
});
