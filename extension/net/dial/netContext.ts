// What all connections of one network share.
import type { Turns } from "./handshakeGuard.ts";
import type { NetLimits } from "./netLimits.ts";
import type { NetLog } from "./netLog.ts";
import type { ServerTrust } from "./serverTrust.ts";
import type { SocketRegistry } from "./socketRegistry.ts";

export type NetContext = {
  readonly limits: NetLimits;
  readonly log: NetLog;
  readonly sockets: SocketRegistry;
  /** Handshakes take turns, so that other work runs in between. */
  readonly turns: Turns;
  readonly trust: ServerTrust;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
};
