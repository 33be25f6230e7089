// How far the files are that messages offer, as their cards show it.
import type { TransferView } from "../../../protocol/webview.ts";
import type { State } from "../model/state.ts";
import type { Failure } from "../transfers/receivingState.ts";
import type { TransferStatus } from "../transfers/status.ts";

export function transferViews({ sessions, transfers }: State): TransferView[] {
  const numbers = new Map(
    sessions.flatMap((session) => (session.kind === "peer" ? [[session.sid, session.number] as const] : [])),
  );
  return transfers.flatMap((status) => {
    const session = numbers.get(status.sid);
    if (session === undefined) return [];
    const { id, way, bytes, rate, secondsLeft } = status;
    return [{ session, id, own: way === "out", state: stateOf(status), bytes, rate, secondsLeft }];
  });
}

/** How much of the files that are on their way now is there; null if there are none. */
export function percentUnderWay({ transfers }: State): number | null {
  const running = transfers.filter(({ phase }) => phase.phase === "fetching" || phase.phase === "sending");
  const sum = (of: (status: TransferStatus) => number): number =>
    running.reduce((total, status) => total + of(status), 0);
  return running.length === 0
    ? null
    : Math.floor((100 * sum(({ bytes }) => bytes)) / sum(({ size }) => size));
}

/** Whether two states have the same views. */
export function keepsTransfers(before: State, after: State): boolean {
  if (before.transfers !== after.transfers) return false;
  return after.transfers.length === 0 || before.sessions.length === after.sessions.length;
}

function stateOf(status: TransferStatus): TransferView["state"] {
  if (status.way === "in") return incomingState(status.phase);
  const { phase } = status;
  switch (phase.phase) {
    case "failed":
      return phase.why === "canceled" ? { phase: "canceled" } : { phase: "failed", why: phase.why };
    case "sending":
      return { phase: "running" };
    case "paused":
      return phase;
    default:
      return { phase: phase.phase };
  }
}

function incomingState(phase: Extract<TransferStatus, { way: "in" }>["phase"]): TransferView["state"] {
  switch (phase.phase) {
    case "failed":
      return { phase: "failed", why: whyOf(phase.why) };
    case "accepted":
      return { phase: "waiting" };
    case "fetching":
      return { phase: "running" };
    case "done":
      return { phase: "received" };
    case "paused":
      return phase;
    default:
      return { phase: phase.phase };
  }
}

function whyOf(why: Failure): Extract<TransferView["state"], { phase: "failed" }>["why"] {
  if (why === "changed" || why === "gone") return why;
  return why === "canceled" ? "withdrawn" : "damaged";
}
