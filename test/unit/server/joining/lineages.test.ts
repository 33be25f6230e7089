// Which connections are the same client's, however many others there are.
import assert from "node:assert/strict";
import fc from "fast-check";
import * as v from "valibot";
import { Token } from "../../../../protocol/fields.ts";
import { Lineages, type Lineage } from "../../../../server/joining/lineages.ts";
import { pin } from "../../../support/core.ts";

const random = (name: string): Token => v.parse(Token, name.padEnd(22, "-"));

describe("lineages", () => {
  let lineages: Lineages;
  let made: number;
  beforeEach(() => {
    lineages = new Lineages(Buffer.alloc(32, 1));
    made = 0;
  });

  const start = (seq: number, name = "anna"): { lineage: Lineage; token: Token } => {
    const lineage = lineages.start(seq, v.parse(Token, String(++made).padStart(22, "-")));
    return { lineage, token: lineages.token(lineage, pin(name), random("first")) };
  };

  it("belong to clients that show their token, and know when these first came", () => {
    const { lineage, token } = start(7);
    const next = lineages.token(lineage, pin("anna"), random("next"));
    assert.notEqual(next, token);
    for (const each of [token, next]) assert.deepEqual(lineages.find(each, pin("anna")), lineage);
    assert.equal(lineage.cameAt, 7);
    assert.notEqual(start(7).lineage.id, lineage.id);
    assert.equal(lineages.find(undefined, pin("anna")), undefined);
  });

  it("are recognized after any number of others, with any keys and addresses", () => {
    const first = start(7);
    for (let n = 0; n < 40_000; n++) start(n, `m${n % 10}`);
    assert.deepEqual(lineages.find(first.token, pin("anna")), first.lineage);
  });

  it("do not belong to another key, or to a restarted server", () => {
    const { token } = start(7);
    assert.equal(lineages.find(token, pin("bobby")), undefined);
    assert.equal(new Lineages(Buffer.alloc(32, 2)).find(token, pin("anna")), undefined);
  });

  it("cannot be forged: a token with a changed character, a cut one, or any other text is rejected", () => {
    const { token } = start(7);
    const letters = fc.constantFrom("A", "Z", "a", "z", "0", "9", "-", "_");
    const changed = fc
      .record({ at: fc.nat(token.length - 1), letter: letters })
      .map(({ at, letter }) => `${token.slice(0, at)}${letter}${token.slice(at + 1)}`);
    const cut = fc.integer({ min: 22, max: token.length - 1 }).map((length) => token.slice(0, length));
    const other = fc.string({ unit: letters, minLength: 22, maxLength: 128 });
    fc.assert(
      fc.property(fc.oneof(changed, cut, other), (text) => {
        fc.pre(text !== token);
        assert.equal(lineages.find(v.parse(Token, text), pin("anna")), undefined);
      }),
    );
  });
});
