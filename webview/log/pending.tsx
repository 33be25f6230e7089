// An unacknowledged own message, and what can be done about a failed one.
import * as l10n from "@vscode/l10n";
import { shortForm } from "../../protocol/codeText.ts";
import type { Entry, MessageEntry, PendingMessage, SessionView } from "../../protocol/webview.ts";
import { DeliveryLine } from "../message/delivery.tsx";
import { foldOf } from "../message/fold.tsx";
import { opensGroup } from "./grouping.ts";
import type { LogContext } from "../message/logContext.ts";
import { Quote } from "../message/messageParts.tsx";
import { MessageView } from "../message/messageView.tsx";
import type { PanelStore } from "../store/panelStore.ts";
import { type Delivery, deliveryTexts, texts } from "../base/texts.ts";

type PendingProps = {
  readonly store: PanelStore;
  readonly session: SessionView;
  readonly message: PendingMessage;
};

type PendingLineProps = PendingProps & {
  /** In a private session: its delivery. */
  readonly delivery: Delivery | null;
  /** The message as it will be in the log. */
  readonly entry: MessageEntry;
  readonly previous: Entry | undefined;
  readonly context: LogContext;
  readonly showsDelivery: boolean;
};

export function PendingLine(props: PendingLineProps) {
  const { session, message, entry, previous, context, delivery, showsDelivery } = props;
  const { status } = message;
  const failed = status === "failed";
  const unsaved = message.unsaved === true;
  const note = unsaved ? texts.unsaved : status === "waiting" ? deliveryTexts.waiting : texts.sending;
  // A message in flight is not announced; it is announced when acknowledged, a moment later.
  return (
    <div class="entry" aria-live={failed ? undefined : "off"}>
      <MessageView
        entry={entry}
        opens={opensGroup(entry, previous)}
        mark={session.mark}
        status={status}
        delivery={delivery}
        fold={foldOf(context, message.id, message)}
        context={context}
        quote={<Quote context={context} entry={entry} reached={false} />}
        before={failed || (delivery !== null && !unsaved) ? null : <span class="sending-note">{note}</span>}
      >
        {delivery !== null && showsDelivery ? <DeliveryLine delivery={delivery} /> : null}
      </MessageView>
      {failed ? <Failed {...props} /> : null}
    </div>
  );
}

/** An edit, a retraction or a reaction: invisible until it is acknowledged, except that it waits or failed. */
export function PendingChange(props: PendingProps) {
  const { about, status } = props.message;
  const text = shortForm(props.message);
  const failed = status === "failed";
  const kind = about?.kind === "edit" || about?.kind === "retract" ? about.kind : "react";
  return (
    <div class="entry" aria-live={failed ? undefined : "off"}>
      <p class={`change ${status}`} dir="auto">
        {failed ? texts.changeFailed[kind](text) : texts.changeWaits[kind](text)}
      </p>
      {failed ? <Failed {...props} /> : null}
    </div>
  );
}

function Failed({ store, session, message }: PendingProps) {
  const target = { session: session.number, id: message.id };
  return (
    <div class="delivery">
      <span class="reason" dir="auto">
        {message.reason ?? l10n.t("Not sent")}
      </span>
      {session.state === "ended" ? null : (
        <button class="link" type="button" onClick={() => store.send({ type: "retry", ...target })}>
          {l10n.t("Send again")}
        </button>
      )}
      <button class="link" type="button" onClick={() => store.send({ type: "discard", ...target })}>
        {l10n.t("Discard")}
      </button>
    </div>
  );
}
