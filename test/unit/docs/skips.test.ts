// A test that is skipped says why in its name: the report of a run shows nothing else of it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The calls of `this.skip()` that stand in no test or suite whose name gives the reason. */
function unnamedSkips(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node, isNamed: boolean): void => {
    let named = isNamed;
    if (ts.isCallExpression(node)) {
      named ||= node.arguments[0]?.getText().includes("(skipped ") === true;
      if (node.expression.getText() === "this.skip" && !named)
        found.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    }
    ts.forEachChild(node, (child) => visit(child, named));
  };
  visit(source, false);
  return found;
}

describe("each test that skips itself", () => {
  it("gives the reason in its name, or its suite's", () => {
    const names = readdirSync(`${ROOT}test`, { recursive: true, encoding: "utf8" });
    const files = names.filter((name) => name.endsWith(".ts")).map((name) => `test/${name}`);
    assert.ok(files.length > 100);
    assert.deepEqual(
      files.flatMap((file) => unnamedSkips(file, readFileSync(`${ROOT}${file}`, "utf8"))),
      [],
    );
  });
});
