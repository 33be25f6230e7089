// What all connections share.
import type { EndReason, Tally } from "../base/tally.ts";
import type { FairTurns } from "../budgets/fairTurns.ts";
import type { HeldBytes } from "../budgets/heldBytes.ts";
import type { MemberBytes } from "./memberBytes.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { Rendezvous } from "../lobby/rendezvous.ts";
import type { TcpSockets } from "../admission/tcpSockets.ts";
import type { Unread } from "../budgets/unread.ts";

/** A connection as the server holds it. */
export type OpenConnection = {
  /** When the last sign of life arrived, by `now`. */
  aliveAt: number;
  /** Bytes that were written and not yet taken by the network, and the total that was taken. */
  readonly backlog: number;
  readonly taken: number;
  /** Sends a ping. */
  beat(): void;
  close(code: number, reason: string): void;
  /** Cuts it at once. */
  terminate(why: EndReason): void;
};

export type ConnectionDependencies = {
  readonly outbox: Outbox;
  readonly rendezvous: Rendezvous;
  readonly unread: Unread;
  readonly memberBytes: MemberBytes;
  readonly held: HeldBytes;
  /** How much is read in each turn of the event loop. */
  readonly turns: FairTurns;
  readonly framesPerSecond: number;
  readonly handshakeMs: number;
  /** Learns who has joined, and which connection is about to close. */
  readonly sockets: Pick<TcpSockets, "proven" | "ending">;
  readonly tally: Pick<Tally, "ended" | "errors" | "refusedJoins">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Called once per connection, when it has ended. */
  readonly ended: (connection: OpenConnection) => void;
};
