// The reason for leaving that the others are told.
import { closeCodes } from "../../protocol/errors.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";

/** What the code in a client's closing frame says about its leaving. */
export function leaveReason(code: number): LeaveReason {
  if (code === closeCodes.quit) return "quit";
  return code === closeCodes.goingAway ? "closed" : "lost";
}
