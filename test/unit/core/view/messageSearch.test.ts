// What the search over all conversations finds.
import assert from "node:assert/strict";
import { problemQuote } from "../../../../extension/core/code/problemText.ts";
import { outputQuote } from "../../../../extension/core/code/terminalOutput.ts";
import { failureQuote } from "../../../../extension/core/code/testFailure.ts";
import { findMessages, type Searched } from "../../../../extension/core/view/messageSearch.ts";
import { writeCode } from "../../../../protocol/codeText.ts";
import type { Entry } from "../../../../protocol/webview.ts";
import { somePart } from "../../../support/sampleValues.ts";

const message = (at: number, from: string, text: string, change: object = {}): Entry => ({
  ...{ kind: "message", from, own: false, at, text },
  ...change,
});
const all = [
  {
    source: "lobby",
    entries: [
      message(1, "anna", "The build is BROKEN"),
      { kind: "notice", level: "info", at: 2, text: "the build was started" } as const,
      message(5, "bobby", "Straße und Café"),
    ],
  },
  {
    source: "bobby",
    entries: [message(3, "bobby", "broken again"), message(4, "bobby", "", { retracted: true })],
  },
];
/** What is found, and in how many stretches. */
function search(where: readonly Searched<string>[], query: string, count: number): [string[], number] {
  const steps = findMessages(where, query, count);
  for (let stretches = 1; ; stretches++) {
    const step = steps.next();
    if (step.done === true)
      return [step.value.map(({ source, position }) => `${source} ${position}`), stretches];
  }
}
const found = (query: string, count = 10): string[] => search(all, query, count)[0];

describe("the search over all conversations", () => {
  it("finds code by its path, its place, and its lines", () => {
    const text = writeCode({ words: "Why?", heading: "", code: "const total_sum = add(1);" }, somePart).text;
    const where = [
      { source: "lobby", entries: [message(1, "anna", text, { part: somePart }), message(2, "bobby", "no")] },
    ];
    for (const query of ["src/a.ts", "src/a.ts:12-13", "a.ts:12 why", "total_sum", "const add(1)"])
      assert.deepEqual(search(where, query, 10)[0], ["lobby 0"], query);
    assert.deepEqual(search(where, "src/b.ts", 10)[0], []);
  });

  it("finds problems, failed tests and outputs by what they say, their place, and their lines", () => {
    const code = { part: { ...somePart, at: 0 }, heading: "", code: "const total_sum = add(1);" };
    const problem = { severity: "error", message: "Not a number.", source: "ts", code: "2322" } as const;
    const failure = { message: "too few", expected: "two", actual: "one", stack: ["add (src/add.ts:3:1)"] };
    const quotes = [
      problemQuote(code, problem) ?? assert.fail(),
      failureQuote({ name: "sums › adds", path: "test/add.test.ts", line: 4 }, failure),
      outputQuote("one\n3 errors", { command: "npm test", exitCode: 1 }) ?? assert.fail(),
    ];
    const entries = quotes.map((quote, at) => {
      const written = writeCode({ words: "", ...quote }, quote.part);
      return message(at, "anna", written.text, { part: { ...quote.part, at: written.at } });
    });
    for (const [query, ...positions] of [
      ["not a number", 0],
      ["2322 src/a.ts:12", 0],
      ["total_sum", 0],
      ["sums adds", 1],
      ["add.test.ts:4 two", 1],
      ["src/add.ts:3", 1],
      ["npm test", 2],
      ["exit code 1", 2],
      ["3 errors", 2],
      ["one", 2, 1],
    ] as const) {
      const expected = positions.map((position) => `lobby ${position}`);
      assert.deepEqual(search([{ source: "lobby", entries }], query, 10)[0], expected, query);
    }
  });

  it("finds messages with all words, in any order, newest first", () => {
    assert.deepEqual(found("broken"), ["bobby 0", "lobby 0"]);
    assert.deepEqual(found("broken BUILD"), ["lobby 0"]);
    assert.deepEqual(found("nothing"), []);
  });

  it("searches authors, and treats variants of a letter as equal", () => {
    assert.deepEqual(found("anna"), ["lobby 0"]);
    assert.deepEqual(found("cafe\u0301"), ["lobby 2"]);
  });

  it("ignores Markdown characters within a word, and finds those characters as well", () => {
    const texts = [
      "a f**or**k",
      "snake\\_case",
      "see [do](https://example.com/x)cs",
      "~~un~~do `co`de",
      "(_emphasis_)",
    ];
    const where = [{ source: "lobby", entries: texts.map((text, at) => message(at, "bobby", text)) }];
    const at = (query: string) => search(where, query, 10)[0];
    assert.deepEqual(at("fork a"), ["lobby 0"]);
    assert.deepEqual(at("snake_case"), ["lobby 1"]);
    assert.deepEqual(at("docs"), ["lobby 2"]);
    assert.deepEqual(at("example.com/x"), ["lobby 2"]);
    assert.deepEqual(at("undo code"), ["lobby 3"]);
    assert.deepEqual(at("(emphasis)"), ["lobby 4"]);
    assert.deepEqual(at("**or**"), ["lobby 0"]);
  });

  it("returns no more than requested, and the newest of all without a query", () => {
    assert.deepEqual(found("", 2), ["lobby 2", "bobby 0"]);
  });

  it("never sorts a long run of combining marks, and finds the text around it", () => {
    const rows: number[] = [];
    const { normalize } = String.prototype as { normalize: (this: string, form: string) => string };
    Reflect.set(String.prototype, "normalize", function (this: string, form: string) {
      rows.push(...(this.match(/(?:(?!\u034f)\p{M})+/gu) ?? []).map((row) => row.length));
      return Reflect.apply(normalize, this, [form]);
    });
    try {
      const text = `needle a${"\u0301\u0316".repeat(4_000)} thread`;
      const where = [{ source: "lobby", entries: [message(0, "mallory", text)] }];
      assert.deepEqual(search(where, "thread needle", 10)[0], ["lobby 0"]);
    } finally {
      Reflect.set(String.prototype, "normalize", normalize);
    }
    assert.equal(Math.max(...rows), 30);
  });

  it("yields to others more often the longer a text gets when folded", () => {
    // One character becomes eighteen.
    const entries = Array.from({ length: 40 }, (_, n) => message(n, "mallory", "\ufdfa".repeat(5_000)));
    const [finds, stretches] = search([{ source: "lobby", entries }], "nothing", 10);
    assert.deepEqual(finds, []);
    assert.ok(stretches >= 40, String(stretches));
    assert.deepEqual(search(all, "broken", 10)[1], 1);
  });
});
