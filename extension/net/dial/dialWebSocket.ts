// Dials a WebSocket at a server: TCP, TLS if requested, then the upgrade, within one time limit.
import { isIP, type Socket } from "node:net";
import { connect, type SecureContext, type TLSSocket } from "node:tls";
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
  let socket: Socket;
  /** Why it fails when the time is over. */
  let late: DialFailure;
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
  const timer = setTimeout(() => fail(late), target.timeoutMs);
  const upgrade = (used: Socket): void => {
    upgradeSocket(used, target, {
      failed: fail,
      opened: (opened) => {
        if (settle()) handlers.opened(opened, socket);
      },
    });
  };
  const open = (): void => {
    late = { kind: "timeout" };
    // The other loopback address may belong to another user, who could forward what is meant for the server.
    socket = dialSocket(isLocalhost(target.host) ? "127.0.0.1" : target.host, target.port, {
      failed: fail,
      connected: (used) => {
        if (!target.secure) return upgrade(used);
        const trust = context.trust.known();
        secure(used, target, context, trust, {
          failed: (failure) => (failure.kind === "untrusted" ? doubt(failure, trust) : fail(failure)),
          secured: upgrade,
        });
      },
    });
    context.sockets.track(socket);
  };
  /** Dials again if this machine trusts more than was known. */
  const doubt = (failure: DialFailure, trust: SecureContext): void => {
    late = failure;
    socket.destroy();
    context.trust.full().then(
      (full) => {
        if (settled) return;
        if (full === trust) fail(failure);
        else open();
      },
      (error: unknown) => {
        context.log.warn(`The system's certificates can't be read: ${String(error)}`);
        fail(failure);
      },
    );
  };
  open();
  return {
    abort() {
      if (settle()) socket.destroy();
    },
  };
}

type SecureHandlers = {
  readonly secured: (socket: TLSSocket) => void;
  readonly failed: (failure: DialFailure) => void;
};

/** TLS with certificates that this machine trusts, or with the one that its user trusts. */
function secure(
  socket: Socket,
  { host, trusted }: DialTarget,
  { limits, turns }: NetContext,
  secureContext: SecureContext,
  { secured, failed }: SecureHandlers,
): void {
  const fail = (): void => failed({ kind: "not-tls" });
  const bounds = { hello: limits.serverHandshakeBytes, flight: limits.serverHandshakeBytes };
  const guard = guardHandshake(socket, bounds, turns);
  const tls = connect({
    secureContext,
    socket: guard.stream,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
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
