// When a session's bulk link is dialed, and by which side. Pure: timers are effects.
import { Step, type Outcome } from "./step.ts";

/** How a link goes: straight to the other window, or through the server's relay. */
type Path = "direct" | "relayed";

export type BulkDialing = {
  /** Who dialed the session's link, and so dials the bulk link; null without a link that can have one. */
  readonly dialler: "me" | "peer" | null;
  /** How the session's link goes. */
  readonly path: Path;
  /** This side needs a bulk link; the peer has asked for one, or was asked for one. */
  readonly wanted: boolean;
  readonly asked: boolean;
  readonly bulk: "none" | "waiting" | "dialing" | "open";
  /** The highest number of a bulk link that this side dialed, or that the peer dialed beside this link of the session. */
  readonly n: number;
  /** Dials that failed, and links that ended, since a block came or went. */
  readonly failures: number;
  /** Bulk links beside this link of the session on which the peer broke the rules. */
  readonly refusals: number;
};

export type BulkDialingEvent =
  /** The session's link, and its end. */
  | { readonly type: "linked"; readonly dialler: "me" | "peer"; readonly path: Path }
  | { readonly type: "unlinked" }
  | { readonly type: "want"; readonly wanted: boolean }
  | { readonly type: "asked" }
  /** The bulk link is open. */
  | { readonly type: "opened"; readonly n: number }
  /** A block came and was verified, or went: it works. Anything less costs a peer nothing. */
  | { readonly type: "used" }
  /** The dial failed, or the bulk link is gone. */
  | { readonly type: "closed" }
  /** The same, because the peer broke the rules. */
  | { readonly type: "refused" }
  | { readonly type: "timer" };

export type BulkDialingEffect =
  | { readonly type: "dial"; readonly n: number; readonly path: Path }
  /** Ask the peer for one. */
  | { readonly type: "ask" }
  /** End the dial or the link. */
  | { readonly type: "hangUp" }
  /** Report `timer` after so many milliseconds, or no more. */
  | { readonly type: "schedule"; readonly ms: number }
  | { readonly type: "unschedule" };

/** Dials of the session's address that fail before each second one goes through the relay. */
const DIRECT_TRIES = 2;

/** Milliseconds before a dial after the first failure, doubled with each further one, and at most. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

type Turn = Step<BulkDialing, BulkDialingEffect>;

export const notLinked: BulkDialing = {
  ...{ dialler: null, path: "direct", wanted: false, asked: false },
  ...{ bulk: "none", n: 0, failures: 0, refusals: 0 },
};

export function decide(state: BulkDialing, event: BulkDialingEvent): Outcome<BulkDialing, BulkDialingEffect> {
  const turn: Turn = new Step(state);
  switch (event.type) {
    case "linked":
    case "unlinked":
      end(turn);
      turn.set({ asked: false, failures: 0, refusals: 0 });
      turn.set(event.type === "linked" ? { dialler: event.dialler, path: event.path } : { dialler: null });
      // The dialer never uses a number twice; after a restart it begins again, on another link.
      if (turn.state.dialler === "peer") turn.set({ n: 0 });
      break;
    case "want":
      turn.set({ wanted: event.wanted });
      break;
    case "asked":
      // The peer may have lost a bulk link that still seems open here: it is dialed again once that is noticed.
      if (state.dialler === "me") turn.set({ asked: true });
      break;
    case "opened":
      turn.set({ bulk: "open", n: Math.max(state.n, event.n), asked: false });
      break;
    case "used":
      turn.set({ failures: 0 });
      break;
    case "closed":
      closed(turn);
      break;
    case "refused":
      turn.set({ refusals: state.refusals + 1 });
      closed(turn);
      break;
    case "timer":
      if (state.bulk === "waiting") turn.set({ bulk: "none" });
      break;
  }
  start(turn);
  return turn.outcome;
}

function end(turn: Turn): void {
  const { bulk } = turn.state;
  if (bulk === "waiting") turn.emit({ type: "unschedule" });
  if (bulk === "dialing" || bulk === "open") turn.emit({ type: "hangUp" });
  turn.set({ bulk: "none" });
}

/** The next one has to wait for a moment, on both sides: neither dials nor asks in a loop. */
function closed(turn: Turn): void {
  const { bulk, failures, refusals } = turn.state;
  if (bulk !== "dialing" && bulk !== "open") return;
  turn.set({ bulk: "waiting", failures: failures + 1 });
  const doublings = Math.max(failures, refusals);
  turn.emit({ type: "schedule", ms: Math.min(LONGEST_MS, FIRST_MS * 2 ** doublings) });
}

function start(turn: Turn): void {
  const { dialler, wanted, asked, bulk, n } = turn.state;
  if (bulk !== "none" || dialler === null) return;
  if (dialler === "me" && (wanted || asked)) {
    turn.set({ bulk: "dialing", n: n + 1 });
    turn.emit({ type: "dial", n: n + 1, path: pathOf(turn.state) });
  } else if (dialler === "peer" && wanted && !asked) {
    turn.set({ asked: true });
    turn.emit({ type: "ask" });
  }
}

/** The session's own way. Its address may be closed to further connections: then the relay as well, by turns. */
function pathOf({ path, failures }: BulkDialing): Path {
  const isRelaysTurn = failures >= DIRECT_TRIES && (failures - DIRECT_TRIES) % 2 === 0;
  return path === "relayed" || isRelaysTurn ? "relayed" : "direct";
}
