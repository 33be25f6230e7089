// What is remembered of people and servers, in VS Code's global state.
import assert from "node:assert/strict";
import type { KnownPeer } from "../../extension/core/state.ts";
import { PeopleBook, type Memory } from "../../extension/host/peopleBook.ts";
import { pin } from "../support/core.ts";

const HERE = "ws://127.0.0.1:43210";
const THERE = "ws://127.0.0.1:4321";

const person = (name: string, change: Partial<KnownPeer> = {}): KnownPeer => ({
  name,
  pin: pin(name),
  verified: false,
  blocked: false,
  at: 1,
  ...change,
});

describe("the book of people", () => {
  let values: Map<string, unknown>;
  let book: PeopleBook;
  const memory: Memory = {
    keys: () => [...values.keys()],
    get: (key) => values.get(key),
    update: (key, value) => {
      if (value === undefined) values.delete(key);
      // What is stored is JSON.
      else values.set(key, JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  };
  beforeEach(() => {
    values = new Map();
    book = new PeopleBook(memory);
  });

  it("holds people apart for each server, also where one address begins like another", () => {
    book.remember(HERE, person("anna"));
    book.remember(THERE, person("bobby"));
    assert.deepEqual(book.at(HERE), [person("anna")]);
    assert.deepEqual(book.at(THERE), [person("bobby")]);
    assert.deepEqual(book.at("ws://127.0.0.1:432"), []);
  });

  it("holds one entry for a name, however it is written", () => {
    book.remember(HERE, person("anna"));
    book.remember(HERE, person("ANNA", { verified: true }));
    assert.deepEqual(book.at(HERE), [person("ANNA", { verified: true })]);
    book.forget(HERE, "Anna");
    assert.deepEqual([book.at(HERE), values.size], [[], 0]);
  });

  it("is read anew each time: another window writes, too", () => {
    const other = new PeopleBook(memory);
    book.remember(HERE, person("anna"));
    other.remember(HERE, person("bobby", { blocked: true, pin: null }));
    assert.deepEqual(book.at(HERE), [person("anna"), person("bobby", { blocked: true, pin: null })]);
  });

  it("takes what it cannot read for nobody, and leaves the others be", () => {
    book.remember(HERE, person("anna"));
    for (const [name, value] of [
      ["a", 7],
      ["b", null],
      ["c", { ...person("c"), pin: "short" }],
      ["d", { name: "d" }],
      ["e", { ...person("e"), verified: "yes" }],
    ] as const) {
      values.set(`forkchat.peer:${HERE}|${name}`, value);
    }
    values.set(`other.extension:${HERE}|x`, person("x"));
    assert.deepEqual(book.at(HERE), [person("anna")]);
  });

  it("knows the certificate that the user trusts at a server, and at no other", async () => {
    assert.equal(book.certificate(HERE), undefined);
    await book.trustCertificate(HERE, "AA:BB");
    assert.deepEqual([book.certificate(HERE), book.certificate(THERE)], ["AA:BB", undefined]);
    await book.trustCertificate(HERE, "CC:DD");
    assert.equal(book.certificate(HERE), "CC:DD");
    values.set(`forkchat.certificate:${THERE}`, { not: "text" });
    assert.deepEqual([book.certificate(THERE), book.at(HERE)], [undefined, []]);
  });
});
