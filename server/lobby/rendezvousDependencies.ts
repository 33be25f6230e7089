// What the rendezvous needs: the server's settings, its clocks and timers, and randomness.
import type { Epoch, SessionId, Token } from "../../protocol/fields.ts";
import type { AccessToken } from "../admission/accessToken.ts";
import type { Log } from "../base/log.ts";
import type { Tally } from "../base/tally.ts";
import type { OtherServers } from "../introductions/otherServers.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { HallSnapshot } from "../hall/hall.ts";
import type { OpenLobbyLog } from "../hall/lobbyLog.ts";
import type { HeldName } from "../names/heldNames.ts";
import type { NamesChanged } from "../names/nameStore.ts";

export type RendezvousDependencies = {
  readonly epoch: Epoch;
  readonly reach: "loopback" | "network";
  readonly framesPerSecond: number;
  /** Bytes per second of lobby messages to each reader, sustained. */
  readonly lobbyBytesPerSecond: number;
  /** Members of all servers together. */
  readonly clients: number;
  /** Lobby messages that a newcomer gets. */
  readonly newcomerMessages: number;
  /** Bytes of lobby messages that are kept for members who join later. */
  readonly historyBytes: number;
  /** Whether the server has a relay, and issues tickets for it. */
  readonly relay: boolean;
  /** The token that a join requires; undefined: none. */
  readonly accessToken: AccessToken | undefined;
  /** The saved state of another server to continue from; undefined: the lobby starts empty. */
  readonly snapshot?: HallSnapshot | undefined;
  /** Names held from before the start. */
  readonly heldNames: readonly HeldName[];
  /** Called when the held names have changed. */
  readonly heldNamesChanged: NamesChanged;
  /** Opens the log that orders the commands of clients. */
  readonly openLobbyLog: OpenLobbyLog;
  readonly outbox: Outbox;
  readonly log: Log;
  readonly tally: Pick<Tally, "joins" | "messages">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  readonly newSessionId: () => SessionId;
  /** A number for a connection, which is never used again. */
  readonly newConnection: () => number;
  readonly newToken: () => Token;
  /** A relay ticket. */
  readonly newTicket: () => Token;
  /** The other servers of the lobby; undefined: there are none. */
  readonly others: OtherServers | undefined;
  /** Random bytes that resume tokens are signed with. */
  readonly resumeSecret: Buffer;
  /** Calls back once, in the next turn of the event loop (`setImmediate`). */
  readonly nextTurn: (turn: () => void) => void;
  /** Calls `expire` after so many milliseconds. At most one such call is pending. */
  readonly wake: (ms: number) => void;
  /** Calls back after so many milliseconds; returns a function that cancels it. */
  readonly later: (ms: number, call: () => void) => () => void;
};
