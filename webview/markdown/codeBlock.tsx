// A code block with its language, which can be copied, or inserted into the editor.
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon, InsertIcon } from "../base/icons.tsx";
import { texts } from "../base/texts.ts";
import type { Colour, RichElement } from "./rich.ts";
import { ScrolledBox } from "./scrolledBox.tsx";
import { Copy, Reached, TextRequests } from "./textContext.ts";

/** Milliseconds that "Copied" is shown. */
const SHOWN_MS = 2000;

type CodeBlockProps = { readonly block: Extract<RichElement, { kind: "code" }> };

export function CodeBlock({ block }: CodeBlockProps) {
  const request = useContext(TextRequests);
  const copy = useContext(Copy);
  const reached = useContext(Reached);
  const [copied, setCopied] = useState(0);
  useEffect(() => {
    if (copied === 0) return;
    const timer = setTimeout(() => setCopied(0), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const { language, code, colours } = block;
  const tabIndex = reached ? 0 : -1;
  return (
    <div class="code">
      <div class="code-head">
        <bdi class="language">{language === "" ? texts.code : language}</bdi>
        <span class="copied" role="status">
          {copied === 0 ? null : texts.copied}
        </span>
        <CodeAction
          name={texts.copyCode}
          tabIndex={tabIndex}
          onClick={() => void copy(code).then(() => setCopied((times) => times + 1))}
        >
          {copied === 0 ? <CopyIcon /> : <CheckIcon />}
        </CodeAction>
        <CodeAction
          name={texts.insertCode}
          tabIndex={tabIndex}
          onClick={() => request({ type: "insertCode", text: code })}
        >
          <InsertIcon />
        </CodeAction>
      </div>
      <ScrolledBox as="pre" dir="ltr">
        <code>{coloured(colours)}</code>
      </ScrolledBox>
    </div>
  );
}

type CodeActionProps = {
  readonly name: string;
  readonly tabIndex: number;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
};

function CodeAction({ name, tabIndex, onClick, children }: CodeActionProps) {
  return (
    <button class="quiet" type="button" aria-label={name} title={name} tabIndex={tabIndex} onClick={onClick}>
      {children}
    </button>
  );
}

function coloured(colours: readonly Colour[]): ComponentChildren[] {
  return colours.map((colour) =>
    typeof colour === "string" ? colour : <span class={colour.classes}>{coloured(colour.children)}</span>,
  );
}
