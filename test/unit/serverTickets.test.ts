// Tickets for the relay: in pairs, once, for a time.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Token } from "../../protocol/fields.ts";
import { Tickets } from "../../server/tickets.ts";

const token = (name: string): Token => v.parse(Token, name.padEnd(22, "-"));

describe("tickets for the relay", () => {
  const MS = 1000;
  let tickets: Tickets;
  beforeEach(() => {
    tickets = new Tickets(MS, 4);
  });

  const issue = (a: string, b: string, now = 0): void =>
    tickets.issue(
      { token: token(a), owner: `owner of ${a}` },
      { token: token(b), owner: `owner of ${b}` },
      now,
    );

  it("lead the two of a pair to each other, and tell whose they are", () => {
    issue("a", "b");
    issue("c", "d");
    const [a, d, b, c] = ["a", "d", "b", "c"].map((name) => tickets.redeem(token(name), 1));
    assert.deepEqual([a?.side, b?.side, c?.side, d?.side], ["A", "B", "A", "B"]);
    assert.deepEqual([a?.owner, b?.owner], ["owner of a", "owner of b"]);
    assert.equal(a?.pair, b?.pair);
    assert.equal(c?.pair, d?.pair);
    assert.notEqual(a?.pair, c?.pair);
  });

  it("are good once, each for itself", () => {
    issue("a", "b");
    assert.ok(tickets.redeem(token("a"), 0) !== undefined);
    assert.equal(tickets.redeem(token("a"), 0), undefined);
    assert.ok(tickets.redeem(token("b"), 0) !== undefined);
  });

  it("are good for their time, and not a millisecond longer", () => {
    issue("a", "b");
    assert.ok(tickets.redeem(token("a"), MS - 1) !== undefined);
    assert.equal(tickets.redeem(token("b"), MS), undefined);
  });

  it("that nobody has given are worth nothing, whatever they look like", () => {
    issue("a", "b");
    for (const shown of ["", "a", token("x"), token("A"), "__proto__", "constructor"]) {
      assert.equal(tickets.redeem(shown, 0), undefined, shown);
    }
  });

  it("over the limit cost the oldest, and expired ones cost nobody", () => {
    for (const [a, b] of [
      ["a", "b"],
      ["c", "d"],
      ["e", "f"],
    ] as const)
      issue(a, b);
    assert.equal(tickets.redeem(token("a"), 0), undefined);
    assert.equal(tickets.redeem(token("b"), 0), undefined);
    assert.ok(tickets.redeem(token("c"), 0) !== undefined);
    issue("g", "h", MS);
    issue("i", "j", MS);
    assert.ok(tickets.redeem(token("g"), MS) !== undefined);
    assert.ok(tickets.redeem(token("j"), MS) !== undefined);
  });
});
