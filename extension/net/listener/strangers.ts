// Connections without a proven key: few in total, few per address, and none for long. A new one always gets a place,
// because the one that has waited longest for its proof is cut.
import type { Duplex } from "node:stream";
import type { Socket } from "node:net";
import { addressKey } from "../../../protocol/ipAddress.ts";
import type { NetLimits } from "../dial/netLimits.ts";

export type Strangers = {
  admit(socket: Socket): void;
  /** This connection has proven its key. */
  release(stream: Duplex): void;
  /** Cuts the remaining ones. */
  destroy(): void;
};

type Stranger = { readonly prefix: string; readonly timer: NodeJS.Timeout };

export function createStrangers({ pendingPeers, pendingPeersPerAddress, handshakeMs }: NetLimits): Strangers {
  /** Oldest first. */
  const all = new Map<Duplex, Stranger>();
  const forget = (socket: Duplex): void => {
    clearTimeout(all.get(socket)?.timer);
    all.delete(socket);
  };
  const cut = (socket: Duplex | undefined): void => {
    if (socket === undefined) return;
    forget(socket);
    socket.destroy();
  };
  return {
    admit(socket) {
      const prefix = addressKey(socket.remoteAddress ?? "");
      const ofAddress = [...all].filter(([, stranger]) => stranger.prefix === prefix);
      if (ofAddress.length >= pendingPeersPerAddress) cut(ofAddress[0]?.[0]);
      else if (all.size >= pendingPeers) cut(oldestOfHeaviest(all));
      const timer = setTimeout(() => cut(socket), handshakeMs);
      all.set(socket, { prefix, timer });
      socket.once("close", () => forget(socket));
    },
    release: forget,
    destroy() {
      for (const socket of [...all.keys()]) cut(socket);
    },
  };
}

/** The oldest of the address with the most. */
function oldestOfHeaviest(all: ReadonlyMap<Duplex, Stranger>): Duplex | undefined {
  const counts = new Map<string, number>();
  for (const { prefix } of all.values()) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  const largest = Math.max(...counts.values());
  return [...all].find(([, { prefix }]) => counts.get(prefix) === largest)?.[0];
}
