// Finds peer channels in the state and changes them.
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { PeerSession } from "../model/session.ts";
import type { Way } from "../model/ports.ts";
import type { PeerChannel } from "../model/peerChannel.ts";
import type { Turn } from "../model/turn.ts";

export function findChannel(turn: Turn, sid: SessionId | string): PeerChannel | undefined {
  return turn.state.channels.find((channel) => channel.sid === sid);
}

export function channelOfLink(turn: Turn, link: string): PeerChannel | undefined {
  return turn.state.channels.find((channel) => channel.link?.id === link || channel.dial?.id === link);
}

export function setChannel(turn: Turn, sid: SessionId, change: Partial<PeerChannel>): void {
  turn.set({
    channels: turn.state.channels.map((channel) =>
      channel.sid === sid ? { ...channel, ...change } : channel,
    ),
  });
}

/** Keeps the results of dialed paths for the diagnosis. */
export function keepDialResults(turn: Turn, channel: PeerChannel, ways: readonly Way[]): void {
  const placeOf = ({ address }: Way): string => JSON.stringify(address);
  const anew = new Set(ways.map(placeOf));
  const kept = [...channel.ways.filter((way) => !anew.has(placeOf(way))), ...ways];
  setChannel(turn, channel.sid, { ways: kept.slice(-(limits.addresses + 1)) });
}

export function removeChannel(turn: Turn, sid: SessionId): void {
  turn.set({ channels: turn.state.channels.filter((channel) => channel.sid !== sid) });
  turn.emit(
    { type: "cancel", key: `redial:${sid}` },
    { type: "cancel", key: `relay:${sid}` },
    { type: "cancel", key: `direct:${sid}` },
  );
}

/** The session on a channel, unless it has ended. */
export function sessionOf(turn: Turn, sid: SessionId): PeerSession | undefined {
  const [, ...peers] = turn.state.sessions;
  return peers.find((session) => session.sid === sid && session.link !== "ended");
}

/** The keys to let in: of sessions, of accepted forks, and of peers that are still owed a goodbye. */
export function wantedPins(turn: Turn): Pin[] {
  const { channels, farewells, invites } = turn.state;
  const accepted = invites.filter(({ phase }) => phase === "accepted");
  return [...new Set([...channels, ...farewells, ...accepted].map(({ pin }) => pin))].sort();
}

/** The private session with the person of that name that has not ended. */
export function livingSession(turn: Turn, name: string): PeerSession | undefined {
  const key = nameKey(name);
  const [, ...peers] = turn.state.sessions;
  return peers.find((session) => session.link !== "ended" && nameKey(session.peer) === key);
}
