// What a problem, a failed test and a terminal's output look like in a message.
import assert from "node:assert/strict";
import { problemHeading } from "../../../../extension/core/code/problemText.ts";
import { firstLines, lastLines, QUOTED_BYTES } from "../../../../extension/core/code/quoteBounds.ts";
import { outputHeading, outputText } from "../../../../extension/core/code/terminalOutput.ts";
import { failureText } from "../../../../extension/core/code/testFailure.ts";
import { readCode, writeCode } from "../../../../protocol/codeText.ts";
import { utf8Length } from "../../../../protocol/codec.ts";
import type { QuotingPart } from "../../../../protocol/part.ts";

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, i) => `line ${i + 1}`).join("\n");

describe("a long quote", () => {
  it("keeps its first lines, and says that others are missing", () => {
    assert.equal(firstLines("a\nb\nc", 2), "a\nb\n…");
    assert.equal(firstLines("a\nb", 2), "a\nb");
  });

  it("keeps its last lines, and says that others are missing", () => {
    assert.equal(lastLines("a\nb\nc", 2), "…\nb\nc");
    assert.equal(lastLines("b\nc", 2), "b\nc");
  });

  for (const unit of ["a", "é", "中", "😀", "a\n", "😀\n"]) {
    it(`never takes more bytes than it may, of ${JSON.stringify(unit)}`, () => {
      const text = unit.repeat(QUOTED_BYTES);
      for (const kept of [firstLines(text, 1e6), lastLines(text, 1e6)]) {
        assert.ok(utf8Length(kept) <= QUOTED_BYTES, String(utf8Length(kept)));
        assert.ok(utf8Length(kept) > QUOTED_BYTES / 4, String(utf8Length(kept)));
        assert.doesNotMatch(kept, /[\ud800-\udbff](?![\udc00-\udfff])/);
      }
    });
  }
});

describe("a problem", () => {
  const problem = {
    severity: "error",
    message: "Type 'a' is wrong.\n  It is b.",
    source: "ts",
    code: "2322",
  } as const;

  it("is written as compilers do", () => {
    assert.equal(problemHeading(problem), "error: Type 'a' is wrong.\n  It is b. (ts 2322)");
    assert.equal(problemHeading({ severity: "hint", message: "unused" }), "hint: unused");
  });

  it("begins no block of code, and has few lines", () => {
    assert.equal(problemHeading({ severity: "info", message: "a\n```js\n~~~" }), "info: a\n'''js\n'''");
    assert.equal(problemHeading({ ...problem, message: numbered(100) }).split("\n").length, 13);
  });
});

describe("a failed test", () => {
  it("shows message, values and stack", () => {
    const text = failureText({
      ...{ message: "values differ", expected: "1\n2\n3", actual: "1\n4\n3", stack: ["sum (src/a.ts:3:5)"] },
    });
    assert.equal(
      text,
      "values differ\n\n- expected\n+ actual\n\n  1\n- 2\n+ 4\n  3\n\n    at sum (src/a.ts:3:5)",
    );
  });

  it("leaves out what there is not", () => {
    assert.equal(failureText({ message: "no", actual: "1", stack: [] }), "no");
  });

  it("compares no values that are long or wholly different", () => {
    const long = failureText({ message: "", expected: numbered(5000), actual: "x", stack: [] });
    assert.ok(utf8Length(long) <= QUOTED_BYTES);
    const far = failureText({
      message: "",
      expected: numbered(150),
      actual: numbered(150).replaceAll("line", "row"),
      stack: [],
    });
    assert.match(far, /^- expected\n\+ actual\n\n- line 1\n- line 2\n/);
  });
});

describe("a terminal's output", () => {
  it("is what was to be seen in the end", () => {
    assert.equal(outputText("\n\n 10 %\r 50 %\rdone\r\n\u0007ok\t1  \u0000\n\n"), "done\nok\t1");
  });

  it("keeps its last 200 lines", () => {
    const kept = outputText(numbered(1000)).split("\n");
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [201, "…", "line 1000"]);
  });

  it("has its command and exit code above it", () => {
    assert.equal(outputHeading("npm test", 1), "$ npm test (exit code 1)");
    assert.equal(outputHeading(undefined, undefined), "");
  });
});

describe("a quote in a message's text", () => {
  const parts: [QuotingPart, string][] = [
    [
      { kind: "test", at: 0, name: "adds", path: "src/a.test.ts", line: 4 },
      "Test failed: adds\nsrc/a.test.ts:4\n```diff\nx\n```",
    ],
    [
      { kind: "test", at: 0, name: "adds", path: "src/a.test.ts" },
      "Test failed: adds\nsrc/a.test.ts\n```diff\nx\n```",
    ],
    [{ kind: "test", at: 0, name: "adds" }, "Test failed: adds\n```diff\nx\n```"],
    [{ kind: "output", at: 0, command: "ls", exitCode: 0 }, "Test failed: adds\n```\nx\n```"],
  ];
  for (const [part, text] of parts)
    it(`is read as it was written: ${JSON.stringify(part)}`, () => {
      const content = { words: "", heading: "Test failed: adds", code: "x" };
      const written = writeCode(content, part);
      assert.deepEqual(written, { text, at: 0 });
      assert.deepEqual(readCode(text, part), content);
      const said = writeCode({ ...content, words: "why?", heading: "" }, part);
      assert.deepEqual(readCode(said.text, { ...part, at: said.at }), {
        ...content,
        words: "why?",
        heading: "",
      });
    });
});
