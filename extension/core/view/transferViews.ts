// How far the files are that messages offer, as their cards show it.
import * as l10n from "@vscode/l10n";
import type { SessionNumber, TransferName, TransferView } from "../../../protocol/webview.ts";
import type { Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import type { Failure } from "../transfers/receivingState.ts";
import type { TransferStatus } from "../transfers/status.ts";

export function transferViews(state: State): TransferView[] {
  return [...placed(state).values()].map(viewOf);
}

export type TransferChanges = { readonly changed: TransferView[]; readonly gone: TransferName[] };

/** What makes the views of one state those of another; null if that is nothing. */
export function transferChanges(before: State, after: State): TransferChanges | null {
  if (before.transfers === after.transfers && before.sessions.length === after.sessions.length) return null;
  const [former, now] = [placed(before), placed(after)];
  const changed = [...now].flatMap(([key, transfer]) =>
    former.get(key)?.status === transfer.status ? [] : [viewOf(transfer)],
  );
  const gone = [...former].flatMap(([key, transfer]) => (now.has(key) ? [] : [nameOf(transfer)]));
  return changed.length === 0 && gone.length === 0 ? null : { changed, gone };
}

type Placed = { readonly session: SessionNumber; readonly status: TransferStatus };

/** The transfers of sessions that there are. */
function placed({ sessions, transfers }: State): Map<string, Placed> {
  if (transfers.length === 0) return new Map();
  const numbers = new Map(
    sessions.flatMap((session) => (session.kind === "peer" ? [[session.sid, session.number] as const] : [])),
  );
  return new Map(
    transfers.flatMap((status) => {
      const session = numbers.get(status.sid);
      return session === undefined
        ? []
        : [[`${session}/${status.way}/${status.id}`, { session, status }] as const];
    }),
  );
}

function nameOf({ session, status: { id, way } }: Placed): TransferName {
  return { session, id, own: way === "out" };
}

export function viewOf(transfer: Placed): TransferView {
  const { bytes, rate, secondsLeft } = transfer.status;
  return { ...nameOf(transfer), state: stateOf(transfer.status), bytes, rate, secondsLeft };
}

/** How much of the files that are on their way now is there; null if there are none. */
export function percentUnderWay({ transfers }: State): number | null {
  return percentOf(transfers.filter(isRunning));
}

/** How far the files of a session are, as `sending 40%`; empty if none is on its way. */
export function transfersText({ transfers }: Pick<State, "transfers">, session: Session): string {
  if (session.kind !== "peer" || transfers.length === 0) return "";
  const running = transfers.filter((status) => status.sid === session.sid && isRunning(status));
  const sent = percentOf(running.filter(({ way }) => way === "out"));
  const received = percentOf(running.filter(({ way }) => way === "in"));
  const texts = [
    ...(sent === null ? [] : [l10n.t("sending {0}%", sent)]),
    ...(received === null ? [] : [l10n.t("receiving {0}%", received)]),
  ];
  return texts.join(", ");
}

function isRunning({ phase: { phase } }: TransferStatus): boolean {
  return phase === "fetching" || phase === "sending";
}

function percentOf(running: readonly TransferStatus[]): number | null {
  const sum = (of: (status: TransferStatus) => number): number =>
    running.reduce((total, status) => total + of(status), 0);
  return running.length === 0
    ? null
    : Math.floor(
        (100 * sum(({ bytes }) => bytes)) /
          Math.max(
            1,
            sum(({ size }) => size),
          ),
      );
}

function stateOf(status: TransferStatus): TransferView["state"] {
  if (status.way === "in") return incomingState(status.phase);
  const { phase } = status;
  switch (phase.phase) {
    case "sending":
      return { phase: "running" };
    case "failed":
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
  if (why === "changed" || why === "gone" || why === "many") return why;
  return why === "canceled" ? "withdrawn" : "damaged";
}
