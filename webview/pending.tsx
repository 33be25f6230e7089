// An own message on its way, or one that could not be sent with what can be done about it. Rendered by the log.
import type { PendingMessage, SessionView } from "../protocol/webview.ts";
import type { PanelStore } from "./panelStore.ts";
import { visibleText } from "./visibleText.ts";

type PendingProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly message: PendingMessage;
};

export function Pending({ store, session, message }: PendingProps) {
  const target = { session: session.number, id: message.id };
  return (
    <div class={`message own opens ${message.status}`}>
      <div class="line">
        {session.mark === undefined ? null : <span class="mark">{session.mark}</span>}
        <div class="text" dir="auto">
          {visibleText(message.text)}
        </div>
      </div>
      {message.status === "sending" ? (
        <div class="delivery">Sending…</div>
      ) : (
        <div class="delivery">
          <span class="reason" dir="auto">
            {message.reason ?? "Not sent"}
          </span>
          <button class="link" type="button" onClick={() => store.send({ type: "retry", ...target })}>
            Send again
          </button>
          <button class="link" type="button" onClick={() => store.send({ type: "discard", ...target })}>
            Discard
          </button>
        </div>
      )}
    </div>
  );
}
