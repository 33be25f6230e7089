// The listener for introduced peers.
// Anyone on the network can connect to it. A socket is limited in time and number, in total and per address, until it
// has proven an expected key. Before that, no byte of HTTP is read or sent.
import { createServer as createHttpServer, STATUS_CODES } from "node:http";
import { createServer, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { WebSocketServer } from "ws";
import { BULK_PATH, CHUNK_BYTES } from "../../../protocol/bulk.ts";
import { upgradeStatus } from "../../../protocol/errors.ts";
import type { Address, Pin } from "../../../protocol/fields.ts";
import { addressKey } from "../../../protocol/ipAddress.ts";
import { PEER_PATH } from "../../../protocol/peer.ts";
import type { Result } from "../../../protocol/result.ts";
import type { LinkPath } from "../../core/model/ports.ts";
import { bindServer, type Binding } from "./bindServer.ts";
import { errorCode } from "../dial/dialFailure.ts";
import type { Identity } from "../identity/identity.ts";
import type { Turns } from "../dial/handshakeGuard.ts";
import type { NetContext } from "../dial/netContext.ts";
import type { OpenWebSocket } from "../dial/pacedReading.ts";
import { createTlsReception } from "../identity/peerTls.ts";
import type { Strangers } from "./strangers.ts";

export type PeerDoor = {
  /** Accepts a connected stream: TLS, the key, then the upgrade. */
  enter(stream: Duplex, path: LinkPath): void;
};

export type PeerDoorHandlers = {
  readonly expects: (pin: Pin) => boolean;
  /** This stream has proven an expected key. */
  readonly known: (stream: Duplex, pin: Pin) => void;
  /** Called with each connection of an expected key, in the tick of its 101. */
  readonly accepted: (opened: OpenWebSocket, pin: Pin, own: Pin, path: LinkPath) => void;
  /** Whether this key may open a bulk link now; if so, the bulk link. */
  readonly mayOpenBulk: (pin: Pin) => boolean;
  readonly bulkAccepted: (opened: OpenWebSocket, pin: Pin) => void;
};

/** A connection with an expected key. */
type Guest = {
  readonly pin: Pin;
  readonly path: LinkPath;
  /** The upgrade is done: the connection is no longer timed here, nor counted as waiting. */
  readonly arrived: () => void;
};

/** The part shared by the listener and the relay. */
export function createPeerDoor(
  identity: Identity,
  context: NetContext,
  turnsOf: (address: string) => Turns,
  handlers: PeerDoorHandlers,
): PeerDoor {
  const { limits, log } = context;
  const guests = new WeakMap<Duplex, Guest>();
  /** Connections per key that have no link yet. */
  const perPin = new Map<Pin, number>();
  const upgraderFor = (maxPayload: number): WebSocketServer =>
    new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload,
      maxFragments: limits.fragments,
    });
  const upgrader = upgraderFor(limits.frameBytes);
  const bulkUpgrader = upgraderFor(CHUNK_BYTES);
  const http = createHttpServer({ maxHeaderSize: 8 * 1024 }, (_request, response) => {
    response.writeHead(upgradeStatus.upgradeRequired, { Connection: "close" }).end();
  });
  const refuse = (socket: Duplex, status: number): void => {
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\n\r\n`);
  };
  // Node.js's own answer would be lost when it destroys a socket that runs on another stream.
  http.on("clientError", (error, socket) => {
    if (socket.writable) refuse(socket, errorCode(error) === "HPE_HEADER_OVERFLOW" ? 431 : 400);
  });
  http.on("upgrade", (request, socket: Duplex, head) => {
    const guest = guests.get(socket);
    if (request.headers.origin !== undefined) {
      refuse(socket, upgradeStatus.origin);
      return;
    }
    const isBulk = request.url === BULK_PATH && guest !== undefined && handlers.mayOpenBulk(guest.pin);
    if (guest === undefined || (request.url !== PEER_PATH && !isBulk)) {
      refuse(socket, upgradeStatus.notFound);
      return;
    }
    (isBulk ? bulkUpgrader : upgrader).handleUpgrade(request, socket, head, (ws) => {
      // Stays for the life of the WebSocket: an `error` event without a listener would end the process.
      ws.on("error", () => undefined);
      guest.arrived();
      const opened = { ws, stream: socket };
      if (isBulk) handlers.bulkAccepted(opened, guest.pin);
      else handlers.accepted(opened, guest.pin, identity.pin, guest.path);
    });
  });
  const receptionOf = (path: LinkPath): ReturnType<typeof createTlsReception> =>
    createTlsReception(identity, context, {
      expects: handlers.expects,
      refused: (why) => log.debug(`Refused a peer connection: ${why}`),
      accepted: (socket: TLSSocket, pin, stream) => {
        // Limits connections of one key that are not linked yet, because other keys need places.
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
        // An HTTP server that does not listen itself enforces no timeouts; a refused upgrade must not stay open forever
        // either.
        const timer = setTimeout(() => socket.destroy(), limits.handshakeMs);
        socket.once("close", arrived);
        guests.set(socket, { pin, path, arrived });
        handlers.known(stream, pin);
        http.emit("connection", socket);
      },
    });
  const receptions = { direct: receptionOf("direct"), relayed: receptionOf("relayed") };
  return {
    enter(stream, path) {
      const address = stream instanceof Socket ? addressKey(stream.remoteAddress ?? "") : path;
      receptions[path](stream, turnsOf(address));
    },
  };
}

export type PeerListener = {
  /** Its address, or the operating system's error code. */
  readonly bound: Promise<Result<Address, string>>;
  /** Stops accepting; connections that have proven their key stay. Resolves when the port is free again. */
  close(): Promise<void>;
};

/** Starts listening; streams are passed to the door. */
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
      // A server that is about to listen cannot be stopped yet.
      await bound;
      server.close();
    },
  };
}
