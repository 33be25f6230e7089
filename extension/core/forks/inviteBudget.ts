// Limits how many invitations a window accepts: some at once, then one at a time. Ten thousand produce one quiet line.
import { limits } from "../../../protocol/limits.ts";
import type { State } from "../model/state.ts";
import type { Turn } from "../model/turn.ts";

/** Milliseconds without an excess invitation after which the next one is announced again. */
const QUIET_MS = 60_000;

/** The burst allowed after a pause. Peers introduce people by hand. */
const bursts = { server: limits.inviteBurst, peers: limits.forkBurst } as const;

/**
 * Takes one from the budget of the inviting side. Introductions by peers and invitations from the server must not use
 * up each other's budget.
 */
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
