// Dials a WebSocket at a server: TCP, TLS if requested, then the upgrade, within one time limit.
import { isIP, type Socket } from "node:net";
import { connect, DEFAULT_CIPHERS, type TLSSocket } from "node:tls";
import { isLocalhost } from "../../core/model/serverAddress.ts";
import type { DialFailure } from "./dialFailure.ts";
import { dialSocket } from "./dialSocket.ts";
import { guardHandshake } from "./handshakeGuard.ts";
import type { NetContext } from "./netContext.ts";
import type { OpenWebSocket } from "./pacedReading.ts";
import { upgradeSocket, type UpgradeRequest } from "./upgradeSocket.ts";

export type DialTarget = UpgradeRequest & {
  /** A host name or an IP address without brackets. */
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** SHA-256 of a certificate that the user trusts explicitly; in hexadecimal with colons. */
  readonly trusted: string | undefined;
  /** Milliseconds for all of it. */
  readonly timeoutMs: number;
};

export type DialHandlers = {
  /** Called in the tick of the 101, so that listeners attached here miss no frame. */
  opened(opened: OpenWebSocket, socket: Socket): void;
  failed(failure: DialFailure): void;
};

export type Dial = {
  /** Cancels the dial: no handler is called anymore. Does nothing after one was. */
  abort(): void;
};

/** Dials and calls one of the handlers, once, and never before this function has returned. */
export function dialWebSocket(target: DialTarget, context: NetContext, handlers: DialHandlers): Dial {
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
  const upgrade = (used: Socket): void => {
    upgradeSocket(used, target, {
      failed: fail,
      opened: (opened) => {
        if (settle()) handlers.opened(opened, socket);
      },
    });
  };
  // The other loopback address may belong to another user, who could forward what is meant for the server.
  const socket = dialSocket(isLocalhost(target.host) ? "127.0.0.1" : target.host, target.port, {
    failed: fail,
    connected: () => {
      if (target.secure) secure(socket, target, context, upgrade, fail);
      else upgrade(socket);
    },
  });
  context.sockets.track(socket);
  return {
    abort() {
      if (settle()) socket.destroy();
    },
  };
}

/**
 * As browsers do, but without the groups and TLS 1.2 key exchanges with which a server can make a client compute for
 * long.
 */
const EXCHANGES = { ecdhCurve: "X25519:P-256:P-384", ciphers: `${DEFAULT_CIPHERS}:!DHE` } as const;

/** TLS with certificates that this machine trusts, or with the one that its user trusts. */
function secure(
  socket: Socket,
  { host, trusted }: DialTarget,
  { limits, turns }: NetContext,
  secured: (socket: TLSSocket) => void,
  failed: (failure: DialFailure) => void,
): void {
  const fail = (): void => failed({ kind: "not-tls" });
  const bounds = { hello: limits.serverHandshakeBytes, flight: limits.serverHandshakeBytes };
  const guard = guardHandshake(socket, bounds, turns);
  const tls = connect({
    ...EXCHANGES,
    socket: guard.stream,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    minVersion: "TLSv1.2",
    // Checked below, to be able to report the certificate.
    rejectUnauthorized: false,
  });
  tls.on("error", fail);
  tls.once("close", fail);
  tls.once("secureConnect", () => {
    guard.lift();
    tls.off("close", fail);
    tls.off("error", fail);
    tls.on("error", () => undefined);
    const fingerprint = tls.getPeerX509Certificate()?.fingerprint256 ?? "";
    if (tls.authorized || (trusted !== undefined && fingerprint === trusted)) secured(tls);
    else failed({ kind: "untrusted", fingerprint, code: String(tls.authorizationError) });
  });
}
