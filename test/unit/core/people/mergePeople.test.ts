// Memories of the same server's people, kept under several spellings of its URL, become one: never a weaker one.
import assert from "node:assert/strict";
import fc from "fast-check";
import { mergePeople } from "../../../../extension/core/people/mergePeople.ts";
import type { KnownPeer } from "../../../../extension/core/model/person.ts";
import { nameKey } from "../../../../protocol/names.ts";
import { pin } from "../../../support/core.ts";

const person = (name: string, change: Partial<KnownPeer> = {}): KnownPeer => ({
  ...{ name, pin: pin(name), verified: false, blocked: false, at: 1 },
  ...change,
});
const [old, fresh] = [pin("old"), pin("fresh")];

describe("merging separately kept people of one server", () => {
  it("keeps everyone", () => {
    assert.deepEqual(mergePeople([person("anna"), person("bobby", { at: 2 })]), [
      person("anna"),
      person("bobby", { at: 2 }),
    ]);
  });

  it("makes one person of equal name and key, verified and blocked if either was", () => {
    const merged = mergePeople([
      person("ANNA", { pin: old, at: 5 }),
      person("anna", { pin: old, at: 2, verified: true }),
      person("Anna", { pin: old, at: 3, blocked: true }),
    ]);
    assert.deepEqual(merged, [{ name: "ANNA", pin: old, verified: true, blocked: true, at: 5 }]);
  });

  for (const [what, records, expected] of [
    [
      "the key known longest, so that the other one is asked about",
      [person("anna", { pin: fresh, at: 9 }), person("anna", { pin: old, at: 1 })],
      [{ name: "anna", pin: old, verified: false, blocked: false, at: 1 }],
    ],
    [
      "the key that was compared, though it is the younger one",
      [person("anna", { pin: fresh, at: 9, verified: true }), person("anna", { pin: old, at: 1 })],
      [{ name: "anna", pin: fresh, verified: true, blocked: false, at: 9 }],
    ],
    [
      "the older of two that were compared, which has to be compared again",
      [
        person("anna", { pin: fresh, at: 9, verified: true }),
        person("anna", { pin: old, at: 1, verified: true }),
      ],
      [{ name: "anna", pin: old, verified: false, blocked: false, at: 1 }],
    ],
    [
      "the key beside a name that was blocked without one",
      [person("anna", { pin: null, at: 9, blocked: true }), person("anna", { pin: old, at: 1 })],
      [{ name: "anna", pin: old, verified: false, blocked: true, at: 9 }],
    ],
    [
      "the blocked key",
      [person("anna", { pin: fresh, at: 9, blocked: true }), person("anna", { pin: old, at: 1 })],
      [{ name: "anna", pin: fresh, verified: false, blocked: true, at: 9 }],
    ],
    [
      "the compared key, and the blocked one beside it under a number",
      [
        person("anna", { pin: fresh, at: 9, blocked: true }),
        person("anna", { pin: old, at: 1, verified: true }),
        person("anna_2", { at: 2 }),
      ],
      [
        { name: "anna", pin: old, verified: true, blocked: true, at: 1 },
        person("anna_2", { at: 2 }),
        { name: "anna_3", pin: fresh, verified: false, blocked: true, at: 9 },
      ],
    ],
  ] as const) {
    it(`keeps, for two keys under one name, ${what}`, () => {
      assert.deepEqual(mergePeople(records), expected);
      assert.deepEqual(mergePeople([...records].reverse()), expected);
    });
  }

  it("never lowers protection, and gives the same result when repeated", () => {
    const records = fc.array(
      fc.record({
        name: fc.constantFrom("anna", "Anna", "anna_2", "bobby"),
        pin: fc.constantFrom(null, old, fresh, pin("third")),
        verified: fc.boolean(),
        blocked: fc.boolean(),
        at: fc.integer({ min: 1, max: 9 }),
      }),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(records, (people) => {
        const merged = mergePeople(people);
        const names = merged.map(({ name }) => nameKey(name));
        assert.equal(new Set(names).size, names.length);
        for (const before of people) {
          const after = merged.find(({ name }) => nameKey(name) === nameKey(before.name));
          assert.ok(after !== undefined);
          if (before.blocked) assert.ok(after.blocked, "the name is blocked");
          if (before.blocked && before.pin !== null)
            assert.ok(
              merged.some(({ blocked, pin }) => blocked && pin === before.pin),
              "the key is blocked",
            );
          if (before.pin !== null) assert.notEqual(after.pin, null, "a known key is not forgotten");
        }
        for (const after of merged.filter(({ verified }) => verified))
          assert.ok(
            people.some(({ verified, pin }) => verified && pin === after.pin),
            "nobody was verified by it",
          );
        assert.deepEqual(
          mergePeople(merged),
          merged.toSorted((a, b) => a.at - b.at),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
