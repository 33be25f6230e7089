// What a problem, a failed test and a terminal's output look like in a message.
import assert from "node:assert/strict";
import * as v from "valibot";
import { problemHeading, problemQuote, problemsAt } from "../../../../extension/core/code/problemText.ts";
import { firstLines, lastLines, oneLine, QUOTED_BYTES } from "../../../../extension/core/code/quoteBounds.ts";
import { outputQuote, outputText } from "../../../../extension/core/code/terminalOutput.ts";
import { failureQuote, failureText } from "../../../../extension/core/code/testFailure.ts";
import { outputHeading, readCode, shortForm, writeCode } from "../../../../protocol/codeText.ts";
import { utf8Length } from "../../../../protocol/codec.ts";
import type { NewAttachment } from "../../../../protocol/conversation.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { QuotingPart } from "../../../../protocol/part.ts";
import { Part } from "../../../../protocol/part.ts";
import { somePart } from "../../../support/sampleValues.ts";
import { stepsOf } from "../../../support/regexSteps.ts";

/** Fails unless others get the same part and text again. */
function assertSendable({ part, heading, code }: NewAttachment): void {
  const { text, at } = writeCode({ words: "Why?", heading, code }, part);
  assert.ok(utf8Length(text) <= limits.textBytes, `${utf8Length(text)} bytes`);
  assert.deepEqual(v.parse(Part, { ...part, at }), { ...part, at });
  assert.deepEqual(readCode(text, { ...part, at }), { words: "Why?", heading, code });
}

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

describe("a problem with its lines", () => {
  const quote = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };

  it("is a part of its own, with its severity, source and code", () => {
    const sent = problemQuote(quote, { severity: "error", message: "No.", source: "ts", code: "2322" });
    assert.ok(sent !== null);
    const { salt, before, path } = somePart;
    const { kind, ...rest } = sent.part as Extract<QuotingPart, { kind: "problem" }>;
    assert.equal(kind, "problem");
    assert.deepEqual([rest.severity, rest.source, rest.code], ["error", "ts", "2322"]);
    assert.deepEqual([rest.salt, rest.before, rest.path], [salt, before, path]);
    assert.equal(sent.heading, "error: No. (ts 2322)");
    assertSendable(sent);
  });

  it("can be sent whatever its source says", () => {
    for (const strange of [
      "",
      "x".repeat(500),
      "\u001b[31mred\n```\n\u2028\ud800",
      "\u{1f600}".repeat(100),
    ]) {
      const problem = { severity: "hint", message: strange, source: strange, code: strange } as const;
      assertSendable(problemQuote(quote, problem) ?? assert.fail());
    }
  });

  it("is not sent if it does not fit a message", () => {
    const code = "x".repeat(limits.textBytes - 100);
    assert.equal(problemQuote({ ...quote, code }, { severity: "info", message: "y".repeat(200) }), null);
  });
});

describe("problems at the cursor", () => {
  const problem = (name: string, [line, start]: [number, number], [toLine, end]: [number, number]) => ({
    ...{ name, severity: name.startsWith("w") ? 1 : 0 },
    range: { start: { line, character: start }, end: { line: toLine, character: end } },
  });
  const all = [
    problem("whole", [0, 0], [9, 0]),
    problem("error", [2, 4], [2, 8]),
    problem("warning", [2, 4], [2, 8]),
    problem("later", [2, 20], [2, 30]),
  ];
  const names = (line: number, character: number) =>
    problemsAt(all, { line, character }).map(({ name }) => name);

  it("are the smallest and gravest that hold it", () => {
    assert.deepEqual(names(2, 5), ["error", "warning", "whole"]);
    assert.deepEqual(names(2, 8), ["error", "warning", "whole"]);
    assert.deepEqual(names(5, 0), ["whole"]);
  });

  it("are those on its line, if it is in none", () => {
    assert.deepEqual(
      problemsAt(all.slice(1), { line: 2, character: 15 }).map(({ name }) => name),
      ["error", "later", "warning"],
    );
    assert.deepEqual(names(40, 0), []);
  });
});

describe("one line of a text", () => {
  it("has no line breaks and control characters, and no more characters than it may", () => {
    assert.equal(oneLine(" a\r\n\tb\u001b\u2028c\ud800 ", 80), "a b c\ufffd");
    assert.equal(oneLine("abcdef", 4), "abc…");
    assert.equal(oneLine("ab\u{1f600}f", 4), "ab…");
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

  it("is a part with its name and its line", () => {
    const failure = { message: "no", stack: [] };
    const sent = failureQuote({ name: "sum > adds", path: "src/a.test.ts", line: 4 }, failure);
    assert.deepEqual(sent, {
      part: { kind: "test", at: 0, name: "sum > adds", path: "src/a.test.ts", line: 4 },
      ...{ heading: "Test failed: sum > adds", code: "no" },
    });
    assertSendable(sent);
    assert.equal(
      shortForm({ ...writeCode({ words: "", ...sent }, sent.part), part: sent.part }),
      sent.heading,
    );
  });

  it("can be sent whatever its name, its values and its file", () => {
    for (const strange of ["", "`a`\n```", "\u{1f600}".repeat(9000), "\u001b[0m\u0000\r\n"]) {
      const failure = { message: strange, expected: strange, actual: `${strange}x`, stack: [strange] };
      assertSendable(failureQuote({ name: strange }, failure));
      assertSendable(failureQuote({ name: strange, path: "界".repeat(512), line: 50_000_000 }, failure));
    }
  });

  it("shows control characters of its values, and drops those of its message", () => {
    const text = failureText({
      ...{ message: "a\u0007\r\nb", expected: "\u001b[1m", actual: "\u0000", stack: [] },
    });
    assert.equal(text, "a\nb\n\n- expected\n+ actual\n\n- ␛[1m\n+ ␀");
  });

  it("leaves out what there is not", () => {
    assert.equal(failureText({ message: "no", actual: "1", stack: [] }), "no");
  });

  it("has the innermost twenty places of a deep stack", () => {
    const stack = Array.from({ length: 30 }, (_, n) => `src/a.ts:${n + 1}:1`);
    const places = failureText({ message: "no", stack }).split("\n").slice(2);
    assert.deepEqual([places.length, places.at(-1)], [20, "    at src/a.ts:20:1"]);
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

  for (const unit of [" ", "\n", " \n", "\r", "\t\r"]) {
    it(`takes linear time for much of ${JSON.stringify(unit)}`, () => {
      const steps = (count: number): number => stepsOf(() => outputText(`a${unit.repeat(count)}b`));
      assert.ok(steps(400) <= 5 * steps(100), `${steps(400)} steps, and ${steps(100)}`);
    });
  }

  it("keeps its last 200 lines", () => {
    const kept = outputText(numbered(1000)).split("\n");
    assert.deepEqual([kept.length, kept[0], kept.at(-1)], [201, "…", "line 1000"]);
  });

  it("is a part with its command and exit code", () => {
    const sent = outputQuote("ok\n", { command: "npm test", exitCode: 1 });
    assert.deepEqual(sent, {
      part: { kind: "output", at: 0, command: "npm test", exitCode: 1 },
      ...{ heading: "$ npm test (exit code 1)", code: "ok" },
    });
    const bare = outputQuote("a\nb", {}) ?? assert.fail();
    assert.deepEqual(bare, { part: { kind: "output", at: 0 }, heading: "", code: "a\nb" });
    assert.equal(shortForm({ ...writeCode({ words: "", ...bare }, bare.part), part: bare.part }), "a\nb");
    assert.equal(outputQuote(" \r\n\u0007\n", { command: "true" }), null);
  });

  it("can be sent whatever a program prints", () => {
    for (const strange of ["`````", "\u{1f600}\n".repeat(9000), "x".repeat(1e6), "a\ud800b"]) {
      const sent = outputQuote(strange, { command: strange, exitCode: -1 });
      assertSendable(sent ?? assert.fail());
    }
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
