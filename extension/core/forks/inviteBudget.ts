// How many invitations a window takes: some at once, then one now and then. Ten thousand are one quiet line.
import { limits } from "../../../protocol/limits.ts";
import type { State } from "../model/state.ts";
import type { Turn } from "../model/turn.ts";

/** Milliseconds without an invitation too many after which the next one is worth a line again. */
const QUIET_MS = 60_000;

/** What may come at once after a pause. Peers who introduce do so by hand. */
const bursts = { server: limits.inviteBurst, peers: limits.forkBurst } as const;

/** Takes one from the budget of who invites: peers who introduce must not use up what is for the server's, nor it theirs. */
export function takeInvite(
  turn: Turn,
  source: keyof State["inviteBudgets"],
): "taken" | "too-many" | "too-many-again" {
  const { inviteBudgets } = turn.state;
  const { left, at, exceededAt } = inviteBudgets[source];
  const keep = (budget: State["inviteBudgets"]["server"]): void =>
    turn.set({ inviteBudgets: { ...inviteBudgets, [source]: budget } });
  const elapsed = Math.max(0, turn.at - at);
  const filled = Math.min(bursts[source], left + (elapsed / 1000) * limits.forksPerSecond);
  if (filled >= 1) {
    keep({ left: filled - 1, at: turn.at, exceededAt });
    return "taken";
  }
  keep({ left: filled, at: turn.at, exceededAt: turn.at });
  return exceededAt !== null && turn.at - exceededAt < QUIET_MS ? "too-many-again" : "too-many";
}
