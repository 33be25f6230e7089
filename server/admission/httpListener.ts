// The server's HTTP listener, with or without TLS, with its limits on time and size.
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import { HEAD_BYTES } from "./requestHeads.ts";
import { tlsSettings, type TlsPair } from "./protection.ts";

/**
 * @param tls undefined for none
 * @param handshakeMs for TLS, and again for the headers
 */
export function createHttp(tls: TlsPair | undefined, handshakeMs: number): HttpServer | HttpsServer {
  const options = {
    headersTimeout: handshakeMs,
    requestTimeout: handshakeMs,
    connectionsCheckingInterval: Math.min(1_000, handshakeMs),
    handshakeTimeout: handshakeMs,
    maxHeaderSize: HEAD_BYTES,
    noDelay: true,
  };
  return tls === undefined
    ? createHttpServer(options)
    : createHttpsServer({ ...options, ...tlsSettings(tls) });
}
