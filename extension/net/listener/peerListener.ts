// Where peers who were introduced reach this window.
//
// It talks to whoever is on the network: a socket is bounded in time and number, in all and for one address, until its key has
// proven to be an expected one; before that nobody reads or is told a byte of HTTP.
import { createServer as createHttpServer, STATUS_CODES } from "node:http";
import { createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { WebSocketServer } from "ws";
import { upgradeStatus } from "../../../protocol/errors.ts";
import type { Address, Pin } from "../../../protocol/fields.ts";
import { PEER_PATH } from "../../../protocol/peer.ts";
import type { Result } from "../../../protocol/result.ts";
import type { LinkPath } from "../../core/model/ports.ts";
import { bindServer, type Binding } from "./bindServer.ts";
import { errorCode } from "../dial/dialFailure.ts";
import type { Identity } from "../identity/identity.ts";
import type { NetContext } from "../dial/netContext.ts";
import type { OpenWebSocket } from "../dial/pacedReading.ts";
import { createTlsReception } from "../identity/peerTls.ts";
import type { Strangers } from "./strangers.ts";

export type PeerDoor = {
  /** Takes a connected stream in: TLS, the key, then the upgrade. */
  enter(stream: Duplex, path: LinkPath): void;
};

export type PeerDoorHandlers = {
  readonly expects: (pin: Pin) => boolean;
  /** Whoever came over this stream has an expected key. */
  readonly known: (stream: Duplex, pin: Pin) => void;
  /** Gets each connection of an expected key, in the tick of its 101. */
  readonly accepted: (opened: OpenWebSocket, pin: Pin, own: Pin, path: LinkPath) => void;
};

/** Somebody whose key is an expected one. */
type Guest = {
  readonly pin: Pin;
  readonly path: LinkPath;
  /** There is a WebSocket now: its time is no longer kept here, nor is it counted as waiting. */
  readonly arrived: () => void;
};

/** What stands behind the listener and behind the relay alike. */
export function createPeerDoor(
  identity: Identity,
  context: NetContext,
  handlers: PeerDoorHandlers,
): PeerDoor {
  const { limits, log } = context;
  const guests = new WeakMap<Duplex, Guest>();
  /** Connections of each key that have no link yet. */
  const perPin = new Map<Pin, number>();
  const upgrader = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    maxFragments: limits.fragments,
  });
  const http = createHttpServer({ maxHeaderSize: 8 * 1024 }, (_request, response) => {
    response.writeHead(upgradeStatus.upgradeRequired, { Connection: "close" }).end();
  });
  const refuse = (socket: Duplex, status: number): void => {
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\n\r\n`);
  };
  // Node's own answer to these would be lost when it destroys a socket that runs on another stream.
  http.on("clientError", (error, socket) => {
    if (socket.writable) refuse(socket, errorCode(error) === "HPE_HEADER_OVERFLOW" ? 431 : 400);
  });
  http.on("upgrade", (request, socket: Duplex, head) => {
    const guest = guests.get(socket);
    if (request.headers.origin !== undefined) {
      refuse(socket, upgradeStatus.origin);
      return;
    }
    if (guest === undefined || request.url !== PEER_PATH) {
      refuse(socket, upgradeStatus.notFound);
      return;
    }
    upgrader.handleUpgrade(request, socket, head, (ws) => {
      // For the life of the WebSocket: an `error` event without a listener would end the process.
      ws.on("error", () => undefined);
      guest.arrived();
      handlers.accepted({ ws, stream: socket }, guest.pin, identity.pin, guest.path);
    });
  });
  const receptionOf = (path: LinkPath): ((stream: Duplex) => void) =>
    createTlsReception(identity, context, {
      expects: handlers.expects,
      refused: (why) => log.debug(`Refused a peer connection: ${why}`),
      accepted: (socket: TLSSocket, pin, stream) => {
        // Of one key only some may be on their way to a link: those of others need their places.
        const waiting = (perPin.get(pin) ?? 0) + 1;
        if (waiting > limits.linksPerPeer) {
          socket.destroy();
          return;
        }
        perPin.set(pin, waiting);
        let isWaiting = true;
        const arrived = (): void => {
          if (!isWaiting) return;
          isWaiting = false;
          clearTimeout(timer);
          const left = (perPin.get(pin) ?? 0) - 1;
          if (left > 0) perPin.set(pin, left);
          else perPin.delete(pin);
        };
        // An HTTP server that does not listen itself keeps no time; nor is a refused upgrade's end awaited for ever.
        const timer = setTimeout(() => socket.destroy(), limits.handshakeMs);
        socket.once("close", arrived);
        guests.set(socket, { pin, path, arrived });
        handlers.known(stream, pin);
        http.emit("connection", socket);
      },
    });
  const receptions: Record<LinkPath, (stream: Duplex) => void> = {
    direct: receptionOf("direct"),
    relayed: receptionOf("relayed"),
  };
  return { enter: (stream, path) => receptions[path](stream) };
}

export type PeerListener = {
  /** Where it listens, or the operating system's code for why it does not. */
  readonly bound: Promise<Result<Address, string>>;
  /** Lets nobody in any more; connections that have proven their key stay. Resolves when the port is free again. */
  close(): Promise<void>;
};

/** Starts listening; streams go to the door. */
export function startPeerListener(
  binding: Omit<Binding, "portAttempts">,
  door: PeerDoor,
  strangers: Strangers,
  { limits, log, sockets }: NetContext,
): PeerListener {
  const server = createServer({ noDelay: true });
  let closed = false;
  server.on("connection", (socket: Socket) => {
    sockets.track(socket);
    socket.on("error", () => undefined);
    if (closed) {
      socket.destroy();
      return;
    }
    strangers.admit(socket);
    door.enter(socket, "direct");
  });
  const bound = bindServer(server, { ...binding, portAttempts: limits.portAttempts }).then((result) => {
    server.on("error", (error) => log.warn(`Peer listener: ${error.message}`));
    return result;
  });
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
