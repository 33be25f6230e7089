// Two windows send each other files while links are cut, processes die, disks fill and people change their minds: what arrives is
// the file, byte for byte, or nothing.
import assert from "node:assert/strict";
import { BLOCK_BYTES, type FileId } from "../../../../protocol/bulk.ts";
import { seededRandom } from "../../../support/seededRandom.ts";
import { checkDone, Run } from "../../../support/transferRun.ts";
import { fileId } from "../../../support/fileIds.ts";
import { Pair } from "../../../support/transferLinks.ts";

const LONG = process.env["FORKCHAT_LONG"] !== undefined;
const RUNS = LONG ? 1_500 : 60;

/** Declares a test that runs with many seeds, and names the one that fails. */
function seeds(title: string, test: (random: () => number) => void): void {
  it(`${title} (${RUNS} runs)`, function () {
    this.timeout(LONG ? 1_800_000 : 120_000);
    const given = process.env["FORKCHAT_SEED"];
    const first = given === undefined ? 1 : Number(given);
    for (let seed = first; seed < first + (given === undefined ? RUNS : 1); seed++) {
      try {
        test(seededRandom(seed));
      } catch (error) {
        throw new Error(`with the seed ${seed} (FORKCHAT_SEED=${seed} repeats it)`, { cause: error });
      }
    }
  });
}

describe("files between two windows", () => {
  seeds(
    "arrive over links that are cut anywhere, and no more than one block comes twice per cut",
    (random) => {
      const run = new Run(random);
      run.disturb(["cut", "cutBulk", "full", "restartSender"], 8);
      run.settle();
      checkDone(run);
      const twice = [...run.pair.arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
      assert.ok(twice <= run.cuts, `${twice} blocks came twice with ${run.cuts} cuts`);
    },
  );

  seeds(
    "arrive when both processes die anywhere, and only what was not on the disk comes twice",
    (random) => {
      const run = new Run(random);
      run.disturb(["cut", "cutBulk", "full", "restartSender", "restartReceiver"], 8);
      run.settle();
      checkDone(run);
      const twice = [...run.pair.arrivals.values()].reduce((sum, times) => sum + times - 1, 0);
      assert.ok(twice <= run.cuts + run.lostBlocks, `${twice} blocks came twice with ${run.cuts} cuts`);
    },
  );

  seeds("arrive when both sides pause and resume, and disks fill", (random) => {
    const run = new Run(random);
    run.disturb(
      ["cut", "cutBulk", "full", "restartSender", "restartReceiver", "pause", "pausePeer", "diskFull"],
      30,
    );
    run.settle();
    checkDone(run);
  });

  seeds("arrive or not at all when either side cancels or the file changes", (random) => {
    const run = new Run(random);
    run.disturb(
      ["cut", "cutBulk", "restartReceiver", "pause", "cancel", "cancelPeer", "change", "remove"],
      12,
    );
    run.settle();
    for (const [id, original] of run.originals) {
      const { end } = run.pair.receiver.transfer(id);
      assert.ok(end !== null, "each transfer ends");
      if (end.how !== "done") assert.equal(run.pair.receiver.finished.has(id), false);
      else assert.ok(run.pair.receiver.finished.get(id)?.equals(original));
      const offer = run.pair.sender.state.offers.find((each) => each.id === id);
      if (end.how === "done") assert.equal(offer?.over === null, false);
    }
  });

  it("arrive whole or not at all when the link is cut after every single step", () => {
    // Two blocks: each step of the whole transfer is a place to cut.
    const data = Buffer.alloc(BLOCK_BYTES + 70_000, "some text ");
    const id: FileId = fileId(1);
    const walk = (cutAt: number, how: "cut" | "cutBulk" | "restartSender" | "restartReceiver"): number => {
      const pair = new Pair();
      pair.offer(id, data);
      pair.receiver.take({ type: "accept", id });
      let steps = 0;
      for (let next = pair.steps()[0]; next !== undefined; next = pair.steps()[0]) {
        next();
        steps += 1;
        if (steps === cutAt) pair[how]();
        assert.ok(steps < 2_000, "comes to an end");
      }
      assert.ok(pair.receiver.finished.get(id)?.equals(data), `cut at ${cutAt}: ${how}`);
      assert.equal(pair.sender.state.offers[0]?.over, "sent");
      return steps;
    };
    const steps = walk(-1, "cut");
    assert.ok(steps > 60);
    for (const how of ["cut", "cutBulk", "restartSender", "restartReceiver"] as const)
      for (let cutAt = 1; cutAt <= steps; cutAt++) walk(cutAt, how);
  });
});
