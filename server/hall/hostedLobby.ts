// A lobby as one server shows it to its clients: its own, or one that several servers share.
import type { Epoch } from "../../protocol/fields.ts";
import type { HallSnapshot } from "./hall.ts";
import type { OpenLobbyLog } from "./lobbyLog.ts";

/** What a lobby goes on from. */
export type LobbyStart = {
  readonly epoch: Epoch;
  /** The number of this server's life; 0 without other servers. */
  readonly life: number;
  /** Undefined: the lobby begins. */
  readonly snapshot: HallSnapshot | undefined;
  readonly openLobbyLog: OpenLobbyLog;
  /** The same on all servers of a lobby. Random bytes that resume tokens are signed with. */
  readonly resumeSecret: Buffer;
};

export type HostedLobby = {
  readonly snapshot: () => HallSnapshot;
  /** A few numbers that differ if the state does. */
  readonly check: () => string;
  /** Takes clients from now on. */
  readonly open: () => void;
  /** Takes no more clients, and closes the connections of those that are there: they find another server. */
  readonly close: () => void;
};

/** Hosts a lobby that follows the log, but takes no clients yet. */
export type Host = (start: LobbyStart) => HostedLobby;

/** Takes part in a lobby until it is stopped. */
export type Membership = {
  /** Seconds since the last sign that this server is up to date with the log. */
  readonly lagSeconds: () => number;
  readonly stop: () => void;
};
