// The reason for leaving that others get.
import { closeCodes } from "../../protocol/errors.ts";
import type { LeaveReason } from "../../protocol/rendezvous.ts";

/** The reason that the code of a client's closing frame stands for. */
export function leaveReason(code: number): LeaveReason {
  if (code === closeCodes.quit) return "quit";
  return code === closeCodes.goingAway ? "closed" : "lost";
}
