// Blocks that another window wrote, and records of them that are damaged.
import assert from "node:assert/strict";
import { serverKey } from "../../extension/core/model/serverAddress.ts";
import type { State } from "../../extension/core/model/state.ts";
import { PeopleBook } from "../../extension/host/trust/peopleBook.ts";
import { asking, accepted, EVE, isBlocked, keysWith, withEve, wordsIn } from "../support/eve.ts";
import { after, hear, pin, run, said, SERVER, type, type Step } from "../support/core.ts";
import { mapMemory } from "../support/mapMemory.ts";

describe("someone who is blocked in another window of the same user", () => {
  let values: Map<string, unknown>;
  const memory = mapMemory(() => values);
  /** A window: its book, and its state after steps whose effects on the book are carried out. */
  class Window {
    readonly book = new PeopleBook(memory);
    state: State;
    constructor(state: State) {
      this.state = after(state, { type: "people/loaded", people: this.book.at(SERVER) });
    }
    happens(...steps: Step[]): this {
      const news = this.book.news(SERVER);
      const loaded: Step[] = news === null ? [] : [{ type: "people/loaded", people: news }];
      const { state, effects } = run(this.state, ...loaded, ...steps);
      this.state = state;
      for (const effect of effects) {
        if (effect.type === "remember") this.book.remember(effect.server, effect.peer, effect.unblocks);
        else if (effect.type === "forget") this.book.forget(effect.server, effect.name, effect.unblocks);
      }
      return this;
    }
  }
  beforeEach(() => (values = new Map()));

  it("is removed from this window's sessions before their next message is shown", () => {
    const [here, there] = [new Window(withEve), new Window(asking)];
    here.happens();
    there.happens(type("\\block eve"));
    here.happens(hear("eve", 1, "heard?"), said(1, "eve", "heard?"));
    assert.equal(isBlocked(here.state) || here.state.people.some(({ blocked }) => blocked), true);
    assert.equal(wordsIn(here.state).includes("heard?"), false);
    assert.deepEqual(keysWith(here.state), []);
  });

  it("stays blocked even if a window that has not heard of it writes", () => {
    const there = new Window(asking).happens(...accepted("eve"));
    const here = new Window(asking).happens(...accepted("eve"));
    const book = new PeopleBook(memory);
    there.happens(type("\\block eve"));
    const stale = here.state.people.find(({ name }) => name === "eve");
    assert.ok(stale?.blocked === false);
    book.remember(SERVER, { ...stale, verified: true });
    book.remember(SERVER, { ...stale, pin: pin("other") });
    book.forget(SERVER, "eve");
    const kept = book.at(SERVER).find(({ name }) => name === "eve");
    assert.deepEqual([kept?.pin, kept?.blocked], [EVE, true]);
    there.happens(type("\\unblock eve"));
    assert.equal(book.at(SERVER).find(({ name }) => name === "eve")?.blocked, false);
  });

  it("returns everywhere after \\unblock, and only then", () => {
    const [here, there] = [new Window(asking), new Window(asking)];
    there.happens(...accepted("eve"), type("\\block eve"));
    here.happens(said(1, "eve", "one"));
    there.happens(type("\\unblock eve"));
    here.happens(said(2, "eve", "two"));
    assert.deepEqual(wordsIn(here.state), ["two"]);
  });
});

describe("a block whose record is damaged", () => {
  const place = `forkchat.peer:${serverKey(SERVER)}|eve`;
  const whole = { name: "Eve", pin: EVE, verified: false, blocked: true, at: 1 };
  let values: Map<string, unknown>;
  let told: string[][];
  const book = (record: unknown): PeopleBook => {
    values = new Map([[place, record]]);
    told = [];
    const memory = mapMemory(() => values);
    return new PeopleBook(memory, (names) => told.push([...names]));
  };

  for (const [what, record, key, name] of [
    ["no name", { ...whole, name: undefined }, EVE, "eve"],
    ["another name, and no time", { ...whole, name: "carmen", at: "?" }, EVE, "eve"],
    ["no key", { ...whole, pin: "short" }, null, "Eve"],
    ["neither time nor number", { ...whole, at: null, verified: 1 }, EVE, "Eve"],
    ["a block in another form", { ...whole, blocked: "true" }, EVE, "Eve"],
    ["nothing where the block was", { ...whole, blocked: null }, EVE, "Eve"],
    ["the block alone", { blocked: true }, null, "eve"],
    ["a text that is no object any more", JSON.stringify(whole), EVE, "eve"],
    ["a text that was cut", JSON.stringify(whole).slice(0, -9), EVE, "eve"],
  ] as const) {
    it(`stays: ${what}`, () => {
      const people = book(record);
      const [found, ...others] = people.at(SERVER);
      assert.deepEqual([found?.name, found?.pin, found?.blocked, others], [name, key, true, []]);
      const state = after(asking, { type: "people/loaded", people: people.at(SERVER) });
      assert.deepEqual(wordsIn(after(state, said(1, "eve", "heard?"))), []);
      // Nor does a window lift it that has not heard of it.
      people.remember(SERVER, { ...whole, name: "eve", blocked: false });
      people.forget(SERVER, "eve");
      assert.equal(people.at(SERVER)[0]?.blocked, true);
      assert.deepEqual(told, []);
    });
    it(`is not lifted before it is read: ${what}`, () => {
      const people = book(record);
      people.remember(SERVER, { ...whole, name: "eve", blocked: false });
      people.forget(SERVER, "eve");
      assert.equal(people.at(SERVER)[0]?.blocked, true);
    });
  }

  for (const [what, record, kept] of [
    ["nothing", "?", 0],
    ["no block", { ...whole, blocked: undefined }, 1],
    ["a list", [whole], 0],
    ["no key", { ...whole, pin: 5, blocked: false }, 0],
    ["a text in which nobody is blocked", '{"name":"eve","blocked": false,', 0],
  ] as const) {
    it(`is reported as lost, once, if it cannot be read: ${what}`, () => {
      const people = book(record);
      const [found] = [people.at(SERVER), people.at(SERVER)];
      assert.equal(found.length, kept);
      assert.equal(found.filter(({ blocked }) => blocked).length, 0);
      assert.deepEqual(
        told.map((names) => names.map((name) => name.toLowerCase())),
        [["eve"]],
      );
    });
  }

  it("does not affect people whose record is intact", () => {
    const friend = { name: "bobby", pin: pin("bobby"), verified: true, blocked: false, at: 2 };
    const people = book("?");
    people.remember(SERVER, friend);
    assert.deepEqual(people.at(SERVER), [friend]);
  });
});
