// Shows that the other side is typing, in a line that is always there, so that nothing moves.
import { useEffect, useRef, useState } from "preact/hooks";
import type { SessionView } from "../../protocol/webview.ts";
import { texts } from "../base/texts.ts";

type TypingLineProps = { readonly session: SessionView };

export function TypingLine({ session }: TypingLineProps) {
  const { name, end } = session;
  const typing = session.peer?.typing === true && session.state === "open";
  // Announced once per message, and only while it is being typed: neither a pause nor its end is announced.
  const line = `${session.number} ${end}`;
  const told = useRef({ line, typing: false, paused: false });
  if (told.current.line !== line) told.current = { line, typing, paused: false };
  if (told.current.typing && !typing) told.current.paused = true;
  told.current.typing = typing;
  // A live region that is inserted together with its text is not announced.
  const [isThere, setIsThere] = useState(false);
  useEffect(() => setIsThere(true), []);
  return (
    <div class="typing">
      <span class="unseen" aria-live="polite">
        {isThere && typing && !told.current.paused ? texts.typing(name) : null}
      </span>
      {typing ? (
        <span aria-hidden="true" dir="auto">
          {texts.typing(name)}
        </span>
      ) : null}
    </div>
  );
}
