// When a session's bulk link is dialed, by which side, and how soon again.
import assert from "node:assert/strict";
import {
  decide,
  notLinked,
  type BulkDialing,
  type BulkDialingEvent,
} from "../../../../extension/core/transfers/bulkDialing.ts";

function run(state: BulkDialing, ...events: BulkDialingEvent[]): { state: BulkDialing; told: string[] } {
  let now = state;
  const told: string[] = [];
  for (const event of events) {
    const outcome = decide(now, event);
    now = outcome.state;
    for (const effect of outcome.effects)
      told.push([effect.type, ...Object.values(effect).slice(1).map(String)].join(" "));
  }
  return { state: now, told };
}

const mine: BulkDialingEvent = { type: "linked", dialler: "me", path: "direct" };
const theirs: BulkDialingEvent = { type: "linked", dialler: "peer", path: "direct" };
const want: BulkDialingEvent = { type: "want", wanted: true };
const asked: BulkDialingEvent = { type: "asked" };
const closed: BulkDialingEvent = { type: "closed" };
const timer: BulkDialingEvent = { type: "timer" };
const unlinked: BulkDialingEvent = { type: "unlinked" };
const opened = (n: number): BulkDialingEvent => ({ type: "opened", n });

describe("a bulk link", () => {
  it("is dialed by the side that dialed the session's link, when either side wants it", () => {
    assert.deepEqual(run(notLinked, want).told, []);
    assert.deepEqual(run(notLinked, mine).told, []);
    assert.deepEqual(run(notLinked, mine, want).told, ["dial 1 direct"]);
    assert.deepEqual(run(notLinked, want, mine).told, ["dial 1 direct"]);
    assert.deepEqual(run(notLinked, mine, asked).told, ["dial 1 direct"]);
  });

  it("is asked for once by the other side, and never dialed by it", () => {
    assert.deepEqual(run(notLinked, want, theirs, want, asked).told, ["ask"]);
    assert.deepEqual(run(notLinked, theirs, asked).told, []);
  });

  it("is there once", () => {
    assert.deepEqual(run(notLinked, mine, want, asked, want, opened(1), asked, want).told, ["dial 1 direct"]);
  });

  it("is dialed again after a while that grows to a bound, under a new number", () => {
    let { state } = run(notLinked, mine, want);
    const waits: string[] = [];
    for (let n = 2; n < 12; n++) {
      const failed = run(state, closed);
      waits.push(...failed.told);
      const again = run(failed.state, timer);
      assert.deepEqual(again.told, [`dial ${n} ${n > 2 && n % 2 === 1 ? "relayed" : "direct"}`]);
      state = again.state;
    }
    assert.deepEqual(
      waits.map((text) => text.replace("schedule ", "")),
      ["500", "1000", "2000", "4000", "8000", "16000", "30000", "30000", "30000", "30000"],
    );
  });

  it("is dialed again soon only if it brought something", () => {
    const open = run(notLinked, mine, want, opened(1), closed, timer, opened(2)).state;
    assert.deepEqual(run(open, closed).told, ["schedule 1000"]);
    assert.deepEqual(run(open, { type: "used" }, closed).told, ["schedule 500"]);
  });

  it("goes through the relay beside a link that does", () => {
    const relayed: BulkDialingEvent = { type: "linked", dialler: "me", path: "relayed" };
    assert.deepEqual(run(notLinked, relayed, want, closed, timer, opened(2), mine).told, [
      ...["dial 1 relayed", "schedule 500", "dial 2 relayed", "hangUp", "dial 3 direct"],
    ]);
  });

  it("is dialed again ever later when its peer breaks the rules, though it brought something", () => {
    let { state } = run(notLinked, mine, want);
    const waits: string[] = [];
    for (let n = 1; n < 5; n++) {
      const broken = run(state, opened(n), { type: "used" }, { type: "refused" });
      waits.push(...broken.told);
      state = run(broken.state, timer).state;
    }
    assert.deepEqual(waits, ["schedule 1000", "schedule 2000", "schedule 4000", "schedule 8000"]);
    assert.deepEqual(run(state, mine, opened(9), { type: "used" }, closed).told.at(-1), "schedule 500");
  });

  it("is asked for again after a while when it is gone", () => {
    const { state } = run(notLinked, theirs, want, opened(1));
    const gone = run(state, closed);
    assert.deepEqual(gone.told, ["schedule 500"]);
    assert.deepEqual(run(gone.state, timer, timer).told, ["ask"]);
  });

  it("is dialed again for a peer that has noticed its loss first", () => {
    const { told } = run(notLinked, mine, asked, opened(1), asked, closed, timer);
    assert.deepEqual(told, ["dial 1 direct", "schedule 500", "dial 2 direct"]);
  });

  it("is not dialed again when neither side wants it any more", () => {
    const { state } = run(notLinked, mine, want, opened(1), { type: "want", wanted: false }, closed);
    assert.deepEqual(run(state, timer).told, []);
  });

  it("ends with the session's link, and no timer is left", () => {
    const { state: dialing } = run(notLinked, mine, asked);
    const { state: waiting } = run(dialing, closed);
    for (const end of [mine, theirs, unlinked]) {
      assert.deepEqual(run(dialing, end).told, ["hangUp"]);
      assert.deepEqual(run(dialing, opened(1), end).told, ["hangUp"]);
      assert.deepEqual(run(waiting, end, timer).told, ["unschedule"]);
    }
  });

  it("has a number above every earlier one of its dialer; the other side begins anew with each link", () => {
    const again = run(notLinked, mine, want, opened(1), unlinked, mine);
    assert.deepEqual(again.told, ["dial 1 direct", "hangUp", "dial 2 direct"]);
    assert.equal(run(notLinked, theirs, opened(7), theirs).state.n, 0);
    assert.equal(run(notLinked, theirs, opened(7), closed).state.n, 7);
  });
});
