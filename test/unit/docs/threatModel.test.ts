// docs/THREAT-MODEL.md names a test for every row: each of them has to be there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

/** `windows/x` and `suite/x` are inside of test/vscode. */
function fileOf(reference: string): URL {
  const folder = /^(windows|suite)\//u.test(reference) ? "test/vscode/" : "test/";
  return new URL(`${folder}${reference}.test.ts`, root);
}

describe("the threat model", () => {
  const rows = readFileSync(new URL("docs/THREAT-MODEL.md", root), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split(/(?<!\\)\|/u).map((cell) => cell.trim()))
    .filter(([, who]) => who !== "Who" && !/^-+$/u.test(who ?? ""));

  it("is a table of attacker, attack, defense and proof", () => {
    assert.ok(rows.length > 20);
    for (const [, who, what, defence] of rows) assert.ok(who !== "" && what !== "" && defence !== "");
  });

  for (const [, who = "", what = "", , proof = ""] of rows) {
    it(`${who}, ${what}: names tests that exist`, () => {
      const references = [...proof.matchAll(/`([\w/]+)`/gu)].map(([, reference = ""]) => reference);
      assert.ok(references.length > 0, "no test is named");
      for (const reference of references) assert.ok(existsSync(fileOf(reference)), reference);
    });
  }
});
