// Losing the connection to the server. The rejoin usually mends that within a moment, so it is shown only if it lasts.
import { limits } from "../../../protocol/limits.ts";
import { failForksAtServer } from "../forks/openForks.ts";
import type { CloseCause } from "../model/ports.ts";
import { LOBBY } from "../model/session.ts";
import type { Turn } from "../model/turn.ts";
import { findName, sortNames } from "../people/nameList.ts";
import { lobbyClosed } from "../texts/texts.ts";

/** Milliseconds before a loss is shown. */
const GRACE_MS = 2_000;

/** Milliseconds after which a connection counts as stable. */
const STABLE_MS = 10_000;

/** Milliseconds after our own rejoin within which others rejoin, too. */
const REJOIN_MS = 30_000;

/** @param since when it was joined */
export function isStable(turn: Turn, since: number): boolean {
  return turn.at - since >= STABLE_MS;
}

/**
 * A connection that had been joined has ended.
 * @param since when it was joined
 */
export function lost(turn: Turn, since: number, cause: CloseCause): void {
  const { users } = turn.state;
  // Otherwise a server that accepts us only to drop us would never be shown as away.
  const former = isStable(turn, since) ? null : turn.state.loss;
  const at = former?.at ?? turn.at;
  // A server that drops us again and again could name others each time.
  const missing = former === null ? users : sortNames([...users, ...former.missing].slice(0, limits.clients));
  turn.set({ loss: { at, text: cause.text, shown: false, missing } });
  const ms = Math.min(GRACE_MS, at + GRACE_MS - turn.at);
  if (ms > 0 && isMendable(cause)) turn.emit({ type: "schedule", key: "grace", ms });
  else showLoss(turn);
}

/** Whether joining again may help. */
export function isMendable({ kind }: CloseCause): boolean {
  return kind === "server-stopped" || kind === "dropped" || kind === "unreachable";
}

/** It has lasted too long, or joining again does not help. */
export function showLoss(turn: Turn): void {
  const { connection, loss } = turn.state;
  if (connection.status === "online" || loss === null || loss.shown) return;
  turn.emit({ type: "cancel", key: "grace" });
  turn.set({ loss: { ...loss, shown: true }, users: [] });
  turn.notice(LOBBY, "info", lobbyClosed(loss.text));
  failForksAtServer(turn, loss.text);
}

/**
 * The server is back. Returns whether the user has not seen that it was away.
 * @param users those who are online, in alphabetical order
 */
export function regained(turn: Turn, users: readonly string[]): boolean {
  const { loss } = turn.state;
  if (loss === null) return false;
  turn.set({ loss: { ...loss, missing: loss.missing.filter((name) => !findName(users, name).found) } });
  if (loss.shown) return false;
  turn.emit({ type: "cancel", key: "grace" });
  return true;
}

/** Someone comes online. Returns whether they only rejoin, as this window did: after a server's restart, everyone does. */
export function rejoins(turn: Turn, name: string): boolean {
  const { connection, loss } = turn.state;
  if (loss === null || connection.status !== "online" || turn.at - connection.since > REJOIN_MS) return false;
  const { index, found } = findName(loss.missing, name);
  if (found) turn.set({ loss: { ...loss, missing: loss.missing.toSpliced(index, 1) } });
  return found;
}
