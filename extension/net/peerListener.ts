// Where peers who were introduced reach this window. Made by network.ts; knows nothing of sessions but their ids.
//
// It talks to whoever is on the network: a socket is bounded in time and number until it has shown a token, and
// nothing is told to one that has none.
import { createServer, STATUS_CODES, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { upgradeStatus } from "../../protocol/errors.ts";
import type { Address, SessionId } from "../../protocol/fields.ts";
import { PEER_PATH } from "../../protocol/peer.ts";
import type { Result } from "../../protocol/result.ts";
import { bindServer, type Binding } from "./bindServer.ts";
import type { NetContext } from "./netContext.ts";
import type { PeerTickets } from "./peerTickets.ts";

export type PeerListener = {
  /** Where it listens, or the operating system's code for why it does not. */
  readonly bound: Promise<Result<Address, string>>;
  /**
   * Lets nobody in any more; connections that have shown their token stay.
   * @returns when the port is free again
   */
  close(): Promise<void>;
};

/**
 * Starts listening.
 * @param accepted gets each connection that has shown a token, in the tick of its 101
 */
export function startPeerListener(
  binding: Omit<Binding, "portAttempts">,
  tickets: PeerTickets,
  context: NetContext,
  accepted: (ws: WebSocket, sid: SessionId) => void,
): PeerListener {
  const { limits, log, sockets } = context;
  const strangers = createStrangers(limits.pendingPeers, limits.handshakeMs);
  const upgrader = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
  });
  const server = createServer({ maxHeaderSize: 8 * 1024 }, (request, response) => {
    const status =
      request.headers.origin === undefined ? upgradeStatus.upgradeRequired : upgradeStatus.origin;
    response.writeHead(status, { Connection: "close", "Content-Type": "text/plain" });
    response.end(refusalText(status));
  });
  let closed = false;
  server.on("connection", (socket) => {
    sockets.track(socket);
    if (closed) socket.destroy();
    else strangers.add(socket);
  });
  server.on("upgrade", (request, socket, head) => {
    const admission = admit(request, tickets);
    if (typeof admission === "number") {
      log.debug(`Refused a connection to the peer listener: ${String(admission)}`);
      refuse(socket, admission);
      return;
    }
    upgrader.handleUpgrade(request, socket, head, (ws) => {
      strangers.delete(socket);
      // For the life of the WebSocket: an `error` event without a listener would end the process.
      ws.on("error", () => undefined);
      accepted(ws, admission);
    });
  });
  const bound = bindAndWatch(server, { ...binding, portAttempts: limits.portAttempts }, context);
  return {
    bound,
    async close() {
      closed = true;
      strangers.destroy();
      // A server that is just about to listen cannot be told not to.
      await bound;
      server.close();
    },
  };
}

async function bindAndWatch(
  server: Server,
  binding: Binding,
  { log }: NetContext,
): Promise<Result<Address, string>> {
  const bound = await bindServer(server, binding);
  server.on("error", (error) => log.warn(`The peer listener: ${error.message}`));
  return bound;
}

/** The session whose token was shown, or the HTTP status to refuse with. */
function admit(request: IncomingMessage, tickets: PeerTickets): SessionId | number {
  if (request.headers.origin !== undefined) return upgradeStatus.origin;
  if (request.url !== PEER_PATH) return upgradeStatus.notFound;
  const token = /^Bearer ([\w-]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return (token === undefined ? undefined : tickets.redeem(token)) ?? upgradeStatus.token;
}

function refuse(socket: Duplex, status: number): void {
  const body = refusalText(status);
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\n` +
      `Content-Type: text/plain\r\nContent-Length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
  );
}

function refusalText(status: number): string {
  switch (status) {
    case upgradeStatus.origin:
      return "Browser pages are not let in.\n";
    case upgradeStatus.notFound:
      return "There is nothing here.\n";
    case upgradeStatus.token:
      return "Not introduced.\n";
    default:
      return "Only WebSocket upgrades are answered here.\n";
  }
}

type Strangers = {
  add(socket: Socket): void;
  /** The socket has shown its token. */
  delete(socket: Duplex): void;
  destroy(): void;
};

/** Sockets that have not shown a token: few, and none for long. The oldest makes room for a newcomer. */
function createStrangers(max: number, handshakeMs: number): Strangers {
  const timers = new Map<Duplex, NodeJS.Timeout>();
  const forget = (socket: Duplex): void => {
    clearTimeout(timers.get(socket));
    timers.delete(socket);
  };
  return {
    add(socket) {
      const [oldest] = timers.keys();
      if (oldest !== undefined && timers.size >= max) {
        forget(oldest);
        oldest.destroy();
      }
      timers.set(
        socket,
        setTimeout(() => socket.destroy(), handshakeMs),
      );
      socket.once("close", () => {
        forget(socket);
      });
    },
    delete: forget,
    destroy() {
      for (const socket of [...timers.keys()]) {
        forget(socket);
        socket.destroy();
      }
    },
  };
}
