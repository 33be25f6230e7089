// Which name is proposed to a user whose system, or whose settings, have one that cannot be.
import assert from "node:assert/strict";
import fc from "fast-check";
import { proposeName } from "../../../../extension/core/people/nameProposal.ts";
import { parseName } from "../../../../protocol/nameRules.ts";
import { anyCharacter } from "../../../support/anyCharacter.ts";

describe("a suggested name", () => {
  for (const [raw, name, problem] of [
    ["anna", "anna", null],
    ["  anna ", "anna", null],
    ["Anna Maria", "Anna_Maria", "name-characters"],
    ["Anna\u00a0 Maria", "Anna_Maria", "name-characters"],
    ["anna@corp.example", "anna", "name-characters"],
    ["CORP\\anna", "anna", "name-characters"],
    ["CORP\\anna maria", "anna_maria", "name-characters"],
    ["corp.example\\anna@corp.example", "anna", "name-characters"],
    ["Anna Berg <anna@corp.example>", "Anna_Berg", "name-characters"],
    ["<anna@corp.example>", "anna", "name-characters"],
    ["@anna", "anna", "name-characters"],
    ["anna$", "anna", "name-characters"],
    ["O'Brien, Zoë", "OBrien_Zoë", "name-characters"],
    ["Anna 🙂", "Anna", "name-characters"],
    ["._anna_.!", "anna", "name-characters"],
    ["a\u202enn\u200da", "anna", "name-characters"],
    ["\u0308anna", "anna", "name-characters"],
    ["Ольга Olga", "Ольга", "name-characters"],
    ["Ольгаolga", "Ольга", "name-scripts"],
    ["γeorge", "eorge", "name-scripts"],
    ["anna\\", "anna", "name-characters"],
    ["田中 Taro", "田中_Taro", "name-characters"],
    ["n".repeat(40), "n".repeat(32), "name-too-long"],
    [`${"n".repeat(31)} maria`, "n".repeat(31), "name-too-long"],
    ["system", "system_1", "name-reserved"],
    ["CORP\\Server", "Server_1", "name-characters"],
    ["ann\u0430", "ann", "name-scripts"],
    ["🙂", undefined, "name-characters"],
    ["", undefined, "name-empty"],
    ["\\", undefined, "name-characters"],
    ["@", undefined, "name-characters"],
    ["\ud800", undefined, "name-characters"],
  ] as const) {
    it(`for ${JSON.stringify(raw.slice(0, 40))} is ${name ?? "none"}`, () => {
      assert.deepEqual(proposeName(raw), { name, problem });
    });
  }

  it("is valid or absent, for any input", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (raw) => {
        const { name, problem } = proposeName(raw);
        if (name !== undefined) assert.deepEqual(parseName(name), { ok: true, value: name });
        assert.equal(problem === null, parseName(raw).ok);
      }),
      { numRuns: 2000 },
    );
  });
});
