// TLS 1.3 between two windows, each with its own certificate and trusted by its key alone; the same over TCP and over the
// relay. Before the key is known to be the right one, nobody reads or writes a byte of what is inside.
//
// VS Code replaces `tls.connect` in the extension host, to add certificates of the system: a call that names its own `ca`
// is left alone. `checkServerIdentity` is never called for certificates like ours: the check is here, by pin.
import type { Duplex } from "node:stream";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { Pin } from "../../protocol/fields.ts";
import { PEER_ALPN } from "../../protocol/peer.ts";
import type { DialFailure } from "./dialFailure.ts";
import { errorCode } from "./dialFailure.ts";
import { pinOf, type Identity } from "./identity.ts";

const TLS_1_3 = { minVersion: "TLSv1.3", maxVersion: "TLSv1.3" } as const;

export type SecureDialHandlers = {
  /** The handshake is done, and the key is the expected one. The other side may still refuse ours. */
  readonly secured: (socket: TLSSocket) => void;
  readonly failed: (failure: DialFailure) => void;
};

/** Starts the handshake as client on a connected stream, and calls one of the handlers unless the socket is destroyed. */
export function dialTls(
  socket: Duplex,
  identity: Identity,
  pin: Pin,
  handlers: SecureDialHandlers,
): TLSSocket {
  const tls = connect({
    ...TLS_1_3,
    socket,
    secureContext: identity.context,
    ca: [identity.certificate],
    ALPNProtocols: [PEER_ALPN],
    rejectUnauthorized: false,
  });
  let failure: DialFailure = { kind: "cut-off" };
  const remember = (error: Error): void => {
    failure = errorCode(error).startsWith("ERR_SSL") ? { kind: "not-tls" } : { kind: "cut-off" };
  };
  const fail = (): void => handlers.failed(failure);
  tls.once("error", remember);
  // For the life of the socket: an `error` event without a listener would end the process.
  tls.on("error", () => undefined);
  tls.once("close", fail);
  tls.once("secureConnect", () => {
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
  /** Asked about each key that has proven itself. */
  readonly expects: (pin: Pin) => boolean;
  readonly accepted: (socket: TLSSocket, pin: Pin) => void;
  readonly refused: (why: string) => void;
};

/** Takes connected streams in as TLS server. @returns a function that starts the handshake on one */
export function createTlsReception(
  identity: Identity,
  handshakeMs: number,
  handlers: TlsReceptionHandlers,
): (socket: Duplex) => void {
  const server = createServer({
    ...TLS_1_3,
    key: identity.key,
    cert: identity.certificate,
    ca: [identity.certificate],
    requestCert: true,
    rejectUnauthorized: false,
    ALPNProtocols: [PEER_ALPN],
    handshakeTimeout: handshakeMs,
  });
  server.on("tlsClientError", (error, socket) => {
    handlers.refused(`no handshake (${errorCode(error)})`);
    socket.destroy();
  });
  server.on("secureConnection", (socket) => {
    socket.on("error", () => undefined);
    const pin = peerPin(socket);
    // A resumed session would not show its key again.
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
    if (pin !== undefined && why === undefined) {
      handlers.accepted(socket, pin);
      return;
    }
    handlers.refused(why ?? "");
    socket.destroy();
  });
  return (socket) => server.emit("connection", socket);
}

/** The pin of the key that the other side has proven to hold. */
function peerPin(socket: TLSSocket): Pin | undefined {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined
    ? undefined
    : pinOf(certificate.publicKey.export({ type: "spki", format: "der" }));
}
