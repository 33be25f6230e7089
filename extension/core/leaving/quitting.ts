// Leaves everything: peers, lobby and server.
import * as l10n from "@vscode/l10n";
import { err } from "../../../protocol/result.ts";
import { network } from "../model/effects.ts";
import { initialState, type State } from "../model/state.ts";
import { failures } from "../texts/texts.ts";
import type { Turn } from "../model/turn.ts";
import { dropChannel } from "../channels/channel.ts";

/** Leaves everything, and reports the reason to pending requests. */
export function quit(turn: Turn): void {
  const { connection, loss, forks, invites, channels, introductions, joinRequest } = turn.state;
  for (const { sid } of channels) dropChannel(turn, sid, "quit");
  for (const { sid } of introductions) turn.emit({ type: "cancel", key: `introduce:${sid}` });
  for (const { id, to, request } of forks) {
    turn.emit({ type: "cancel", key: `fork:${id}` });
    turn.settle(request, err(failures.forkFailed(to, l10n.t("you quit"))));
  }
  for (const { sid, from, request } of invites) {
    turn.emit({ type: "cancel", key: `invite:${sid}` });
    turn.settle(request, err(failures.forkFailed(from, l10n.t("you quit"))));
  }
  for (const { id } of turn.state.questions) turn.emit({ type: "withdraw", question: id });
  if (connection.status === "connecting" || connection.status === "online") {
    turn.emit(network("disconnect", connection.id, "quit"));
  }
  if (turn.state.pacing) turn.emit({ type: "cancel", key: "pace" });
  if (loss?.shown === false) turn.emit({ type: "cancel", key: "grace" });
  turn.emit({ type: "cancel", key: "reconnect" }, network("stopListening"));
  turn.settle(joinRequest, err({ code: "refused", text: l10n.t("You quit before the server answered.") }));
  turn.set(fresh(turn.state));
}

/** The state before joining. Only counters continue, so that nothing old is mistaken for something new. */
export function fresh(state: State): State {
  const {
    instance,
    nextConnection,
    nextMessage,
    nextLink,
    visible,
    focused,
    occupied,
    settings,
    expected,
    presence,
  } = state;
  return {
    ...initialState(instance),
    ...{ nextConnection, nextMessage, nextLink, visible, focused, occupied, settings, expected, presence },
  };
}
