// Each row of docs/THREAT-MODEL.md names tests that exist.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);

/** `windows/x` and `suite/x` are inside test/vscode. */
function fileOf(reference: string): URL {
  const folder = /^(windows|suite)\//u.test(reference) ? "test/vscode/" : "test/";
  return new URL(`${folder}${reference}.test.ts`, root);
}

describe("the threat model", () => {
  const rows = readFileSync(new URL("docs/THREAT-MODEL.md", root), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split(/(?<!\\)\|/u).map((cell) => cell.trim()))
    .filter(([, attack, promise]) => promise !== "Promise" && !/^-+$/u.test(attack ?? ""));

  it("has tables of attack, promise, what remains and the test", () => {
    assert.ok(rows.length > 60);
    for (const [, ...cells] of rows) {
      assert.equal(cells.length, 5, cells[0]);
      for (const cell of cells.slice(0, 4)) assert.notEqual(cell, "", cells[0]);
    }
  });

  it("has each attack once", () => {
    const attacks = rows.map(([, attack, promise]) => `${attack} ${promise}`);
    assert.equal(new Set(attacks).size, attacks.length);
  });

  for (const [, attack = "", , , proof = ""] of rows) {
    it(`names tests that exist for: ${attack}`, () => {
      const references = [...proof.matchAll(/`([\w/]+)`/gu)].map(([, reference = ""]) => reference);
      assert.equal(
        references.map((reference) => `\`${reference}\``).join(", "),
        proof,
        "names something else",
      );
      assert.ok(references.length > 0, "no test is named");
      for (const reference of references) assert.ok(existsSync(fileOf(reference)), reference);
    });
  }
});
