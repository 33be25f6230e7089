// Says that the other side is writing, in a line that is always there so that nothing moves. Rendered above the composer
// of a private session.
import { useEffect, useState } from "preact/hooks";
import type { SessionView } from "../protocol/webview.ts";
import { texts } from "./texts.ts";

type TypingLineProps = { readonly session: SessionView };

export function TypingLine({ session }: TypingLineProps) {
  const { name, end } = session;
  const typing = session.peer?.typing === true && session.state === "open";
  // Said aloud once for what is being written: pauses are not news, only what comes of it is.
  const [told, setTold] = useState(false);
  useEffect(() => setTold(typing), [session.number, end]);
  useEffect(() => {
    if (typing) setTold(true);
  }, [typing]);
  return (
    <div class="typing">
      <span class="unseen" aria-live="polite">
        {told ? texts.typing(name) : ""}
      </span>
      {typing ? (
        <span aria-hidden="true" dir="auto">
          {texts.typing(name)}
        </span>
      ) : null}
    </div>
  );
}
