// What all connections share.
import type { FairTurns } from "../budgets/fairTurns.ts";
import type { MemberBytes } from "./memberBytes.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { Rendezvous } from "../lobby/rendezvous.ts";
import type { TcpSockets } from "../admission/tcpSockets.ts";
import type { Unread } from "../budgets/unread.ts";

/** A connection as the server holds it. */
export type OpenConnection = {
  /** When there was a sign of life last, in milliseconds of `now`. */
  aliveAt: number;
  /** Bytes that were written and have not been taken by the network, and all that have been. */
  readonly backlog: number;
  readonly taken: number;
  /** Asks the client for a sign of life. */
  beat(): void;
  close(code: number, reason: string): void;
  /** Cuts it at once. */
  terminate(): void;
};

export type ConnectionDependencies = {
  readonly outbox: Outbox;
  readonly rendezvous: Rendezvous;
  readonly unread: Unread;
  readonly memberBytes: MemberBytes;
  /** How much is read in each turn of the event loop. */
  readonly turns: FairTurns;
  readonly framesPerSecond: number;
  readonly handshakeMs: number;
  /** Told who has joined, and who is about to close. */
  readonly sockets: Pick<TcpSockets, "proven" | "ending">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Called once for each connection, when it is no more. */
  readonly ended: (connection: OpenConnection) => void;
};
