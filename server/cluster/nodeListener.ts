// Where the other servers of a lobby reach this one.
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { once } from "node:events";
import * as v from "valibot";
import { Errand, ERRAND_BYTES } from "../../protocol/cluster.ts";
import { IpAddress } from "../../protocol/fields.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { RelayUpgrade } from "../hall/hostedLobby.ts";
import { ADDRESS_HEADER, paths } from "./nodeCalls.ts";
import { serverTls } from "./nodeTls.ts";

export type NodeListenerDependencies = {
  /** 32 bytes that all servers know. */
  readonly key: Buffer;
  /** Connections from other servers: one for each tunnel that leads here, and some for errands. */
  readonly connections: number;
  readonly asked: (errand: Errand) => void;
  /** A client of another server, whose ticket is valid at this one. */
  readonly relay: (upgrade: RelayUpgrade) => void;
};

/** Milliseconds for a handshake, and for a request. */
const HANDSHAKE_MS = 2_000;
const REQUEST_MS = 5_000;

export type NodeListener = { readonly stop: () => void };

/** @param place `HOST:PORT` of this server. The error is a sentence. */
export async function listenForNodes(
  place: string,
  { key, connections, asked, relay }: NodeListenerDependencies,
): Promise<Result<NodeListener, string>> {
  const server = createServer({
    ...serverTls(key),
    handshakeTimeout: HANDSHAKE_MS,
    requestTimeout: REQUEST_MS,
    headersTimeout: HANDSHAKE_MS,
    maxHeaderSize: 8 * 1024,
  });
  server.maxConnections = connections;
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("request", (request, response) => void answer(request, response, asked));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const address = v.safeParse(IpAddress, request.headers[ADDRESS_HEADER.toLowerCase()]);
    if (request.url === paths.relay && socket instanceof Socket && address.success) {
      relay({ request, socket, head, address: address.output });
    } else socket.destroy();
  });
  const { hostname, port } = new URL(`https://${place}`);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  try {
    server.listen({ host, port: Number(port || 443) });
    await once(server, "listening");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? "it needs a port of its own, and this one is in use." : message;
    return err(`Cannot listen for other servers at ${place} (--node-url): ${reason}`);
  }
  return ok({
    stop: () => {
      server.close();
      server.closeIdleConnections();
    },
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  asked: (errand: Errand) => void,
): Promise<void> {
  const errand = request.method === "POST" && request.url === paths.errand ? await read(request) : undefined;
  if (errand !== undefined) asked(errand);
  response.writeHead(errand === undefined ? 400 : 204).end();
}

async function read(request: IncomingMessage): Promise<Errand | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > ERRAND_BYTES) return undefined;
      parts.push(part);
    }
  } catch {
    return undefined;
  }
  const text = Buffer.concat(parts).toString("utf8");
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Errand), text);
  return parsed.success ? parsed.output : undefined;
}
