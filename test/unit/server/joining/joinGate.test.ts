// How many proofs of people who have not joined are looked at, and whose.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { FairTurns } from "../../../../server/budgets/fairTurns.ts";
import { JoinGate, type Stranger } from "../../../../server/joining/joinGate.ts";

/** The turns of an event loop that the test lets pass. */
class Turns {
  readonly #scheduled: (() => void)[] = [];
  readonly schedule = (turn: () => void): void => void this.#scheduled.push(turn);

  next(): void {
    for (const turn of this.#scheduled.splice(0)) turn();
  }
}

describe("turns", () => {
  let turns: Turns;
  let fair: FairTurns;
  let done: string[];
  beforeEach(() => {
    turns = new Turns();
    fair = new FairTurns(2, turns.schedule);
    done = [];
  });
  const run = (group: string, ...names: readonly string[]): void => {
    for (const name of names) fair.run(group, () => done.push(name));
  };

  it("run a limited number of pieces, from the first one on, and the rest in later turns", () => {
    run("a", "a1", "a2", "a3", "a4", "a5");
    assert.deepEqual(done, ["a1", "a2"]);
    turns.next();
    assert.deepEqual(done, ["a1", "a2", "a3", "a4"]);
    turns.next();
    turns.next();
    assert.deepEqual(done, ["a1", "a2", "a3", "a4", "a5"]);
    run("a", "a6", "a7", "a8");
    assert.equal(done.length, 7);
  });

  it("serve the groups in rotation, and keep the order within each", () => {
    run("a", "a1", "a2", "a3", "a4", "a5", "a6");
    run("b", "b1", "b2");
    run("c", "c1");
    for (let n = 0; n < 4; n++) turns.next();
    assert.deepEqual(done, ["a1", "a2", "a3", "b1", "c1", "a4", "b2", "a5", "a6"]);
  });

  it("serve the networks in rotation, and the addresses within each", () => {
    const [one, two, elsewhere] = ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:2:1::1"];
    run(one, "first", "second", "1a", "1b", "1c");
    run(two, "2a");
    run(elsewhere, "3a", "3b");
    for (let n = 0; n < 3; n++) turns.next();
    assert.deepEqual(done, ["first", "second", "1a", "3a", "2a", "3b", "1b", "1c"]);
  });

  it("leave out pieces that are canceled, and those of others stay", () => {
    const canceled = (): void => void done.push("never");
    run("a", "a1", "a2", "a3");
    fair.wait("a", canceled);
    fair.wait("b", canceled);
    run("c", "c1");
    for (const address of ["a", "b", "b", "c"]) fair.cancel(address, canceled);
    assert.ok(fair.isWaiting);
    turns.next();
    assert.deepEqual(done, ["a1", "a2", "a3", "c1"]);
    assert.ok(!fair.isWaiting);
  });

  it("let no later one pass those that wait", () => {
    run("a", "a1", "a2");
    fair.run("a", () => {
      done.push("a3");
      // There is work left in this turn.
      run("b", "b1");
    });
    run("a", "a4");
    turns.next();
    turns.next();
    assert.deepEqual(done, ["a1", "a2", "a3", "a4", "b1"]);
  });
});

describe("the gate before joining", () => {
  let now: number;
  let turns: Turns;
  let gate: JoinGate;
  beforeEach(() => {
    now = 0;
    turns = new Turns();
    gate = new JoinGate(() => now, turns.schedule);
  });
  const stranger = (address = "192.0.2.1"): Stranger => ({ address, open: true });

  /** Shows a proof in a turn of its own. Says whether it was looked at. */
  function shows(who: Stranger, isRight = false): boolean {
    let isLookedAt = false;
    gate.pass(who, () => {
      isLookedAt = true;
      return isRight;
    });
    turns.next();
    turns.next();
    return isLookedAt;
  }

  /** How many of many wrong proofs are looked at. */
  function lookedAt(who: readonly Stranger[], times = 1_000): number {
    let count = 0;
    for (let n = 0; n < times; n++) if (shows(who[n % who.length] ?? stranger())) count += 1;
    return count;
  }

  it("checks few proofs per turn", () => {
    let count = 0;
    for (let n = 0; n < 100; n++) {
      gate.pass(stranger(), () => {
        count += 1;
        return true;
      });
    }
    assert.equal(count, limits.proofsPerTurn);
    turns.next();
    assert.equal(count, 2 * limits.proofsPerTurn);
  });

  it("checks one proof per connection at a time, and none of a closed one", () => {
    for (let n = 0; n < limits.proofsPerTurn; n++) gate.pass(stranger(), () => true);
    const waiting = stranger();
    const never = (): boolean => assert.fail("looked at");
    assert.equal(
      gate.pass(waiting, () => true),
      0,
    );
    assert.equal(gate.pass(waiting, never), limits.strangerRetryMs);
    const leaving = { address: "192.0.2.1", open: true };
    gate.pass(leaving, never);
    leaving.open = false;
    turns.next();
    turns.next();
  });

  it("checks a limited number of invalid ones per address, over any number of connections", () => {
    const crowd = Array.from({ length: 20 }, () => stranger());
    assert.equal(lookedAt(crowd), limits.wrongProofBurst);
    for (let second = 0; second < 10; second++) {
      let count = 0;
      for (let step = 0; step < 20; step++) {
        now += 50;
        count += lookedAt(crowd, 40);
      }
      assert.equal(count, limits.wrongProofsPerSecond);
    }
    now += 60_000;
    assert.equal(lookedAt(crowd), limits.wrongProofBurst);
  });

  it("checks the first proof of each connection behind that address, and delays no other address", () => {
    lookedAt([stranger(), stranger()]);
    assert.equal(shows(stranger(), true), true);
    const mistaken = stranger();
    assert.deepEqual([shows(mistaken), shows(mistaken)], [true, false]);
    const elsewhere = stranger("192.0.2.2");
    assert.deepEqual([shows(elsewhere), shows(elsewhere)], [true, true]);
  });

  it("counts an IPv6 /64 as one address, and gives a /48 four times as much", () => {
    const hosts = (site: string, count: number): Stranger[] =>
      Array.from({ length: count }, (_, n) => stranger(`2001:db8:${site}::${n.toString(16)}`));
    assert.equal(lookedAt(hosts("1:1", 20)), limits.wrongProofBurst);
    const networks = Array.from({ length: 20 }, (_, n) => stranger(`2001:db8:2:${n.toString(16)}::1`));
    assert.equal(lookedAt(networks), 4 * limits.wrongProofBurst);
    const elsewhere = stranger("2001:db8:3:1::1");
    assert.deepEqual([shows(elsewhere), shows(elsewhere)], [true, true]);
  });

  it("remembers some thousands of addresses, the latest ones", () => {
    const first = stranger("192.0.2.1");
    lookedAt([first]);
    assert.equal(shows(first), false);
    for (let n = 0; n < 4_000; n++) shows(stranger(`10.0.${n >> 8}.${n % 256}`));
    assert.equal(shows(first), false);
    for (let n = 0; n < 4_200; n++) shows(stranger(`10.1.${n >> 8}.${n % 256}`));
    assert.equal(shows(first), true);
  });
});
