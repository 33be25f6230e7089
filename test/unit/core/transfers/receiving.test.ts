// One file on its way: its phases, and what each makes this side do.
import assert from "node:assert/strict";
import { BLOCK_BYTES, CHUNK_BYTES } from "../../../../protocol/bulk.ts";
import { wantsLink } from "../../../../extension/core/transfers/incoming.ts";
import { verifiedBytes } from "../../../../extension/core/transfers/receivingState.ts";
import {
  block,
  by,
  chunk,
  empty,
  end,
  fetching,
  HASH,
  ID,
  link,
  offer,
  phase,
  rooted,
  run,
  SIZE,
  transferIn,
  wholeBlock,
  written,
} from "../../../support/receivingSteps.ts";

describe("a file on its way", () => {
  it("is not requested before the user wants it", () => {
    const { state, told } = run(empty, offer(), link(1));
    assert.deepEqual(told, []);
    assert.deepEqual(phase(state), { phase: "offered" });
    assert.equal(wantsLink(state), false);
  });

  it("waits for a link, and is requested over it", () => {
    const accepted = run(empty, offer(), by("accept"));
    assert.deepEqual([accepted.told, phase(accepted.state)], [["save"], { phase: "paused", by: "link" }]);
    assert.equal(wantsLink(accepted.state), true);
    const linked = run(accepted.state, link(4));
    assert.deepEqual(linked.told, ["fetch 0 over 4", "grant 262144"]);
    assert.deepEqual(phase(linked.state), { phase: "fetching" });
  });

  it("is done when the hash over its blocks is right", () => {
    const all = run(fetching, ...wholeBlock(0, BLOCK_BYTES), ...wholeBlock(1, 5), end);
    assert.deepEqual(phase(all.state), { phase: "verifying" });
    assert.equal(verifiedBytes(transferIn(all.state)), SIZE);
    const done = run(all.state, rooted(HASH));
    assert.deepEqual(done.told, ["save", "finish", "received"]);
    assert.deepEqual(phase(done.state), { phase: "done" });
    assert.deepEqual(run(done.state, { type: "met" }).told, ["received"], "the sender may not have heard it");
    assert.deepEqual(run(done.state, by("cancel"), by("accept"), by("pause")).told, []);
  });

  it("may be empty", () => {
    const { state } = run(empty, offer(ID, 0), by("accept"), link(1), end, rooted(HASH));
    assert.deepEqual(phase(state), { phase: "done" });
  });

  it("keeps a block that is under way when the user pauses, and goes on behind it", () => {
    const paused = run(fetching, block(0, BLOCK_BYTES), by("pause"));
    assert.deepEqual(paused.told.slice(-2), ["save", "pause"]);
    assert.deepEqual(phase(paused.state), { phase: "paused", by: "me" });
    const [, ...rest] = wholeBlock(0, BLOCK_BYTES);
    const resumed = run(paused.state, by("accept"), ...rest);
    assert.deepEqual(
      resumed.told.filter((what) => what.startsWith("fetch")),
      ["fetch 1 over 1"],
    );
  });

  it("is granted nothing while the user waits for nothing", () => {
    const paused = run(fetching, block(0, BLOCK_BYTES), by("pause")).state;
    assert.deepEqual(run(paused, chunk(CHUNK_BYTES), written(0, CHUNK_BYTES), chunk(CHUNK_BYTES)).told, [
      "write",
      "write",
    ]);
  });

  it("is paused by its sender until the next block", () => {
    const paused = run(fetching, { type: "peer", frame: { type: "pause", id: ID } }).state;
    assert.deepEqual(phase(paused), { phase: "paused", by: "them" });
    assert.deepEqual(phase(run(paused, block(0, BLOCK_BYTES)).state), { phase: "fetching" });
  });

  it("ends when either side cancels, or the sender cannot go on", () => {
    const canceled = run(fetching, by("cancel"));
    assert.deepEqual(
      [canceled.told, phase(canceled.state)],
      [["save", "discard", "cancel"], { phase: "canceled" }],
    );
    assert.deepEqual(run(canceled.state, { type: "met" }).told, ["cancel"]);
    for (const why of ["changed", "gone", "canceled"] as const) {
      const { state, told } = run(fetching, { type: "peer", frame: { type: "unavailable", id: ID, why } });
      const shown = why === "canceled" ? { phase: why } : { phase: "failed", why };
      assert.deepEqual([told, phase(state)], [["save", "discard"], shown]);
      assert.deepEqual(run(state, { type: "met" }).told, []);
    }
  });

  it("is withdrawn by its sender before it was accepted", () => {
    const offered = run(empty, offer()).state;
    const frame = { type: "unavailable", id: ID, why: "canceled" } as const;
    const withdrawn = run(offered, { type: "peer", frame }).state;
    assert.deepEqual(phase(withdrawn), { phase: "failed", why: "canceled" });
  });

  it("is declined before it was accepted, and canceled later", () => {
    const offered = run(empty, offer()).state;
    const declined = run(offered, by("decline"));
    assert.deepEqual([declined.told, phase(declined.state)], [["save", "cancel"], { phase: "declined" }]);
    assert.deepEqual(phase(run(fetching, by("decline")).state), { phase: "canceled" });
    assert.deepEqual(phase(run(offered, by("cancel")).state), { phase: "canceled" });
  });

  it("drops the rest of a block that was under way when it was canceled", () => {
    const { state, told } = run(fetching, block(0, BLOCK_BYTES), by("cancel"), chunk(CHUNK_BYTES));
    assert.ok(!told.includes("write") && !told.some((what) => what.startsWith("refuse")));
    assert.equal(state.open, ID);
  });
});
