// Whose work gets one of a few places, and which unfinished piece loses its place to others.
import assert from "node:assert/strict";
import { Places } from "../../../../server/budgets/places.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

const PLACES = 3;
const MS = 1_000;

describe("places for work that others can draw out", () => {
  const time = new FakeTimers();
  let scheduled: (() => void)[];
  let places: Places<string>;
  /** Items with a place, in the order in which they got it. */
  let begun: string[];
  let cut: string[];

  beforeEach(() => {
    time.install();
    [scheduled, begun, cut] = [[], [], []];
    places = new Places({
      places: PLACES,
      ms: MS,
      schedule: (turn) => scheduled.push(turn),
      cut: (item) => cut.push(item),
    });
  });
  afterEach(() => time.uninstall());

  function turn(count = 1): void {
    for (let n = 0; n < count; n++) for (const each of scheduled.splice(0)) each();
  }

  /** Items are named after their address: "a1" is the first of a. */
  function enter(...items: readonly string[]): (() => void)[] {
    return items.map((item) => places.enter(item, item.charAt(0), () => begun.push(item)));
  }

  it("are given to one item in each turn, the first one at once", () => {
    enter("a1", "a2", "a3");
    assert.deepEqual(begun, ["a1"]);
    turn();
    assert.deepEqual(begun, ["a1", "a2"]);
    turn();
    assert.deepEqual(begun, ["a1", "a2", "a3"]);
  });

  it("are so many, and each that is left goes to the next item in line", () => {
    enter("a1", "a2", "a3", "a4", "a5");
    turn(9);
    assert.deepEqual(begun, ["a1", "a2", "a3"]);
    places.leave("a2");
    turn(9);
    assert.deepEqual(begun, ["a1", "a2", "a3", "a4"]);
    // It has left already.
    places.leave("a2");
    turn(9);
    assert.equal(begun.length, 4);
    places.leave("a1");
    places.leave("a3");
    turn(9);
    enter("a6", "a7");
    turn(9);
    assert.deepEqual(begun, ["a1", "a2", "a3", "a4", "a5", "a6"]);
  });

  it("go to networks and addresses in rotation", () => {
    const enterFrom = (address: string, ...items: readonly string[]): void => {
      for (const item of items) places.enter(item, address, () => begun.push(item));
    };
    enterFrom("2001:db8:1:1::1", "1a", "1b", "1c", "1d");
    enterFrom("2001:db8:1:2::1", "2a");
    enterFrom("2001:db8:2:1::1", "3a", "3b");
    for (let n = 0; n < 7; n++) {
      turn(3);
      places.leave(begun[n] ?? "");
    }
    assert.deepEqual(begun, ["1a", "1b", "3a", "2a", "3b", "1c", "1d"]);
  });

  it("are kept as long as nobody else waits for one", () => {
    enter("a1", "a2", "a3");
    turn(9);
    time.pass(100 * MS);
    turn(9);
    assert.deepEqual(cut, []);
  });

  it("are kept for some time in any case, and then lost to those who wait, by the oldest of the busiest address", () => {
    enter("a1", "b1", "b2");
    turn(9);
    time.pass(MS / 2);
    enter("c1", "c2");
    time.pass(MS / 2 - 1);
    turn(9);
    assert.deepEqual(cut, []);
    time.pass(1);
    turn(9);
    assert.deepEqual(
      [begun.slice(PLACES), cut],
      [
        ["c1", "c2"],
        ["b1", "a1"],
      ],
    );
    time.pass(100 * MS);
    assert.deepEqual(cut, ["b1", "a1"]);
  });

  it("are not lost by an address with many young items while another one has an old one", () => {
    enter("a1");
    turn(9);
    time.pass(MS - 1);
    enter("b1", "b2", "b3");
    turn(9);
    time.pass(1);
    turn(9);
    assert.deepEqual([begun, cut], [["a1", "b1", "b2", "b3"], ["a1"]]);
  });

  it("are lost at once when someone comes after that time", () => {
    enter("a1", "a2", "a3");
    turn(9);
    time.pass(5 * MS);
    enter("b1");
    turn(9);
    assert.deepEqual([begun.slice(PLACES), cut], [["b1"], ["a1"]]);
  });

  it("are not given to those that no longer wait, and no one is cut for them", () => {
    enter("a1", "a2", "a3");
    turn(9);
    for (const giveUp of enter("b1", "c1")) giveUp();
    time.pass(100 * MS);
    assert.deepEqual(cut, []);
    places.leave("a1");
    enter("c2");
    turn(9);
    assert.deepEqual(begun, ["a1", "a2", "a3", "c2"]);
  });

  it("serve 200 of one address that finish in time without a cut", () => {
    const items = Array.from({ length: 200 }, (_, n) => `a${n}`);
    enter(...items);
    for (let n = 0; n < items.length; n++) {
      turn(2);
      time.pass(MS / 4);
      places.leave(begun[n] ?? "");
    }
    assert.deepEqual([begun, cut], [items, []]);
  });
});
