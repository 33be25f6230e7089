// What all connections of one network share.
import type { Turns } from "./handshakeGuard.ts";
import type { NetLimits } from "./netLimits.ts";
import type { NetLog } from "./netLog.ts";
import type { SocketRegistry } from "./socketRegistry.ts";

export type NetContext = {
  readonly limits: NetLimits;
  readonly log: NetLog;
  readonly sockets: SocketRegistry;
  /** Handshakes take turns, so that everything else gets its own in between. */
  readonly turns: Turns;
  /** Milliseconds that never run backwards. */
  readonly clock: () => number;
};
