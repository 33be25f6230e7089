// What a window does while it cannot save: it says so once, and in private sessions neither sends nor acknowledges what
// a reload would forget. Everything continues as soon as there is room again.
import * as l10n from "@vscode/l10n";
import type { PendingMessage } from "../../../protocol/webview.ts";
import { type Effect, network } from "../model/effects.ts";
import type { Session } from "../model/session.ts";
import type { State } from "../model/state.ts";
import type { Turn } from "../model/turn.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { StorageFailure, StorageProblem } from "../model/storage.ts";

/** @param resend sends again what waits in a private session, as far as allowed */
export function storageFailed(
  turn: Turn,
  failure: StorageFailure,
  resend: (channel: PeerChannel) => void,
): void {
  const isNews = turn.state.storage?.problem !== failure.problem;
  turn.set({ storage: failure });
  if (isNews) turn.notice(turn.state.active, "error", problemText(failure.problem));
  // Sends what was held back with the unsaved change.
  for (const channel of turn.state.channels) resend(channel);
}

/** Everything is saved again: received messages can be acknowledged, and written ones sent. */
export function storageRecovered(turn: Turn, resend: (channel: PeerChannel) => void): void {
  const { storage, channels } = turn.state;
  turn.set({ storage: null });
  if (storage === null || turn.state.me === null) return;
  turn.notice(turn.state.active, "info", l10n.t("Messages are saved on this machine again."));
  for (const channel of channels) {
    const { sid, link, received } = channel;
    resend(channel);
    if (link === null || received <= (storage.channels.get(sid)?.received ?? 0)) continue;
    turn.emit(network("sendLink", link.id, { type: "ack", received }));
  }
}

/** Conversations cannot be saved. Silent if nothing at all can be saved, which has already been reported. */
export function historyFailed(turn: Turn): void {
  if (turn.state.storage !== null || turn.state.me === null) return;
  turn.notice(
    turn.state.active,
    "error",
    l10n.t("Chat history can't be saved here. Messages will be gone when you leave or quit."),
  );
}

/** The number up to which the peer's messages are saved, so that the peer may drop them. */
export function savedUpTo({ storage }: State, { sid, received }: PeerChannel): number {
  return storage === null ? received : Math.min(received, storage.channels.get(sid)?.received ?? 0);
}

/** Whether an unacknowledged message would be lost in a reload. */
export function isUnsaved({ storage }: State, session: Session, { id, at }: PendingMessage): boolean {
  if (storage === null) return false;
  if (session.kind === "lobby") return at > storage.savedAt;
  return Number(id) > (storage.channels.get(session.sid)?.sent ?? 0);
}

/**
 * Whether a message must not be sent, because after a reload its number would be reused for other text. A session that
 * a reload would not restore at all can continue.
 */
export function isHeldBack(state: State, session: Session, message: PendingMessage): boolean {
  const isKnown = session.kind === "peer" && state.storage?.channels.has(session.sid) === true;
  return isKnown && isUnsaved(state, session, message);
}

/** Whether an effect requires its change to be saved. */
export function needsSaving(effect: Effect): boolean {
  if (effect.type !== "network" || effect.call !== "sendLink") return false;
  const [, { type }] = effect.args;
  return type === "ack" || type === "message";
}

function problemText(problem: StorageProblem): string {
  switch (problem) {
    case "full":
      return l10n.t("Messages can't be saved here (disk full). Private messages wait until they can be.");
    case "read-only":
      return l10n.t(
        "Messages can't be saved here (read-only disk). Private messages wait until they can be.",
      );
    case "denied":
      return l10n.t(
        "Messages can't be saved here (permission denied). Private messages wait until they can be.",
      );
    case "other":
      return l10n.t("Messages can't be saved here (disk error). Private messages wait until they can be.");
  }
}
