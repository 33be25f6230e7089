// What comes over a session's bulk link, and what it means for the files of both directions.
import type { BulkFrame } from "../../../protocol/bulk.ts";
import type { IncomingEvent } from "./incoming.ts";
import type { SendingEvent } from "./sending.ts";

export type BulkLinkEvent =
  /** There is a bulk link with this number, in place of an earlier one. */
  | { readonly type: "bulk/opened"; readonly n: number }
  /** It is gone, for whatever reason, and nothing more comes from it. */
  | { readonly type: "bulk/closed" }
  | { readonly type: "bulk/message"; readonly frame: BulkFrame }
  /** A binary frame. The reader copies its bytes: they are gone when it returns. */
  | { readonly type: "bulk/chunk"; readonly bytes: Uint8Array }
  /** As many bytes wait to be sent as may, and no longer so. */
  | { readonly type: "bulk/full" | "bulk/drained" }
  /** A round trip of the session's own link took so many milliseconds, and ended `at` (monotonic). */
  | { readonly type: "bulk/roundTrip"; readonly ms: number; readonly at: number };

/** For the files that come; null if it is not about them. */
export function toIncoming(event: BulkLinkEvent): IncomingEvent | null {
  switch (event.type) {
    case "bulk/opened":
      return { type: "bulkLink", n: event.n };
    case "bulk/closed":
      return { type: "bulkLink", n: null };
    case "bulk/message":
      return event.frame.type === "credit" ? null : { type: "bulk", frame: event.frame };
    case "bulk/chunk":
      return { type: "chunk", bytes: event.bytes.length };
    case "bulk/roundTrip":
      return { type: "roundTrip", ms: event.ms, at: event.at };
    case "bulk/full":
    case "bulk/drained":
      return null;
  }
}

/** For the files that go; null if it is not about them. */
export function toSending(event: BulkLinkEvent): SendingEvent | null {
  switch (event.type) {
    case "bulk/opened":
      return { type: "bulkLink", n: event.n };
    case "bulk/closed":
      return { type: "bulkLink", n: null };
    case "bulk/message":
      return event.frame.type === "credit" ? { type: "credit", bytes: event.frame.bytes } : null;
    case "bulk/full":
      return { type: "full" };
    case "bulk/drained":
      return { type: "drained" };
    case "bulk/chunk":
    case "bulk/roundTrip":
      return null;
  }
}
