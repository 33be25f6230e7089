// What all connections share.
import type { Connection } from "./connection.ts";
import type { MemberBytes } from "./memberBytes.ts";
import type { Outbox } from "../fanOut/outbox.ts";
import type { Rendezvous } from "../lobby/rendezvous.ts";
import type { TcpSockets } from "../admission/tcpSockets.ts";
import type { Unread } from "../budgets/unread.ts";

export type ConnectionDependencies = {
  readonly outbox: Outbox;
  readonly rendezvous: Rendezvous;
  readonly unread: Unread;
  readonly memberBytes: MemberBytes;
  readonly framesPerSecond: number;
  readonly handshakeMs: number;
  /** Told who has joined, and who is about to close. */
  readonly sockets: Pick<TcpSockets, "proven" | "ending">;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Called once for each connection, when it is no more. */
  readonly ended: (connection: Connection) => void;
};
