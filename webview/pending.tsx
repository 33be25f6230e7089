// An own message on its way, or one that could not be sent with what can be done about it. Rendered by the log.
import type { PendingMessage, SessionView } from "../protocol/webview.ts";
import { MessageView, type MessageEntry } from "./messageView.tsx";
import type { PanelStore } from "./panelStore.ts";

type PendingProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly message: PendingMessage;
  /** The message as it will stand in the log. */
  readonly entry: MessageEntry;
  readonly opens: boolean;
};

export function Pending({ store, session, message, entry, opens }: PendingProps) {
  const target = { session: session.number, id: message.id };
  const { status } = message;
  // A message on its way is not read aloud: it is when it is confirmed, which is a moment later.
  return (
    <div class="entry" aria-live={status === "sending" ? "off" : undefined}>
      <MessageView
        entry={entry}
        opens={opens}
        mark={session.mark}
        status={status}
        before={
          status === "failed" ? null : (
            <span class="sending-note">{session.state === "away" ? "Waiting…" : "Sending…"}</span>
          )
        }
      />
      {status === "sending" ? null : (
        <div class="delivery">
          <span class="reason" dir="auto">
            {message.reason ?? "Not sent"}
          </span>
          {session.state === "ended" ? null : (
            <button class="link" type="button" onClick={() => store.send({ type: "retry", ...target })}>
              Send again
            </button>
          )}
          <button class="link" type="button" onClick={() => store.send({ type: "discard", ...target })}>
            Discard
          </button>
        </div>
      )}
    </div>
  );
}
