// What every connection of the network shares. Made by network.ts, handed to the modules of net/.
import type { NetLimits } from "./netLimits.ts";
import type { NetLog } from "./netLog.ts";
import type { SocketRegistry } from "./socketRegistry.ts";

export type NetContext = {
  readonly limits: NetLimits;
  readonly log: NetLog;
  readonly sockets: SocketRegistry;
  /** Milliseconds that never run backwards. */
  readonly clock: () => number;
};
