// Failed tests, as a real VS Code hands them over.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { FailureSender } from "../../../extension/host/code/failureSender.ts";
import { AttachedParts, ESC, TOKEN } from "./attachedParts.ts";

describe("What is sent beside lines", () => {
  const parts = new AttachedParts();
  const { attached, attacher, shown, last, asked } = parts;

  describe("a failed test", () => {
    const failures = new FailureSender(attacher);
    const controller = vscode.tests.createTestController("forkchat-test", "Tests");
    after(() => controller.dispose());

    const uri = vscode.Uri.file("/nowhere/pool.test.ts");
    const item = (label: string, line?: number): vscode.TestItem => {
      const test = controller.createTestItem(label, label, uri);
      if (line !== undefined) test.range = new vscode.Range(line, 0, line + 1, 0);
      return test;
    };

    it("has its name with its suites, its message, its values and its place", async () => {
      const [file, suite, test] = [item("pool.test.ts"), item("pool", 2), item("closes once", 4)];
      controller.items.add(file);
      file.children.add(suite);
      suite.children.add(test);
      const message = vscode.TestMessage.diff(
        `${ESC}[31mTwice.${ESC}[39m`,
        "closed: 1",
        `closed: 2 ${TOKEN}`,
      );
      message.location = new vscode.Location(uri, new vscode.Position(5, 8));
      await failures.send({ test, message });
      const { part, heading, code } = last();
      assert.deepEqual(part, {
        kind: "test",
        at: 0,
        name: "pool › closes once",
        path: "pool.test.ts",
        line: 5,
      });
      assert.equal(heading, "Test failed: pool › closes once");
      assert.equal(
        code,
        `Twice.\n\n- expected\n+ actual\n\n- closed: 1\n+ closed: 2 ${TOKEN}\n\n    at pool.test.ts:6:9`,
      );
      assert.ok(asked().includes(TOKEN));
    });

    it("has the stack that is given, and no place twice", async () => {
      const message = new vscode.TestMessage(new vscode.MarkdownString("**No**"));
      message.stackTrace = [
        new vscode.TestMessageStackFrame("close", uri, new vscode.Position(11, 4)),
        new vscode.TestMessageStackFrame("native"),
      ];
      await failures.send({ test: item("a", 1), message });
      assert.equal(last().code, "**No**\n\n    at close (pool.test.ts:12:5)\n    at native");
      const written = new vscode.TestMessage("No\n  at pool.test.ts:6:9");
      written.location = new vscode.Location(uri, new vscode.Position(5, 8));
      await failures.send({ test: item("a", 1), message: written });
      assert.equal(last().code, written.message);
    });

    it("is the test's own lines where VS Code gives no failure, and says so", async () => {
      // Untitled documents share their names with those of other tests.
      const folder = await mkdtemp(join(tmpdir(), "fork-chat-test-"));
      const file = join(folder, "works.txt");
      await writeFile(file, "a\nit('works')\nb\n");
      const test = controller.createTestItem("works", "works", vscode.Uri.file(file));
      test.range = new vscode.Range(1, 0, 1, 5);
      await failures.send(test);
      assert.deepEqual([last().heading, last().code], ["Test: works", "it('works')"]);
      assert.match(shown.join(), /attached without its failure/);
      await failures.send(item("nowhere"));
      await failures.send(undefined);
      assert.match(shown.at(-1) ?? "", /open its message/);
      assert.equal(attached.length, 1);
      await rm(folder, { recursive: true });
    });
  });
});
