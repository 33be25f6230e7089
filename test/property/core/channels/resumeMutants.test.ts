// Deliberate faults in the machine under private sessions: the property that nothing is lost, doubled or disordered has to
// find each of them. What it does not find, it would not find in an honest mistake either.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Mutant } from "../../../support/mutant.ts";
import { loadMutantCore } from "../../../support/mutantCore.ts";
import { runResume } from "../../../support/resumeRun.ts";

/** Enough for each of them, many times over. */
const RUNS = 3_000;

const mutants: readonly Mutant[] = [
  {
    name: "nothing is sent again on a new link",
    file: "peerSession.ts",
    find: `if (message.status === "sending" && !isHeldBack(turn.state, session, message)) {`,
    replace: "if (message.id.length === 0) {",
  },
  {
    name: "a new link tells one more than was received",
    file: "hellos.ts",
    find: "const received = savedUpTo(turn.state, channel);",
    replace: "const received = savedUpTo(turn.state, channel) + 1;",
  },
  {
    name: "a message that came already is taken again",
    file: "peerSession.ts",
    find: "if (frame.seq === channel.received + 1) {",
    replace: "if (frame.seq <= channel.received + 1) {",
  },
  {
    name: "a gap is accepted",
    file: "peerSession.ts",
    find: "frame.seq > channel.received + 1) return false;",
    replace: "false) return false;",
  },
  {
    name: "the number of what was received is not raised",
    file: "peerSession.ts",
    find: "setChannel(turn, channel.sid, { received: frame.seq });",
    replace: "",
  },
  {
    name: "the number of what was sent is not raised",
    file: "peerSession.ts",
    find: "setChannel(turn, channel.sid, { sent: seq });",
    replace: "",
  },
  {
    name: "an acknowledgement settles everything that waits",
    file: "peerSession.ts",
    find: `status === "sending" && Number(id) <= upTo`,
    replace: `status === "sending" && Number(id) <= upTo + 1`,
  },
  {
    name: "an acknowledgement says one more than was received",
    file: "peerSession.ts",
    find: "const upTo = savedUpTo(turn.state, findChannel(turn, channel.sid) ?? channel);",
    replace: "const upTo = savedUpTo(turn.state, findChannel(turn, channel.sid) ?? channel) + 1;",
  },
  {
    name: "a stale link is adopted",
    file: "hellos.ts",
    find: `if (n !== rival.n) return n < rival.n ? "too-low" : "adopt";`,
    replace: `if (n !== rival.n) return "adopt";`,
  },
  {
    name: "of crossed dials both give way",
    file: "hellos.ts",
    find: `return ours && peerComesFirst(turn, channel) ? "adopt" : "crossed";`,
    replace: `return "crossed";`,
  },
  {
    name: "of crossed dials both insist on the other's",
    file: "hellos.ts",
    find: `return ours && peerComesFirst(turn, channel) ? "adopt" : "crossed";`,
    replace: `return "adopt";`,
  },
  {
    name: "a peer that has lost its memory is not noticed",
    file: "hellos.ts",
    find: "const forgotten = hasForgotten(channel, hello);",
    replace: "const forgotten = false;",
  },
  {
    name: "one's own lost memory is taken for a disagreement",
    file: "hellos.ts",
    find: "return knows !== null && knows !== boot;",
    replace: "return false;",
  },
  {
    name: "a lost link is dialled again by neither side",
    file: "linkEvents.ts",
    find: "if (dialling.isSlowed(briefLinks))",
    replace: "return; if (dialling.isSlowed(briefLinks))",
  },
  {
    name: "what waits is not kept over a restart",
    file: "savedChanges.ts",
    find: ", pending: pending.slice(kept) };",
    replace: " };",
  },
  {
    name: "a changed message is not kept over a restart",
    file: "savedChanges.ts",
    find: "...(amended.length === 0 ? {} : { amended }),",
    replace: "",
  },
  {
    name: "what a message is about does not go out with it",
    file: "sendMessage.ts",
    find: "isPeerAbout(about) ? { ...frame, about } : frame",
    replace: "frame",
  },
  {
    name: "numbers are not kept over a restart",
    file: "savedChanges.ts",
    find: "...(changed.length === 0 ? {} : { wires: changed.map(saveChannel) }),",
    replace: "",
  },
];

describe("the private-session property detects a fault", function () {
  this.timeout(60_000);

  for (const mutant of mutants) {
    it(mutant.name, async () => {
      const core = await loadMutantCore(mutant);
      const tape = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 40, maxLength: 400, size: "max" });
      const outcome = fc.check(
        fc.property(tape, fc.boolean(), (steps, forgetting) => runResume(core, steps, forgetting)),
        { numRuns: RUNS, endOnFailure: true },
      );
      assert.equal(outcome.failed, true, "the fault was not found");
    });
  }
});
