// A lobby as one server shows it to its clients: its own, or one that several servers share.
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Errand } from "../../protocol/cluster.ts";
import type { Epoch, Token } from "../../protocol/fields.ts";
import type { Result } from "../../protocol/result.ts";
import type { FromMember } from "./commands.ts";
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
  /** A new relay ticket. */
  readonly newTicket: () => Token;
  /** Asks the server of another life to notify one of its clients. What does not arrive is lost. Undefined: there is none. */
  readonly ask: ((life: number, errand: Errand) => void) | undefined;
};

export type HostedLobby = {
  readonly snapshot: () => HallSnapshot;
  /** A few numbers that differ if the state does. */
  readonly check: () => string;
  /** Those who are connected to the server of a life. */
  readonly membersOf: (life: number) => readonly FromMember[];
  /** Another server asks this one to notify a client. */
  readonly asked: (errand: Errand) => void;
  /** Takes clients from now on. */
  readonly open: () => void;
  /** Takes no more clients, and closes open connections: clients reconnect to another server. */
  readonly close: () => void;
};

/** Hosts a lobby that follows the log, but takes no clients yet. */
export type Host = (start: LobbyStart) => HostedLobby;

/** A client's upgrade at the relay. */
export type RelayUpgrade = {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** Bytes after the request. */
  readonly head: Buffer;
  /** The client's address. */
  readonly address: string;
};

/** What a server with other servers does for the lobby. */
export type LobbyServer = {
  readonly host: Host;
  /** A client of another server, whose relay ticket is valid here. */
  readonly relay: (upgrade: RelayUpgrade) => void;
};

/** Joins a lobby of several servers. The error is a sentence. */
export type JoinLobby = (server: LobbyServer) => Promise<Result<Membership, string>>;

/** Takes part in a lobby until it is stopped. */
export type Membership = {
  /** Resolves when the lobby is open for the first time, unless it is stopped before. The error is a sentence. */
  readonly opened: Promise<Result<null, string>>;
  /** Seconds since the last sign that this server is up to date with the log. */
  readonly lagSeconds: () => number;
  /**
   * Takes a client to the server where its relay ticket is valid. Returns whether that is another one. `refuse`: with an HTTP
   * status, if that server does not take it; `opened`: otherwise.
   */
  readonly relay: (
    ticket: string,
    upgrade: RelayUpgrade,
    outcome: { readonly refuse: (status: number) => void; readonly opened: () => void },
  ) => boolean;
  readonly stop: () => void;
};
