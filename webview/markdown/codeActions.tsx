// What can be done with a block of code: copy it, or insert it into the editor.
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { CheckIcon, CopyIcon, InsertIcon } from "../base/icons.tsx";
import { texts } from "../base/texts.ts";
import { Copy, Reached, TextRequests } from "./textContext.ts";

/** Milliseconds that "Copied" is shown. */
const SHOWN_MS = 2000;

type CodeActionsProps = {
  readonly code: string;
  readonly names: { readonly copy: string; readonly insert: string };
  /** Of the element that says that it was copied. A card has another status. */
  readonly role?: "status";
};

export function CodeActions({ code, names, role }: CodeActionsProps) {
  const request = useContext(TextRequests);
  const copy = useContext(Copy);
  const [copied, setCopied] = useState(0);
  useEffect(() => {
    if (copied === 0) return;
    const timer = setTimeout(() => setCopied(0), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <span class="copied" role={role} aria-live={role === undefined ? "polite" : undefined}>
        {copied === 0 ? null : texts.copied}
      </span>
      <CodeAction
        name={names.copy}
        onClick={() => void copy(code).then(() => setCopied((times) => times + 1))}
      >
        {copied === 0 ? <CopyIcon /> : <CheckIcon />}
      </CodeAction>
      <CodeAction name={names.insert} onClick={() => request({ type: "insertCode", text: code })}>
        <InsertIcon />
      </CodeAction>
    </>
  );
}

type CodeActionProps = {
  readonly name: string;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
};

function CodeAction({ name, onClick, children }: CodeActionProps) {
  const reached = useContext(Reached);
  return (
    <button
      class="quiet"
      type="button"
      aria-label={name}
      title={name}
      tabIndex={reached ? 0 : -1}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
