// The delivery state of an own message in a private session.
import type { PendingMessage, SessionView } from "../../protocol/webview.ts";
import type { Chunk } from "../store/chunks.ts";
import { DeliveryIcon } from "../base/icons.tsx";
import { isLine } from "../store/pendingKind.ts";
import { deliveryTexts, type Delivery } from "../base/texts.ts";

/** For an acknowledged message. */
export function deliveryOf(seq: number | undefined, readUpTo: number): Delivery {
  return seq !== undefined && seq <= readUpTo ? "read" : "received";
}

/** For an unacknowledged message. Null in the lobby, and for a failed one. */
export function deliveryOfPending(session: SessionView, { status }: PendingMessage): Delivery | null {
  if (session.peer === undefined || status === "failed") return null;
  return status === "sending" ? "sent" : "waiting";
}

/** The own message that shows it in words, which is the last: a pending one's id, or another's index. */
export function shownDelivery(session: SessionView, list: readonly Chunk[]): string | number | null {
  if (session.peer === undefined) return null;
  const pending = session.pending.findLast((message) => message.status !== "failed" && isLine(message));
  if (pending !== undefined) return pending.id;
  for (const chunk of list.toReversed()) {
    const at = chunk.entries.findLastIndex((entry) => entry.kind === "message" && entry.own);
    if (at >= 0) return chunk.index + at;
  }
  return null;
}

export function DeliveryLine({ delivery }: { readonly delivery: Delivery }) {
  return (
    <div class={`delivery state ${delivery}`} aria-live="off">
      <DeliveryIcon delivery={delivery} />
      <span>{deliveryTexts[delivery]}</span>
    </div>
  );
}
