// What is remembered of people and servers, in VS Code's global state.
import assert from "node:assert/strict";
import type { KnownPeer } from "../../../../extension/core/model/person.ts";
import { type Memory, PeopleBook } from "../../../../extension/host/trust/peopleBook.ts";
import { pin } from "../../../support/core.ts";

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

describe("the people book", () => {
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
  const peopleKeys = (): string[] => [...values.keys()].filter((key) => key.startsWith("forkchat.peer:"));
  beforeEach(() => {
    values = new Map();
    book = new PeopleBook(memory);
  });

  it("keeps servers separate, even if one address starts like another", () => {
    book.remember(HERE, person("anna"));
    book.remember(THERE, person("bobby"));
    assert.deepEqual(book.at(HERE), [person("anna")]);
    assert.deepEqual(book.at(THERE), [person("bobby")]);
    assert.deepEqual(book.at("ws://127.0.0.1:432"), []);
  });

  it("has one entry per name, in any spelling", () => {
    book.remember(HERE, person("anna"));
    book.remember(HERE, person("ANNA", { verified: true }));
    assert.deepEqual(book.at(HERE), [person("ANNA", { verified: true })]);
    book.forget(HERE, "Anna");
    assert.deepEqual([book.at(HERE), values.size], [[], 0]);
  });

  it("is read again each time, because other windows write too", () => {
    const other = new PeopleBook(memory);
    book.remember(HERE, person("anna"));
    other.remember(HERE, person("bobby", { blocked: true, pin: null }));
    assert.deepEqual(book.at(HERE), [person("anna"), person("bobby", { blocked: true, pin: null })]);
  });

  it("keeps the readable part of a damaged record, reports what is lost, and leaves others alone", () => {
    const told: (readonly string[])[] = [];
    book = new PeopleBook(memory, (names) => told.push(names));
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
    assert.deepEqual(book.at(HERE), [person("anna"), person("e")]);
    assert.deepEqual(new PeopleBook(memory).at(HERE), [person("anna"), person("e")]);
    assert.deepEqual(told, [["a", "b", "c", "d", "e"]]);
  });

  it("is shared by all spellings of a server's URL", () => {
    book.remember("ws://LOCALHOST:43210/", person("anna"));
    book.remember("ws://[::1]:43210", person("bobby", { blocked: true }));
    assert.deepEqual(book.at(HERE), [person("anna"), person("bobby", { blocked: true })]);
    book.forget("ws://localhost:43210", "anna");
    assert.deepEqual(book.at("ws://127.1:43210/"), [person("bobby", { blocked: true })]);
    assert.deepEqual(peopleKeys(), [`forkchat.peer:${HERE}|bobby`]);
  });

  it("merges what an earlier version saved per spelling, without weaker protection", () => {
    const other = "ws://elsewhere.example|zoe";
    values.set(`forkchat.peer:${HERE}|anna`, person("anna", { at: 5 }));
    values.set("forkchat.peer:ws://localhost:43210|anna", person("anna", { at: 7, pin: pin("fresh") }));
    values.set("forkchat.peer:ws://[::1]:43210/|bobby", person("Bobby", { blocked: true }));
    values.set("forkchat.peer:WS://LOCALHOST.:43210|carmen", person("carmen", { verified: true }));
    values.set("forkchat.peer:ws://localhost:43210|dora", { not: "a person" });
    values.set(`forkchat.peer:${other}`, person("zoe"));
    const people = [
      person("Bobby", { blocked: true }),
      person("carmen", { verified: true }),
      person("anna", { at: 5 }),
    ];
    assert.deepEqual(book.at("ws://localhost:43210"), people);
    assert.deepEqual(
      peopleKeys().sort(),
      [
        ...["anna", "bobby", "carmen"].map((name) => `forkchat.peer:${HERE}|${name}`),
        `forkchat.peer:${other}`,
      ].sort(),
    );
    const again = new PeopleBook(memory).at(HERE);
    assert.deepEqual(new Set(again), new Set(people));
  });

  it("adopts a certificate that was trusted under another spelling, unless spellings disagree", async () => {
    values.set("forkchat.certificate:wss://chat.example:443/", "AA:BB");
    assert.equal(book.certificate("wss://CHAT.example"), "AA:BB");
    values.set("forkchat.certificate:wss://chat.example.", "CC:DD");
    assert.equal(book.certificate("wss://chat.example"), undefined);
    await book.trustCertificate("wss://chat.example", "CC:DD");
    assert.equal(book.certificate("wss://chat.example./"), "CC:DD");
    assert.deepEqual([...values.keys()], ["forkchat.certificate:wss://chat.example"]);
  });

  it("knows the certificate trusted for a server, and for no other", async () => {
    assert.equal(book.certificate(HERE), undefined);
    await book.trustCertificate(HERE, "AA:BB");
    assert.deepEqual([book.certificate(HERE), book.certificate(THERE)], ["AA:BB", undefined]);
    await book.trustCertificate(HERE, "CC:DD");
    assert.equal(book.certificate(HERE), "CC:DD");
    values.set(`forkchat.certificate:${THERE}`, { not: "text" });
    assert.deepEqual([book.certificate(THERE), book.at(HERE)], [undefined, []]);
  });
});
