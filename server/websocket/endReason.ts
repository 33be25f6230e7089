// Why the server closes a connection, for the metrics.
import { closeCodes } from "../../protocol/errors.ts";
import type { EndReason } from "../base/tally.ts";

/** The reason that the code of the server's closing frame stands for. */
export function endReason(code: number): EndReason {
  switch (code) {
    case closeCodes.goingAway:
      return "stopping";
    case closeCodes.tryAgainLater:
      return "evicted";
    case closeCodes.handshakeTimeout:
      return "no-join";
    case closeCodes.tooManyErrors:
      return "too-many-errors";
    case closeCodes.replaced:
      return "replaced";
    default:
      return "protocol";
  }
}
