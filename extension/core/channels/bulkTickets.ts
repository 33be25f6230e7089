// Relay tickets for the bulk link of a session, beside its own link.
import type { SessionId } from "../../../protocol/fields.ts";
import type { ServerMessage } from "../../../protocol/rendezvous.ts";
import { network, transfers } from "../model/effects.ts";
import type { Turn } from "../model/turn.ts";
import { findChannel, setChannel } from "./channelState.ts";
import { takeRelayDial } from "./dialBudget.ts";

type Message<T extends ServerMessage["type"]> = Extract<ServerMessage, { type: T }>;

/** Asks the server for a pair. The transfers get the answer. */
export function ask(turn: Turn, sid: SessionId): void {
  const { connection, place, settings } = turn.state;
  const channel = findChannel(turn, sid);
  const mayAsk =
    connection.status === "online" &&
    place.relaysFiles &&
    settings.connection !== "direct" &&
    channel?.link?.dialler === "me";
  if (!mayAsk || !takeRelayDial(turn, channel)) {
    turn.emit(transfers("relayed", sid, null));
    return;
  }
  const id = turn.newMessageId();
  setChannel(turn, sid, { tickets: id });
  const { peer: to, pin } = channel;
  turn.emit(network("send", connection.id, { type: "tunnel", id, sid, to, pin }));
}

/** The server has given both sides their tickets. */
export function given(turn: Turn, { id, sid, ticket }: Message<"tunneling">): void {
  const { me } = turn.state;
  if (me === null || findChannel(turn, sid)?.tickets !== id) return;
  setChannel(turn, sid, { tickets: null });
  turn.emit(transfers("relayed", sid, { server: me.server, ticket }));
}

/** The peer, which dialed the session's link, waits at the relay. */
export function offered(turn: Turn, { sid, pin, ticket }: Message<"tunnel">): void {
  const { me, settings } = turn.state;
  const channel = findChannel(turn, sid);
  const { dialler, takesFiles = false } = channel?.link ?? {};
  const isExpected = channel?.pin === pin && dialler === "peer" && takesFiles;
  if (me === null || !isExpected || settings.connection === "direct") return;
  if (!takeRelayDial(turn, channel)) return;
  turn.emit(network("meetAtRelay", { server: me.server, ticket }, pin));
}

/** Whether a server error was about such a request. */
export function refused(turn: Turn, id: string): boolean {
  const channel = turn.state.channels.find(({ tickets }) => tickets === id);
  if (channel === undefined) return false;
  setChannel(turn, channel.sid, { tickets: null });
  turn.emit(transfers("relayed", channel.sid, null));
  return true;
}
