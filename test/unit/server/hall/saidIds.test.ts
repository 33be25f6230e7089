// Which ids of lobby messages are still known after a lot of traffic, or of malice.
import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { MessageId } from "../../../../protocol/fields.ts";
import { limits } from "../../../../protocol/limits.ts";
import { SaidIds } from "../../../../server/hall/saidIds.ts";
import { pin } from "../../../support/core.ts";

/** Messages that anyone might have to send again after a lost connection. */
const NEWEST = 16;

/** People in a table of their own size, who say numbered messages. */
class Talk {
  readonly #ids: SaidIds;
  readonly #said = new Map<string, MessageId[]>();
  #seq = 0;

  constructor(change: Partial<typeof limits> = {}) {
    this.#ids = new SaidIds({ ...limits, ...change });
  }

  get people(): string[] {
    return [...this.#said.keys()];
  }

  say(name: string, address: string): void {
    this.#seq += 1;
    const id = v.parse(MessageId, `m-${this.#seq}`);
    this.#said.set(name, [...(this.#said.get(name) ?? []).slice(1 - NEWEST), id]);
    this.#ids.add(name, id, { seq: this.#seq, at: 0 }, { pin: pin(name), address });
  }

  /** How many of someone's newest messages are forgotten. */
  forgotten(name: string): number {
    const newest = (this.#said.get(name) ?? []).slice(-NEWEST);
    return newest.filter((id) => this.#ids.find(name, id) === undefined).length;
  }
}

describe("ids of lobby messages, after twice their limit of ordinary traffic", () => {
  for (const [where, addressOf] of [
    ["at one address", () => "192.0.2.1"],
    ["at an address each", (who: number) => `198.51.${who >> 8}.${who % 256}`],
    ["in classes of 30", (who: number) => `203.0.113.${Math.floor(who / 30)}`],
  ] as const) {
    it(`are known for the newest messages of each of 500 people ${where}`, () => {
      const talk = new Talk();
      for (let n = 0; n < 2 * limits.saidIds; n++) {
        // One in ten says as much as all others together.
        const who = n % 2 === 0 ? n % 500 : (10 * n) % 500;
        talk.say(`p${who}`, addressOf(who));
      }
      for (let who = 0; who < 500; who++) talk.say(`p${who}`, addressOf(who));
      assert.deepEqual(
        talk.people.filter((name) => talk.forgotten(name) > 0),
        [],
      );
    });
  }

  it("are known for a newcomer, and for someone silent since", () => {
    const talk = new Talk();
    talk.say("quiet", "192.0.2.1");
    for (let n = 0; n < 2 * limits.saidIds; n++) talk.say(`p${n % 60}`, "192.0.2.1");
    talk.say("late", "192.0.2.1");
    assert.deepEqual([talk.forgotten("quiet"), talk.forgotten("late")], [0, 0]);
  });
});

describe("ids of lobby messages, when many keys send messages", () => {
  for (const [what, addressOf] of [
    ["four other addresses", (n: number) => `198.51.100.${n % 4}`],
    ["an IPv6 /48", (n: number) => `2001:db8:1:${(n % 65_536).toString(16)}::/64`],
  ] as const) {
    it(`are not lost to an endless number of keys from ${what}`, () => {
      const talk = new Talk();
      const say = (): void => {
        for (let who = 0; who < 30; who++) talk.say(`p${who}`, "192.0.2.1");
      };
      for (let n = 0; n < NEWEST; n++) say();
      for (let n = 0; n < 2 * limits.saidIds; n++) talk.say(`x${n}`, addressOf(n));
      assert.ok(talk.people.slice(0, 30).every((name) => talk.forgotten(name) === 0));
    });
  }

  it("at one's own address are lost only if each of that many keys keeps as many", () => {
    const talk = new Talk();
    for (let n = 0; n < NEWEST; n++) talk.say("anna", "192.0.2.1");
    const keys = limits.clientsPerAddress;
    for (let n = 0; n < 2 * limits.saidIds; n++) talk.say(`x${n % keys}`, "192.0.2.1");
    assert.equal(talk.forgotten("anna"), NEWEST - Math.floor(limits.saidIds / (keys + 1)));
  });

  it("are known by their author only", () => {
    const ids = new SaidIds(limits);
    const id = v.parse(MessageId, "m");
    ids.add("1", id, { seq: 1, at: 5 }, { pin: pin("anna"), address: "192.0.2.1" });
    assert.deepEqual([ids.find("1", id), ids.find("2", id)], [{ seq: 1, at: 5 }, undefined]);
  });

  it("of one key are limited, and the oldest go first", () => {
    const ids = new SaidIds({ saidIds: 50, saidIdsPerKey: 20 });
    const all = Array.from({ length: 30 }, (_, n) => v.parse(MessageId, `m-${n}`));
    for (const [seq, id] of all.entries())
      ids.add("1", id, { seq, at: 5 }, { pin: pin("anna"), address: "192.0.2.1" });
    const known = all.map((id) => ids.find("1", id) !== undefined);
    assert.deepEqual(known, [...Array<boolean>(10).fill(false), ...Array<boolean>(20).fill(true)]);
  });

  it("are limited in total, and no fewer are known", () => {
    const ids = new SaidIds({ saidIds: 50, saidIdsPerKey: 20 });
    const all = Array.from({ length: 200 }, (_, n) => v.parse(MessageId, `m-${n}`));
    for (const [seq, id] of all.entries())
      ids.add("1", id, { seq, at: 5 }, { pin: pin(`m${seq}`), address: "192.0.2.1" });
    assert.equal(all.filter((id) => ids.find("1", id) !== undefined).length, 50);
  });

  it("are limited per key, under any name and from any address", () => {
    const ids = new SaidIds({ saidIds: 1_000, saidIdsPerKey: 4 });
    const all = Array.from({ length: 20 }, (_, n) => v.parse(MessageId, `m-${n}`));
    for (const [n, id] of all.entries())
      ids.add(`lineage-${n}`, id, { seq: n, at: 0 }, { pin: pin("x"), address: `192.0.2.${n}` });
    assert.equal(all.filter((id, n) => ids.find(`lineage-${n}`, id) !== undefined).length, 4);
  });

  it("never exceed the limit, and always contain the latest message", () => {
    const step = fc.record({
      who: fc.nat(8),
      address: fc.constantFrom("192.0.2.1", "192.0.2.2", "2001:db8:1:1::/64", "2001:db8:1:2::/64"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: "max" }), (steps) => {
        const ids = new SaidIds({ saidIds: 12, saidIdsPerKey: 5 });
        const said: [string, MessageId][] = [];
        for (const [seq, { who, address }] of steps.entries()) {
          const id = v.parse(MessageId, `m-${seq}`);
          ids.add(String(who), id, { seq, at: 0 }, { pin: pin(String(who)), address });
          said.push([String(who), id]);
          assert.deepEqual(ids.find(String(who), id), { seq, at: 0 });
          assert.ok(said.filter(([author, each]) => ids.find(author, each) !== undefined).length <= 12);
        }
      }),
    );
  });
});
