// Servers with one lobby keep their promises while their processes, the engine, and the ways between them fail.
import assert from "node:assert/strict";
import fc from "fast-check";
import * as scenarios from "./scenarios.ts";

const RUNS = process.env["FORKCHAT_LONG"] === undefined ? 20 : 2_000;

describe("servers with one lobby over an engine that fails", function () {
  this.timeout(RUNS * 10_000);

  it("lose, double and swap no message, and give no name twice", async () => {
    let snapshots = 0;
    await fc.assert(
      fc.asyncProperty(scenarios.steps, fc.nat(), async (steps, seed) => {
        snapshots += await scenarios.everythingFails(steps, seed);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    assert.ok(snapshots > 0);
  });

  it("open their lobby although one of their first calls fails", async () => {
    for (const fate of scenarios.fates) {
      for (let n = 0; n < 8; n++) await scenarios.oneOfTheFirstCallsFails(fate, n);
    }
  });

  it("do not take what was said before they came for another clock", scenarios.anotherServerComesLater);

  it("close their lobby as soon as they read that they are given up", scenarios.oneReadsThatItIsGivenUp);

  it("put no entry once they are given up, however late it comes", async () => {
    for (let seed = 0; seed < RUNS; seed++) await scenarios.anEntryComesAfterItsServerIsGivenUp(seed);
  });

  it("say of no one that they left whose server died and who are back in time", async () => {
    for (let seed = 0; seed < RUNS; seed++) await scenarios.aServerDies(true, seed);
  });

  it("say that those have left whose server died and who are not back", async () => {
    for (let seed = 0; seed < RUNS; seed++) await scenarios.aServerDies(false, seed);
  });

  it("know what was said at a server that died before it answered", scenarios.anAnswerIsLostWithItsServer);

  it("close their lobby before they are given up, however slow the engine is", async () => {
    for (let seed = 0; seed < RUNS; seed++) await scenarios.oneIsSlowAndThenCutOff(seed);
  });

  it("save the lobby's state once when it is due", scenarios.aSnapshotIsDue);

  it("begin anew when one of them has come to another state", async () => {
    for (let seed = 0; seed < RUNS; seed++) await scenarios.serversDiffer(seed);
  });

  it("begin anew when they see by what they write, or in their next life, that the engine has lost data", async () => {
    for (const how of ["write", "live again"] as const) await scenarios.oneSeesThatDataAreLost(how);
  });

  it("begin anew together, also with one that has slept meanwhile", async () => {
    for (let seed = 0; seed < RUNS; seed++)
      for (const isHidden of [true, false]) await scenarios.oneSleepsWhileTheOthersBeginAnew(isHidden, seed);
  });

  it("begin anew, and say so, when the engine has lost data", async () => {
    for (let seed = 0; seed < RUNS; seed++) await scenarios.theEngineLosesData(seed);
  });
});
