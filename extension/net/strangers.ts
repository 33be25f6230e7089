// Sockets whose key has not proven to be an expected one: few, few of one address, and none for long. Used by the listener.
import type { Socket } from "node:net";
import { addressPrefix } from "./ipAddress.ts";
import type { NetLimits } from "./netLimits.ts";

export type Strangers = {
  /** False when this address has too many already. Over the limit of all, the oldest makes room. */
  admit(socket: Socket): boolean;
  /** The connection at this remote address and port has proven its key. */
  release(connection: {
    readonly remoteAddress?: string | undefined;
    readonly remotePort?: number | undefined;
  }): void;
  destroy(): void;
};

type Stranger = { readonly socket: Socket; readonly prefix: string; readonly timer: NodeJS.Timeout };

export function createStrangers({ pendingPeers, pendingPeersPerAddress, handshakeMs }: NetLimits): Strangers {
  /** By remote address and port, oldest first. */
  const all = new Map<string, Stranger>();
  const forget = (key: string): Stranger | undefined => {
    const stranger = all.get(key);
    clearTimeout(stranger?.timer);
    all.delete(key);
    return stranger;
  };
  return {
    admit(socket) {
      const key = keyOf(socket);
      const prefix = addressPrefix(socket.remoteAddress ?? "");
      const ofAddress = [...all.values()].filter((stranger) => stranger.prefix === prefix).length;
      if (ofAddress >= pendingPeersPerAddress) return false;
      const [oldest] = all.keys();
      if (all.size >= pendingPeers && oldest !== undefined) forget(oldest)?.socket.destroy();
      const timer = setTimeout(() => socket.destroy(), handshakeMs);
      all.set(key, { socket, prefix, timer });
      socket.once("close", () => forget(key));
      return true;
    },
    release(connection) {
      forget(keyOf(connection));
    },
    destroy() {
      for (const key of [...all.keys()]) forget(key)?.socket.destroy();
    },
  };
}

function keyOf({ remoteAddress, remotePort }: Parameters<Strangers["release"]>[0]): string {
  return `${remoteAddress ?? ""} ${String(remotePort)}`;
}
