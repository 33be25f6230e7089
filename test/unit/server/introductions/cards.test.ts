// How long the server keeps the addresses of people who fork or answer.
import assert from "node:assert/strict";
import * as v from "valibot";
import { SessionId, type Card } from "../../../../protocol/fields.ts";
import { Cards } from "../../../../server/introductions/cards.ts";

const sid = (text: string): SessionId => v.parse(SessionId, `session-${text}`);
const card = (port: number): Card => ({ addresses: [{ host: "192.168.1.7", port }] });

describe("the cards of forks and answers", () => {
  let cards: Cards;
  beforeEach(() => {
    cards = new Cards(100);
  });

  it("of forks have had their time in the order in which they came", () => {
    cards.fork(sid("anna"), card(1), 0);
    cards.fork(sid("bobby"), card(2), 50);
    assert.equal(cards.nextExpiry, 100);
    assert.deepEqual(cards.over(99), []);
    assert.deepEqual(cards.over(100), [sid("anna")]);
    assert.equal(cards.nextExpiry, 150);
    assert.deepEqual(cards.over(100), [], "each once");
    assert.deepEqual(cards.takeFork(sid("anna")), card(1));
    cards.takeFork(sid("bobby"));
    assert.deepEqual([cards.nextExpiry, cards.over(1_000)], [undefined, []]);
  });

  it("are given out once", () => {
    cards.fork(sid("anna"), card(1), 0);
    cards.answer(7, sid("anna"), card(2), 0);
    assert.deepEqual(cards.takeFork(sid("anna")), card(1));
    assert.equal(cards.takeFork(sid("anna")), undefined);
    assert.deepEqual(cards.takeAnswer(7, sid("anna")), card(2));
    assert.equal(cards.takeAnswer(7, sid("anna")), undefined);
  });

  it("of answers belong to the connection that gave them, whatever others claim to answer", () => {
    cards.answer(7, sid("anna"), card(1), 0);
    cards.answer(8, sid("anna"), card(2), 0);
    assert.deepEqual(cards.takeAnswer(7, sid("anna")), card(1));
  });

  it("of answers that the hall never sees are dropped", () => {
    cards.answer(7, sid("anna"), card(1), 0);
    cards.answer(7, sid("bobby"), card(2), 100);
    assert.equal(cards.takeAnswer(7, sid("anna")), undefined);
    assert.deepEqual(cards.takeAnswer(7, sid("bobby")), card(2));
  });
});
