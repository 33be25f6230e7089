// Private sessions over a model network: whatever happens on the way, each message arrives once and in order. 2,000 runs, or
// 100,000 in long mode.
import fc from "fast-check";
import { initialState } from "../../../../extension/core/model/state.ts";
import { applyChange } from "../../../../extension/core/saved/applyChange.ts";
import { changesBetween } from "../../../../extension/core/saved/savedChanges.ts";
import { restoreWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { update } from "../../../../extension/core/update.ts";
import { runResume } from "../../../support/resumeRun.ts";

const RUNS = process.env["FORKCHAT_LONG"] === undefined ? 2_000 : 100_000;
const core = { initialState, update, saveWindow, restoreWindow, changesBetween, applyChange } as never;
const tape = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 40, maxLength: 400 });

describe("a private session over any network", function () {
  this.timeout(RUNS * 100);

  it(`loses, duplicates and reorders nothing, whatever the network and either window do (${RUNS} runs)`, () => {
    fc.assert(
      fc.property(tape, (steps) => runResume(core, steps, false)),
      { numRuns: RUNS },
    );
  });

  it(`never loses anything silently when a window has lost its memory (${RUNS / 4} runs)`, () => {
    fc.assert(
      fc.property(tape, (steps) => runResume(core, steps, true)),
      { numRuns: RUNS / 4 },
    );
  });
});
