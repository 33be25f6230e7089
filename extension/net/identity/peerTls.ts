// TLS 1.3 between two windows, each with its own certificate and trusted by its key alone; the same over TCP and over
// the relay. No byte inside is read or written before the key is verified.
// VS Code replaces `tls.connect` in the extension host to add system certificates; a call with its own `ca` is left
// alone. `checkServerIdentity` is never called for self-signed certificates like ours, so the pin is checked here.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Duplex } from "node:stream";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { Pin } from "../../../protocol/fields.ts";
import { PEER_ALPN } from "../../../protocol/peer.ts";
import type { DialFailure } from "../dial/dialFailure.ts";
import { errorCode } from "../dial/dialFailure.ts";
import {
  guardHandshake,
  TOO_LONG,
  type HandshakeBounds,
  type HandshakeGuard,
  type Turns,
} from "../dial/handshakeGuard.ts";
import { PEER_TLS, pinOf, type Identity } from "./identity.ts";
import type { NetContext } from "../dial/netContext.ts";

export type TlsContext = Pick<NetContext, "limits" | "turns">;

export type SecureDialHandlers = {
  /** The handshake is done, and the key is the expected one. The other side may still reject ours. */
  readonly secured: (socket: TLSSocket) => void;
  readonly failed: (failure: DialFailure) => void;
};

/**
 * Starts the handshake as client on a connected stream, and calls one of the handlers, unless the socket is destroyed.
 */
export function dialTls(
  stream: Duplex,
  identity: Identity,
  pin: Pin,
  { limits, turns }: TlsContext,
  handlers: SecureDialHandlers,
): TLSSocket {
  let failure: DialFailure = { kind: "cut-off" };
  const bounds: HandshakeBounds = { hello: limits.peerFlightBytes, flight: limits.peerFlightBytes };
  const guard = guardHandshake(stream, bounds, turns);
  const tls = connect({
    ...PEER_TLS,
    socket: guard.stream,
    secureContext: identity.context,
    ca: [identity.certificate],
    ALPNProtocols: [PEER_ALPN],
    rejectUnauthorized: false,
  });
  const remember = (error: Error): void => {
    const code = errorCode(error);
    if (code.startsWith("ERR_SSL") || code === TOO_LONG) failure = { kind: "not-tls" };
  };
  const fail = (): void => handlers.failed(failure);
  tls.once("error", remember);
  // Stays for the life of the socket: an `error` event without a listener would end the process.
  tls.on("error", () => undefined);
  tls.once("close", fail);
  tls.once("secureConnect", () => {
    guard.lift();
    const isRightKey = peerPin(tls) === pin;
    tls.off("error", remember);
    tls.off("close", fail);
    if (isRightKey && tls.alpnProtocol === PEER_ALPN && !tls.isSessionReused()) {
      handlers.secured(tls);
      return;
    }
    tls.destroy();
    handlers.failed({ kind: isRightKey ? "not-tls" : "wrong-key" });
  });
  return tls;
}

export type TlsReceptionHandlers = {
  /** Called with each key that has proven itself. */
  readonly expects: (pin: Pin) => boolean;
  /** @param stream the stream of the handshake */
  readonly accepted: (socket: TLSSocket, pin: Pin, stream: Duplex) => void;
  readonly refused: (why: string) => void;
};

type Connection = { readonly stream: Duplex; readonly guard: HandshakeGuard };

/** Takes connected streams in as TLS server. @returns a function that starts the handshake on one, which takes those turns */
export function createTlsReception(
  identity: Identity,
  { limits, turns }: TlsContext,
  handlers: TlsReceptionHandlers,
): (stream: Duplex, turnsOfStream?: Turns) => void {
  const bounds: HandshakeBounds = { hello: limits.peerHelloBytes, flight: limits.peerFlightBytes };
  /** The connection of a TLS server's event: the server itself reports only its own sockets. */
  const connections = new AsyncLocalStorage<Connection>();
  const server = createServer({
    ...PEER_TLS,
    key: identity.key,
    cert: identity.certificate,
    ca: [identity.certificate],
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: [PEER_ALPN],
    handshakeTimeout: limits.handshakeMs,
  });
  server.on("tlsClientError", (error, socket) => {
    handlers.refused(`no handshake (${errorCode(error)})`);
    socket.destroy();
  });
  server.on("secureConnection", (socket) => {
    socket.on("error", () => undefined);
    const connection = connections.getStore();
    const pin = peerPin(socket);
    // A resumed session would not prove its key again.
    const why =
      pin === undefined
        ? "no key"
        : !handlers.expects(pin)
          ? "not an expected key"
          : socket.isSessionReused()
            ? "a resumed session"
            : socket.alpnProtocol !== PEER_ALPN
              ? "another protocol"
              : undefined;
    if (pin !== undefined && why === undefined && connection !== undefined) {
      connection.guard.lift();
      handlers.accepted(socket, pin, connection.stream);
      return;
    }
    handlers.refused(why ?? "");
    socket.destroy();
  });
  return (stream, turnsOfStream = turns) => {
    const guard = guardHandshake(stream, bounds, turnsOfStream);
    connections.run({ stream, guard }, () => server.emit("connection", guard.stream));
  };
}

/** The pin of the key that the other side has proven to have. */
function peerPin(socket: TLSSocket): Pin | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined
    ? undefined
    : pinOf(certificate.publicKey.export({ type: "spki", format: "der" }));
}
