// Looking wires up and changing them. For the modules of the wire machine only.
import type { Pin, SessionId } from "../../../protocol/fields.ts";
import { limits } from "../../../protocol/limits.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { PeerSession } from "../model/session.ts";
import type { Way } from "../model/ports.ts";
import type { Wire } from "../model/wire.ts";
import type { Turn } from "../model/turn.ts";

export function findWire(turn: Turn, sid: SessionId | string): Wire | undefined {
  return turn.state.wires.find((wire) => wire.sid === sid);
}

export function wireOfLink(turn: Turn, link: string): Wire | undefined {
  return turn.state.wires.find((wire) => wire.link?.id === link || wire.dial?.id === link);
}

export function setWire(turn: Turn, sid: SessionId, change: Partial<Wire>): void {
  turn.set({ wires: turn.state.wires.map((wire) => (wire.sid === sid ? { ...wire, ...change } : wire)) });
}

/** Keeps what came of the ways that were dialled, for those who ask why. */
export function keepWays(turn: Turn, wire: Wire, ways: readonly Way[]): void {
  const placeOf = ({ address }: Way): string => JSON.stringify(address);
  const anew = new Set(ways.map(placeOf));
  const kept = [...wire.ways.filter((way) => !anew.has(placeOf(way))), ...ways];
  setWire(turn, wire.sid, { ways: kept.slice(-(limits.addresses + 1)) });
}

export function removeWire(turn: Turn, sid: SessionId): void {
  turn.set({ wires: turn.state.wires.filter((wire) => wire.sid !== sid) });
  turn.emit(
    { type: "cancel", key: `redial:${sid}` },
    { type: "cancel", key: `meet:${sid}` },
    { type: "cancel", key: `direct:${sid}` },
  );
}

/** The session on a wire, unless it has ended. */
export function sessionOf(turn: Turn, sid: SessionId): PeerSession | undefined {
  const [, ...peers] = turn.state.sessions;
  return peers.find((session) => session.sid === sid && session.link !== "ended");
}

/** The keys that may come in: of sessions, of those whose fork was accepted, of those who have a farewell to hear. */
export function wantedPins(turn: Turn): Pin[] {
  const { wires, farewells, invites } = turn.state;
  const accepted = invites.filter(({ phase }) => phase === "accepted");
  return [...new Set([...wires, ...farewells, ...accepted].map(({ pin }) => pin))].sort();
}

/** The private session with somebody of that name that has not ended. */
export function wiredSession(turn: Turn, name: string): PeerSession | undefined {
  const key = nameKey(name);
  const [, ...peers] = turn.state.sessions;
  return peers.find((session) => session.link !== "ended" && nameKey(session.peer) === key);
}
