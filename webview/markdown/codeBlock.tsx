// A code block with its language, which can be copied, or inserted into the editor.
import type { ComponentChildren } from "preact";
import { texts } from "../base/texts.ts";
import { CodeActions } from "./codeActions.tsx";
import { FileLink } from "./links.tsx";
import type { Colour, RichElement } from "./rich.ts";
import { ScrolledBox } from "./scrolledBox.tsx";

type CodeBlockProps = { readonly block: Extract<RichElement, { kind: "code" }> };

const names = { copy: texts.copyCode, insert: texts.insertCode };

export function CodeBlock({ block }: CodeBlockProps) {
  const { language, code, colours } = block;
  return (
    <div class="code">
      <div class="code-head">
        <span class="language">
          <bdi>{language === "" ? texts.code : language}</bdi>
        </span>
        <CodeActions code={code} names={names} role="status" />
      </div>
      <ScrolledBox as="pre" dir="ltr">
        <code>{coloured(colours)}</code>
      </ScrolledBox>
    </div>
  );
}

export function coloured(colours: readonly Colour[]): ComponentChildren[] {
  return colours.map((colour) => {
    if (typeof colour === "string") return colour;
    const children = coloured(colour.children);
    return "reference" in colour ? (
      <FileLink reference={colour.reference}>{children}</FileLink>
    ) : (
      <span class={colour.classes}>{children}</span>
    );
  });
}
