// Links to files in what tools print: pasted as it is, whatever Markdown sees in it, and in a block of code.
import assert from "node:assert/strict";
import * as v from "valibot";
import { FileReference } from "../../../../protocol/fileReference.ts";
import { findReferences } from "../../../../protocol/findReferences.ts";
import { chatText } from "../../../../webview/markdown/chatText.ts";
import { lettersOf, type Colour, type Rich } from "../../../../webview/markdown/rich.ts";
import { toolOutput } from "../../../support/toolOutput.ts";

type Link = { readonly text: string; readonly reference: FileReference };

function linksIn(nodes: readonly Rich[]): Link[] {
  return nodes.flatMap((node) => {
    if (typeof node === "string") return [];
    if (node.kind === "file") return [{ text: lettersOf(node.children), reference: node.reference }];
    return node.kind === "code" ? inCode(node.colours) : linksIn(node.children);
  });
}

function inCode(colours: readonly Colour[]): Link[] {
  return colours.flatMap((colour) => {
    if (typeof colour === "string") return [];
    if ("reference" in colour) return [{ text: lettersIn(colour.children), reference: colour.reference }];
    return inCode(colour.children);
  });
}

function lettersIn(colours: readonly Colour[]): string {
  return colours.map((colour) => (typeof colour === "string" ? colour : lettersIn(colour.children))).join("");
}

/** `text`, and where it leads if that is not what the text says. */
function written({ text, reference }: Link): string {
  assert.ok(v.is(FileReference, reference), JSON.stringify(reference));
  const { path, line, column, toLine, below } = reference;
  const numbers = [line, column].filter((each) => each !== undefined).map(String);
  if ([path, ...numbers].join(":") === text && below === undefined) return text;
  const last = toLine === undefined ? "" : `-${String(toLine)}`;
  return `${text} => ${below === undefined ? "" : `${below} … `}${path}@${numbers.join(":")}${last}`;
}

describe("the output of tools has links to files", () => {
  for (const [tool, { text, links }] of Object.entries(toolOutput)) {
    it(`${tool}, as it is`, () => {
      const found = findReferences(text).map(({ start, end, reference }) => ({
        text: text.slice(start, end),
        reference,
      }));
      assert.deepEqual(found.map(written), links);
    });

    it(`${tool}, pasted into a message`, () => {
      assert.deepEqual(linksIn(chatText(text, () => null) ?? []).map(written), links);
    });

    it(`${tool}, behind a word with emphasis`, () => {
      const message = `What is *this*?\n${text}`;
      assert.deepEqual(linksIn(chatText(message, () => null) ?? []).map(written), links);
    });

    it(`${tool}, in a block of code`, () => {
      const message = `What is *this*?\n\`\`\`\`\n${text}\n\`\`\`\``;
      assert.deepEqual(linksIn(chatText(message, () => null) ?? []).map(written), links);
    });
  }
});

describe("a link to a file stands in a message", () => {
  const shown = (text: string) => {
    const rich = chatText(text, () => null) ?? [];
    return { links: linksIn(rich).map(written), letters: lettersOf(rich) };
  };

  for (const [text, letters, ...links] of [
    [
      "**src/__init__.py:3** and _src/a.ts:4_",
      "src/__init__.py:3 and src/a.ts:4",
      "src/__init__.py:3",
      "src/a.ts:4",
    ],
    [
      "~~src/a.ts:3~~, *a_b/c_d.ts:4*, __e.ts:5__",
      "src/a.ts:3, a_b/c_d.ts:4, e.ts:5",
      "src/a.ts:3",
      "a_b/c_d.ts:4",
      "e.ts:5",
    ],
    ["`src/a_b.ts:3` *and* ``b.ts:4``", "src/a_b.ts:3 and b.ts:4", "src/a_b.ts:3", "b.ts:4"],
    ["- ..\\_x\\!y.cs:3\n- *b*", "..\\_x\\!y.cs:3b", "..\\_x\\!y.cs:3"],
    ["> app/[id]/[...all]/page.tsx:3 *a*", "app/[id]/[...all]/page.tsx:3 a", "app/[id]/[...all]/page.tsx:3"],
    ["[src/a.ts:3](https://example.org) *a*", "src/a.ts:3 a"],
    [
      "<https://example.org/src/a.ts:3> *a* https://example.org/?f=src/b.ts:4",
      "https://example.org/src/a.ts:3 a https://example.org/?f=src/b.ts:4",
    ],
    ["[the line](src/a_b.ts:3) *a*", "[the line](src/a_b.ts:3) a", "src/a_b.ts:3"],
    ["*2* a.ts:3 * b.ts:4 * c.ts:5", "2 a.ts:3 * b.ts:4 * c.ts:5", "a.ts:3", "b.ts:4", "c.ts:5"],
    ["|*a*|b|\n|-|-|\n|src/__a__.ts:3|b|", "absrc/__a__.ts:3b", "src/__a__.ts:3"],
  ] as const) {
    it(text, () => assert.deepEqual(shown(text), { letters, links }));
  }

  it("even where the rest is too much Markdown", () => {
    const text = `${"*a **b ".repeat(2_000)} src/a.ts:3`;
    assert.deepEqual(shown(text).links, ["src/a.ts:3"]);
    assert.equal(shown(text).letters, text);
  });
});
