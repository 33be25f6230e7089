// Who is the same client over several connections, and what it has said under which id, however many others there are.
import assert from "node:assert/strict";
import * as v from "valibot";
import { MessageId, Token } from "../../protocol/fields.ts";
import { Lineages } from "../../server/lineages.ts";
import { SaidIds } from "../../server/saidIds.ts";
import { pin } from "../support/core.ts";

const token = (name: string): Token => v.parse(Token, name.padEnd(22, "-"));
const owner = (name: string, since = 0, address = "192.0.2.1") => ({ pin: pin(name), address, since });

describe("lineages", () => {
  let lineages: Lineages;
  beforeEach(() => {
    lineages = new Lineages({ lineages: 100, lineagesPerKey: 4 });
  });

  it("are those of clients that show a token of theirs, and know when these first came", () => {
    const first = lineages.enter(token("a"), undefined, 7, owner("anna"));
    assert.equal(lineages.enter(token("b"), token("a"), 9, owner("anna")), first);
    assert.equal(lineages.enter(token("c"), token("b"), 9, owner("anna")), first);
    assert.notEqual(lineages.enter(token("d"), token("other"), 9, owner("anna")), first);
    assert.deepEqual(
      [token("c"), token("d"), token("other"), undefined].map((shown) => lineages.cameAt(shown)),
      [7, 9, undefined, undefined],
    );
  });

  it("know the token that a client shows, whatever number of answers it has lost", () => {
    const first = lineages.enter(token("a"), undefined, 0, owner("anna"));
    for (let n = 0; n < 50; n++)
      assert.equal(lineages.enter(token(`lost-${n}`), token("a"), 0, owner("anna")), first);
    assert.equal(lineages.enter(token("b"), token("lost-49"), 0, owner("anna")), first);
    assert.equal(lineages.cameAt(token("lost-1")), undefined);
  });

  for (const [what, address] of [
    ["one address, its own", () => "192.0.2.1"],
    ["another address", () => "192.0.2.2"],
    ["as many addresses", (n: number) => `198.51.${n >> 8}.${n % 256}`],
    ["an IPv6 /48", (n: number) => `2001:db8:1:${n.toString(16)}::/64`],
  ] as const) {
    it(`are not forgotten for those of many keys from ${what}`, () => {
      const anna = lineages.enter(token("anna"), undefined, 0, owner("anna"));
      for (let n = 1; n < 1_000; n++)
        lineages.enter(token(`m${n}`), undefined, 0, owner(`m${n}`, n, address(n)));
      assert.equal(lineages.enter(token("again"), token("anna"), 0, owner("anna")), anna);
      const known = Array.from({ length: 999 }, (_, n) => lineages.cameAt(token(`m${n + 1}`)));
      assert.equal(known.filter((cameAt) => cameAt !== undefined).length, 99);
    });
  }

  it("of one key are few", () => {
    for (let n = 0; n < 10; n++) lineages.enter(token(`t${n}`), undefined, 0, owner("anna"));
    assert.deepEqual(
      Array.from({ length: 10 }, (_, n) => lineages.cameAt(token(`t${n}`)) !== undefined),
      [false, false, false, false, false, false, true, true, true, true],
    );
  });
});

describe("ids of what was said", () => {
  const id = (name: string): MessageId => v.parse(MessageId, name);

  it("are known by their author, and not lost to what others say, nor told of another's", () => {
    const ids = new SaidIds({ saidIds: 50, saidIdsPerKey: 20 });
    ids.add("1.0", id("x"), { seq: 1, at: 5 }, owner("anna"));
    for (let n = 0; n < 1_000; n++)
      ids.add("2.0", id(`m${n}`), { seq: 2 + n, at: 6 }, owner(`m${n % 10}`, 1));
    assert.deepEqual(ids.find("1.0", id("x")), { seq: 1, at: 5 });
    assert.equal(ids.find("2.0", id("x")), undefined);
    assert.equal(ids.find("2.0", id("m999")), undefined);
  });

  it("of one key are few, and the oldest go first", () => {
    const ids = new SaidIds({ saidIds: 50, saidIdsPerKey: 20 });
    for (let n = 0; n < 30; n++) ids.add("1.0", id(`m${n}`), { seq: n, at: 5 }, owner("anna"));
    const known = Array.from({ length: 30 }, (_, n) => ids.find("1.0", id(`m${n}`)) !== undefined);
    assert.deepEqual(known, [...Array<boolean>(10).fill(false), ...Array<boolean>(20).fill(true)]);
  });

  it("are bounded in all", () => {
    const ids = new SaidIds({ saidIds: 50, saidIdsPerKey: 20 });
    for (let n = 0; n < 200; n++) ids.add("1.0", id(`m${n}`), { seq: n, at: 5 }, owner(`m${n}`, n));
    const known = Array.from({ length: 200 }, (_, n) => ids.find("1.0", id(`m${n}`)) !== undefined);
    assert.equal(known.filter(Boolean).length, 50);
  });
});
