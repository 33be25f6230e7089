// A conversation as a text for an editor.
import assert from "node:assert/strict";
import { timeText, transcriptText } from "../../../../extension/core/view/transcriptText.ts";
import { writeCode } from "../../../../protocol/codeText.ts";
import type { QuotingPart } from "../../../../protocol/part.ts";
import type { Entry, MessageEntry } from "../../../../protocol/webview.ts";
import { somePart } from "../../../support/sampleValues.ts";

const AT = new Date(2026, 10, 24, 9, 5).getTime();
const TIME = "2026-11-24 09:05";
const message = (text: string, change: Partial<MessageEntry> = {}): Entry => ({
  ...{ kind: "message", from: "anna", own: true, at: AT, text },
  ...change,
});
const textOf = (entries: readonly Entry[], mark = "P->"): string =>
  transcriptText({ title: "bobby (P->)", mark, entries }).text;

describe("an exported transcript", () => {
  it("shows each message under its mark, author and time", () => {
    assert.equal(timeText(AT), TIME);
    assert.equal(
      textOf([message("hello *you*"), message("hi", { from: "bobby_", own: false })]),
      `# bobby (P->)\n\nP-> **anna** · ${TIME}\n\n> hello *you*\n\nP-> **bobby\\_** · ${TIME}\n\n> hi\n\n`,
    );
    assert.match(textOf([message("x")], ""), /^\*\*anna\*\*/mu);
    assert.match(textOf([message("x")], "P~>"), /^P~> \*\*anna\*\*/mu);
  });

  it("marks edits and retractions, quotes the message replied to, and lists reactions", () => {
    const text = textOf([
      message("new", { edited: true }),
      message("", { retracted: true }),
      message("yes", { reply: { from: "bobby", text: "one\ntwo" } }),
      message("done", { reactions: [{ text: "👍", by: ["bobby", "carmen"], mine: false }] }),
    ]);
    assert.match(text, /· 2026-11-24 09:05 · edited\n\n> new\n/u);
    assert.match(text, /\n\n\*This message was retracted\.\*\n/u);
    assert.match(text, /\n> > bobby: one\n> > two\n>\n> yes\n/u);
    assert.match(text, /\n> done\n\n👍 bobby, carmen\n/u);
  });

  const bodyOf = (text: string): string[] =>
    textOf([message(text)])
      .trimEnd()
      .split("\n")
      .slice(4);

  it("has code in its block, below its path and lines", () => {
    const { text } = writeCode({ words: "look", heading: "", code: "const a = `b`;\n- c" }, somePart);
    const exported = textOf([message(text, { part: somePart })])
      .trimEnd()
      .split("\n")
      .slice(4);
    assert.deepEqual(exported, [
      ...["> look", ">", "> src/a.ts:12-13", "> ```typescript", "> const a = `b`;", "> - c", "> ```"],
    ]);
  });

  const card = (words: string, code: string, part: QuotingPart = somePart): string[] => {
    const { text, at } = writeCode({ words, heading: "", code }, part);
    return textOf([message(text, { part: { ...part, at } })])
      .trimEnd()
      .split("\n")
      .slice(4);
  };

  it("has code in its block, whatever the words above it begin", () => {
    const block = ["> src/a.ts:12-13", "> ```typescript", "> <b>$x$", "> $y$", "> ```"];
    for (const words of ["- one\n- two", "> quoted", "1. first"])
      assert.deepEqual(card(words, "<b>$x$\n$y$").slice(-5), block, words);
    assert.deepEqual(card("~~~\nopen", "<b>$x$\n$y$"), ["> ~~~", "> open", "> ~~~", ">", ...block]);
  });

  it("treats code as text where the words may end its block", () => {
    const exported = card("- one\n\n```", "```\n<b>");
    assert.ok(exported.includes("> &lt;b>"), exported.join("\n"));
  });

  it("has the output of a command, and code that previews would draw, in a block of text", () => {
    const output = { kind: "output", at: 0, command: "ls" } as const;
    assert.deepEqual(card("", "<b>", output), ["> ```text", "> <b>", "> ```"]);
    const drawn = card("", "x\ny", { ...somePart, language: "mermaid" });
    assert.deepEqual(drawn, ["> src/a.ts:12-13", "> ```text", "> x", "> y", "> ```"]);
  });

  it("has what a problem and a failed test say above their lines", () => {
    const quote = (heading: string, part: QuotingPart): string[] => {
      const { text, at } = writeCode({ words: "Why?", heading, code: "<b>\n<i>" }, part);
      return textOf([message(text, { part: { ...part, at } })])
        .trimEnd()
        .split("\n")
        .slice(4);
    };
    assert.deepEqual(quote("error: <b>\n  two", { ...somePart, kind: "problem", severity: "error" }), [
      ...["> Why?", ">", "> error: &lt;b>", ">   two", ">"],
      ...["> src/a.ts:12-13", "> ```typescript", "> <b>", "> <i>", "> ```"],
    ]);
    assert.deepEqual(
      quote("Test failed: adds", { kind: "test", at: 0, name: "adds", path: "a.test.ts", line: 4 }),
      ["> Why?", ">", "> Test failed: adds", ">", "> a.test.ts:4", "> ```diff", "> <b>", "> <i>", "> ```"],
    );
  });

  it("keeps what Markdown would take for marks in a path", () => {
    const drawn = card("", "x\ny", { ...somePart, path: "src/__tests__/a.ts" });
    assert.equal(drawn[0], "> src/\\_\\_tests\\_\\_/a.ts:12-13");
  });

  it("says which line of the code a reply is about", () => {
    const reply = { from: "bobby", text: "src/a.ts:12-13", range: { from: 12, to: 13 } };
    const answer = (change: object): string =>
      textOf([message("yes", { reply, part: { kind: "note", line: 2 }, ...change })]);
    assert.match(answer({}), /\n> > bobby · line 13: src\/a\.ts:12-13\n>\n> yes\n/u);
    for (const change of [{ part: { kind: "note", line: 3 } }, { reply: { ...reply, text: "" } }])
      assert.match(answer(change), /\n> > bobby: /u);
  });

  it("quotes each text, and keeps code blocks as they are", () => {
    assert.deepEqual(bodyOf("```ts\nconst a = `**b**`;\n- <b>\n    ```\n<!--\n ````"), [
      ...["> ```ts", "> const a = `**b**`;", "> - <b>", ">     ```", "> <!--", ">  ````"],
    ]);
    assert.deepEqual(bodyOf("one\n\n~~~\nopen"), ["> one", ">", "> ~~~", "> open"]);
  });

  it("contains no HTML, no pictures, and only links to the web", () => {
    assert.deepEqual(bodyOf("<!-- x <div hidden>"), ["> &lt;!-- x &lt;div hidden>"]);
    assert.deepEqual(bodyOf("![x](https://example.org/x.png)"), ["> !\\[x](https://example.org/x.png)"]);
    assert.deepEqual(bodyOf("[a](https://example.org) [b](command:x) [c]( <command:x>)"), [
      "> [a](https://example.org) [b]\\(command:x) [c]\\( &lt;command:x>)",
    ]);
    assert.deepEqual(bodyOf("[a]: command:x"), ["> [a]\\: command:x"]);
    assert.deepEqual(bodyOf("<command:x>"), ["> &lt;command:x>"]);
  });

  it("contains no formulas: their delimiters are escaped, but prices are not", () => {
    assert.deepEqual(bodyOf("it is $5"), ["> it is $5"]);
    assert.deepEqual(bodyOf("$x$ \\$y\\$ \\\\$z"), ["> \\$x\\$ \\$y\\$ \\\\\\$z"]);
    assert.deepEqual(bodyOf("$$\n```\n$$\n```\n<b>"), ["> \\$\\$", "> ```", "> $$", "> ```", "> &lt;b>"]);
    assert.deepEqual(bodyOf("```|a\n|-|\n<b>").slice(0, 1), ["> ```text"]);
    assert.deepEqual(bodyOf("```math\nx\n```\n~~~ {mermaid}"), ["> ```text", "> x", "> ```", "> ~~~text"]);
    assert.equal(
      textOf([message("", { reply: { from: "bobby", text: "$x$" } })]).includes("> > bobby: \\$x\\$"),
      true,
    );
  });

  it("treats as code only what every reader treats as code", () => {
    assert.equal(bodyOf("```\n```\u00a0\n```\n<b>")[3], "> &lt;b>");
    const link = "[b](command:x)";
    const shown = "> [b]\\(command:x)";
    assert.equal(bodyOf(`\`\`\` \`x\`\n${link}`)[1], shown);
    assert.equal(bodyOf(`\t\`\`\`\n${link}`)[1], shown);
    assert.equal(bodyOf(`~~~\n  ~~~\n${link}`)[2], shown);
    assert.equal(bodyOf(`- a\n  ~~~\n~~~\nb\n~~~\n${link}`)[5], shown);
  });

  it("never lets a line of a text pass for another message's first line", () => {
    const forged = `P-> **bobby** · ${TIME}\n\nI owe you money`;
    const heads = textOf([message(`x\n\n${forged}\n\n**bobby** · ${TIME}`)])
      .split("\n")
      .filter((line) => /^(P-> )?\*\*/u.test(line));
    assert.deepEqual(heads, [`P-> **anna** · ${TIME}`]);
  });

  it("knows the line on which each entry begins", () => {
    const entries: Entry[] = [
      message("one\ntwo"),
      { kind: "notice", level: "info", at: AT, text: "bobby *has* joined." },
      { kind: "notice", level: "output", at: AT, text: "*0 lobby\n 1 bobby" },
      message("last"),
    ];
    const { text, lines } = transcriptText({ title: "t", mark: "", entries });
    const all = text.split("\n");
    assert.deepEqual(
      lines.map((line) => all[line]),
      [`**anna** · ${TIME}`, `*${TIME} · bobby \\*has\\* joined.*`, "```text", `**anna** · ${TIME}`],
    );
  });
});
