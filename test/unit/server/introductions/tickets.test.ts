// Tickets for the relay: in pairs, once, for a time.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Token } from "../../../../protocol/fields.ts";
import { Tickets } from "../../../../server/introductions/tickets.ts";
import { pin } from "../../../support/core.ts";

const token = (name: string): Token => v.parse(Token, name.padEnd(22, "-"));

describe("relay tickets", () => {
  const MS = 1000;
  let tickets: Tickets;
  beforeEach(() => {
    tickets = new Tickets({ connectMs: MS, ticketPairs: 4, ticketPairsPerKey: 3 });
  });

  /** For `holder of a` and `holder of b`, charged to `who`. */
  const issue = (a: string, b: string, now = 0, who = a, address = "192.0.2.1", since = 0): void => {
    const [first, second] = [a, b].map((name) => ({
      token: token(name),
      holder: { pin: pin(`holder-of-${name}`), since },
    }));
    assert.ok(first !== undefined && second !== undefined);
    tickets.issue(first, second, { pin: pin(who), address, since }, now);
  };

  it("connect the two of a pair, and name their owners", () => {
    issue("a", "b");
    issue("c", "d");
    const [a, d, b, c] = ["a", "d", "b", "c"].map((name) => tickets.redeem(token(name), 1));
    assert.deepEqual([a?.side, b?.side, c?.side, d?.side], ["A", "B", "A", "B"]);
    assert.deepEqual([a?.holder.pin, b?.holder.pin], [pin("holder-of-a"), pin("holder-of-b")]);
    assert.equal(a?.pair, b?.pair);
    assert.equal(c?.pair, d?.pair);
    assert.notEqual(a?.pair, c?.pair);
  });

  it("are valid once, each for itself", () => {
    issue("a", "b");
    assert.ok(tickets.redeem(token("a"), 0) !== undefined);
    assert.equal(tickets.redeem(token("a"), 0), undefined);
    assert.ok(tickets.redeem(token("b"), 0) !== undefined);
  });

  it("are valid for their lifetime, and not a millisecond longer", () => {
    issue("a", "b");
    assert.ok(tickets.redeem(token("a"), MS - 1) !== undefined);
    assert.equal(tickets.redeem(token("b"), MS), undefined);
  });

  it("that were never issued are invalid, whatever they look like", () => {
    issue("a", "b");
    for (const shown of ["", "a", token("x"), token("A"), "__proto__", "constructor"]) {
      assert.equal(tickets.redeem(shown, 0), undefined, shown);
    }
  });

  it("over an owner's limit cost that owner the oldest, and expired ones cost no one", () => {
    for (const [a, b] of [
      ["a", "b"],
      ["c", "d"],
      ["e", "f"],
      ["g", "h"],
    ] as const)
      issue(a, b, 0, "anna");
    assert.equal(tickets.redeem(token("a"), 0), undefined);
    assert.equal(tickets.redeem(token("b"), 0), undefined);
    for (const kept of ["c", "h"]) assert.ok(tickets.redeem(token(kept), 0) !== undefined);
    for (const [a, b] of [
      ["i", "j"],
      ["k", "l"],
      ["m", "n"],
    ] as const)
      issue(a, b, MS, "anna");
    for (const kept of ["i", "n"]) assert.ok(tickets.redeem(token(kept), MS) !== undefined);
  });

  it("over the overall limit cost the latest owner", () => {
    issue("a", "b", 0, "anna", "192.0.2.1", 1);
    for (let n = 0; n < 50; n++) issue(`a${n}`, `b${n}`, 0, `m${n}`, `198.51.100.${n}`, 2 + n);
    assert.ok(tickets.redeem(token("a"), 0) !== undefined);
    assert.ok(tickets.redeem(token("b"), 0) !== undefined);
    assert.equal(tickets.redeem(token("a49"), 0), undefined);
  });
});
