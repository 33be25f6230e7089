// Tracks every open socket, so that none outlives the network.
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

export type SocketRegistry = {
  track(socket: Duplex): void;
  /** Destroys the sockets of an address that this machine no longer has: they receive nothing anymore. */
  destroyAt(localAddress: string): void;
  /** Resolves when no socket is open; after `graceMs`, the remaining ones are destroyed. */
  drain(graceMs: number): Promise<void>;
};

export function createSocketRegistry(): SocketRegistry {
  const open = new Set<Duplex>();
  let drained: (() => void) | undefined;
  return {
    track(socket) {
      open.add(socket);
      socket.once("close", () => {
        open.delete(socket);
        if (open.size === 0) drained?.();
      });
    },
    destroyAt(localAddress) {
      for (const socket of open) {
        if (socket instanceof Socket && socket.localAddress?.replace(/^::ffff:/u, "") === localAddress)
          socket.destroy();
      }
    },
    async drain(graceMs) {
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => {
          for (const socket of open) socket.destroy();
        }, graceMs);
        drained = () => {
          clearTimeout(timer);
          // Other handlers of the last socket's end run in the same tick.
          setImmediate(resolve);
        };
      });
    },
  };
}
