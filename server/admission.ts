// Decides about an HTTP request before it becomes a WebSocket, and writes refusals. Used by the server alone.
import { STATUS_CODES, type IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import { upgradeStatus } from "../protocol/errors.ts";
import { RELAY_PATH } from "../protocol/rendezvous.ts";
import { err, ok, type Result } from "../protocol/result.ts";

export type Refusal = { readonly status: number; readonly text: string };

/** What is known when the request has been read. */
export type Occupancy = {
  readonly ofAddress: number;
  readonly maxOfAddress: number;
  readonly all: number;
  readonly maxAll: number;
};

/** The lobby's `/`, with or without a query, and the relay's. */
export function isServedPath(url: string): boolean {
  return url === "/" || url.startsWith("/?") || url === RELAY_PATH;
}

/** The answer to a request that does not ask for a WebSocket. */
export function refusalOfPlainRequest(url: string): Refusal {
  if (!isServedPath(url)) return { status: upgradeStatus.notFound, text: "There is nothing at this path." };
  return {
    status: upgradeStatus.upgradeRequired,
    text: "This is a Fork Chat server; it speaks WebSocket only.",
  };
}

/** Whether a request for a WebSocket is let in. Origins are compared without case. */
export function admit(
  request: { readonly url: string; readonly headers: IncomingHttpHeaders },
  allowedOrigins: ReadonlySet<string>,
  isOwnHost: (hostname: string) => boolean,
  occupancy: Occupancy,
): Result<undefined, Refusal> {
  if (!isServedPath(request.url) || request.headers.upgrade?.toLowerCase() !== "websocket") {
    return err(refusalOfPlainRequest(request.url));
  }
  // Browsers of an older draft of the protocol named their page in the second header.
  for (const origin of [request.headers.origin, request.headers["sec-websocket-origin"]]) {
    if (origin !== undefined && !allowedOrigins.has(String(origin).toLowerCase())) {
      return err({ status: upgradeStatus.origin, text: "Web pages of this origin are not let in." });
    }
  }
  if (!isOwnHost(hostnameOf(request.headers.host ?? ""))) {
    const text = "This server does not know itself by this name; it is told with --allow-host.";
    return err({ status: upgradeStatus.host, text });
  }
  if (occupancy.ofAddress >= occupancy.maxOfAddress) {
    return err({ status: upgradeStatus.address, text: "There are too many connections from this address." });
  }
  if (occupancy.all >= occupancy.maxAll) {
    return err({ status: upgradeStatus.full, text: "The server is full." });
  }
  return ok(undefined);
}

/** The host of a `Host` header, without port and brackets, in lower case; empty when there is none. */
export function hostnameOf(host: string): string {
  return (/^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, "")).toLowerCase();
}

/** Headers and body of a refusal, for a response that is written by `node:http` or by hand. */
export function refusalHeaders(refusal: Refusal): Record<string, string | number> {
  return {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(refusal.text) + 1,
    ...(refusal.status === upgradeStatus.upgradeRequired ? { Upgrade: "websocket" } : {}),
  };
}

/** Answers a request for a WebSocket with a refusal, and ends its connection. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  // A client that does not wait for its refusal is none of our concern.
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  const headers = Object.entries(refusalHeaders(refusal)).map(([name, value]) => `${name}: ${value}\r\n`);
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? "Refused"}\r\n`;
  socket.end(`${status}${headers.join("")}\r\n${refusal.text}\n`);
}
