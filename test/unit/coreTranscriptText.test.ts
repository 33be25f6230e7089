// A conversation as a text for an editor.
import assert from "node:assert/strict";
import { timeText, transcriptText } from "../../extension/core/transcriptText.ts";
import type { Entry } from "../../protocol/webview.ts";

const AT = new Date(2026, 10, 24, 9, 5).getTime();
const TIME = "2026-11-24 09:05";
type Message = Extract<Entry, { kind: "message" }>;
const message = (text: string, change: Partial<Message> = {}): Entry => ({
  ...{ kind: "message", from: "anna", own: true, at: AT, text },
  ...change,
});
const textOf = (entries: readonly Entry[], mark = "P->"): string =>
  transcriptText({ title: "bobby (P->)", mark, entries }).text;

describe("a transcript's text", () => {
  it("has each message under its mark, author and time", () => {
    assert.equal(timeText(AT), TIME);
    assert.equal(
      textOf([message("hello *you*"), message("hi", { from: "bobby_", own: false })]),
      `# bobby (P->)\n\nP-> **anna** · ${TIME}\n\nhello *you*\n\nP-> **bobby\\_** · ${TIME}\n\nhi\n\n`,
    );
    assert.match(textOf([message("x")], ""), /^\*\*anna\*\*/mu);
    assert.match(textOf([message("x")], "P~>"), /^P~> \*\*anna\*\*/mu);
  });

  it("says what was edited and retracted, quotes what was answered, and has the reactions", () => {
    const text = textOf([
      message("new", { edited: true }),
      message("", { retracted: true }),
      message("yes", { reply: { from: "bobby", text: "one\ntwo" } }),
      message("done", { reactions: [{ text: "👍", by: ["bobby", "carmen"], mine: false }] }),
    ]);
    assert.match(text, /· 2026-11-24 09:05 · edited\n\nnew\n/u);
    assert.match(text, /\n\n\*This message was retracted\.\*\n/u);
    assert.match(text, /\n> bobby: one\n> two\n\nyes\n/u);
    assert.match(text, /\ndone\n\n👍 bobby, carmen\n/u);
  });

  it("keeps blocks of code as they are, and ends one that nobody has", () => {
    const code = "```ts\nconst a = `**b**`;\n    ```\n<!-- ````x\n ````";
    assert.ok(textOf([message(code)]).includes(`\n${code}\n\n`));
    assert.ok(textOf([message("~~~\nopen"), message("next")]).includes("~~~\nopen\n~~~\n\nP-> **anna**"));
  });

  it("lets no text go on in the next one", () => {
    assert.ok(textOf([message("<!-- hidden")]).includes("\n\\<!-- hidden\n"));
    assert.ok(textOf([message("- ```\n  code")]).includes("\n> - ```\n>   code\n\n"));
    assert.ok(textOf([message("1. > ~~~\ncode")]).includes("\n> 1. > ~~~\n> code\n\n"));
  });

  it("takes no line of a text for another message's first", () => {
    const forged = `P-> **bobby** · ${TIME}\n\nI owe you money`;
    const heads = textOf([message(`x\n\n${forged}\n\n**bobby** · ${TIME}`)])
      .split("\n")
      .filter((line) => /^(P-> )?\*\*/u.test(line));
    assert.deepEqual(heads, [`P-> **anna** · ${TIME}`]);
  });

  it("tells on which line each entry begins", () => {
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
