// The server's HTTP listener, with TLS or without: how long clients may take, how much they may send, and where it is bound.
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { err, ok, type Result } from "../protocol/result.ts";
import { listenErrorText } from "./listenErrorText.ts";
import type { TlsPair } from "./protection.ts";

/** Headers of an upgrade are some hundred bytes; cookies of a proxy may come on top. */
const HEADER_BYTES = 8 * 1024;

/** TCP connections that may wait to be accepted: a whole school that comes back at once. */
const ACCEPT_BACKLOG = 4096;

/** `tls`: undefined for none. `handshakeMs`: for TLS, and again for the headers. */
export function createHttp(tls: TlsPair | undefined, handshakeMs: number): HttpServer | HttpsServer {
  const options = {
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.min(1_000, handshakeMs),
    handshakeTimeout: handshakeMs,
    maxHeaderSize: HEADER_BYTES,
    noDelay: true,
  };
  return tls === undefined
    ? createHttpServer(options)
    : createHttpsServer({ ...options, ...tls, minVersion: "TLSv1.2" });
}

/** The error is a sentence. */
export function listen(
  http: HttpServer | HttpsServer,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Result<{ address: string; port: number }, string>> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve(err(listenErrorText(error, host, port)));
    http.once("error", failed);
    http.listen({ host, port, backlog: ACCEPT_BACKLOG }, () => {
      http.off("error", failed);
      const bound = http.address();
      if (bound === null || typeof bound === "string") resolve(err(`Cannot listen on ${host}.`));
      else resolve(ok({ address: bound.address, port: bound.port }));
    });
  });
}
