// Dials a WebSocket: TCP, then the upgrade, within one time limit. Called by rendezvousConnection and peerDialler.
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import type { DialFailure } from "./dialFailure.ts";
import { dialSocket } from "./dialSocket.ts";
import type { SocketRegistry } from "./socketRegistry.ts";
import { upgradeSocket, type UpgradeRequest } from "./upgradeSocket.ts";

export type DialTarget = UpgradeRequest & {
  /** A host name or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
};

export type DialHandlers = {
  /** Called in the tick of the 101: whoever attaches listeners here misses no frame. */
  opened(ws: WebSocket, socket: Socket): void;
  failed(failure: DialFailure): void;
};

export type Dial = {
  /** Gives up; neither handler is called any more. Does nothing after one was. */
  abort(): void;
};

/** Dials and calls one of the handlers, once, never before this function has returned. */
export function dialWebSocket(target: DialTarget, sockets: SocketRegistry, handlers: DialHandlers): Dial {
  let settled = false;
  const settle = (): boolean => {
    if (settled) return false;
    settled = true;
    clearTimeout(timer);
    return true;
  };
  const fail = (failure: DialFailure): void => {
    if (!settle()) return;
    socket.destroy();
    handlers.failed(failure);
  };
  const timer = setTimeout(() => {
    fail({ kind: "timeout" });
  }, target.timeoutMs);
  const socket = dialSocket(target.host, target.port, {
    failed: fail,
    connected: () => {
      upgradeSocket(socket, target, {
        failed: fail,
        opened: (ws) => {
          if (settle()) handlers.opened(ws, socket);
        },
      });
    },
  });
  sockets.track(socket);
  return {
    abort() {
      if (settle()) socket.destroy();
    },
  };
}
