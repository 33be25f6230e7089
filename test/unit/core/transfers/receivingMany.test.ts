// Many files of one peer: how many there can be, how many run at once, and how much is under way.
import assert from "node:assert/strict";
import {
  BLOCK_BYTES,
  CHUNK_BYTES,
  MOST_CREDIT,
  OPEN_OFFERS,
  RUNNING_TRANSFERS,
} from "../../../../protocol/bulk.ts";
import type { IncomingEvent } from "../../../../extension/core/transfers/incoming.ts";
import { phaseOf } from "../../../../extension/core/transfers/receivingState.ts";
import { fileId } from "../../../support/fileIds.ts";
import {
  block,
  by,
  chunk,
  empty,
  HASH,
  ID,
  link,
  offer,
  run,
  SIZE,
  transferIn,
  written,
} from "../../../support/receivingSteps.ts";

describe("files of one peer", () => {
  const many = (n: number): IncomingEvent[] => Array.from({ length: n }, (_, i) => offer(fileId(i)));

  it("have a bound: one offer more is declined, which both sides see and nothing is saved of", () => {
    const { state, told } = run(empty, ...many(OPEN_OFFERS + 1));
    assert.deepEqual(told, ["cancel many"]);
    const last = fileId(OPEN_OFFERS);
    assert.deepEqual(phaseOf(transferIn(state, last), true), { phase: "failed", why: "many" });
    assert.deepEqual(run(state, { type: "met" }, by("accept", last)).told, ["cancel many"]);
  });

  it("keep their first size when an offer comes again", () => {
    const { state } = run(empty, offer(), offer(ID, 7));
    assert.equal(transferIn(state).size, SIZE);
  });

  it("are forgotten when they are over and others come", () => {
    const ends = Array.from({ length: 3 * OPEN_OFFERS }, (_, i) => [
      offer(fileId(i)),
      by("cancel", fileId(i)),
    ]);
    const { state } = run(empty, ...ends.flat());
    assert.ok(state.transfers.length <= OPEN_OFFERS + 1);
  });

  it("run four at a time, the oldest first", () => {
    const accepts = Array.from({ length: 6 }, (_, i) => by("accept", fileId(i)));
    const { state, told } = run(empty, ...many(6), ...accepts, link(1));
    assert.equal(told.filter((what) => what.startsWith("fetch")).length, RUNNING_TRANSFERS);
    assert.deepEqual(phaseOf(transferIn(state, fileId(4)), true), { phase: "accepted" });
    assert.deepEqual(run(state, by("cancel", fileId(0))).told.slice(-1), ["fetch 0 over 1"]);
  });

  it("never have more than the window under way and unwritten", () => {
    const fast = Array.from({ length: 60 }, (_, at): IncomingEvent => ({ type: "roundTrip", ms: 5, at }));
    const { state } = run(empty, offer(ID, 4 * BLOCK_BYTES), by("accept"), link(1), ...fast);
    assert.equal(state.credit, MOST_CREDIT);
    const portion = MOST_CREDIT / 4;
    const chunks = Array.from({ length: BLOCK_BYTES / CHUNK_BYTES }, () => chunk(CHUNK_BYTES));
    const blocks = [0, 1].flatMap((index) => [block(index, BLOCK_BYTES), ...chunks]);
    const came = run(state, ...blocks).state;
    assert.equal(came.credit, MOST_CREDIT - portion, "what is not written is not granted again");
    const [first, second] = [0, 1].map((index) => written(index, BLOCK_BYTES, HASH));
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual(run(came, first).told, ["save"], "nor in small portions");
    assert.deepEqual(run(came, first, second).told, ["save", "save", `grant ${portion}`]);
  });
});
