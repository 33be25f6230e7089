// Decides whether an HTTP request may become a WebSocket, and writes refusals.
import { STATUS_CODES, type IncomingHttpHeaders } from "node:http";
import type { Duplex } from "node:stream";
import * as v from "valibot";
import { upgradeStatus } from "../../protocol/errors.ts";
import { Host } from "../../protocol/fields.ts";
import { RELAY_PATH, SEEN_HOST_HEADER } from "../../protocol/rendezvous.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { withoutNeedlessEscapes } from "../../protocol/urlPath.ts";
import { hostHint } from "./hostRules.ts";

export type Refusal = { readonly status: number; readonly text: string };

/** Which places are all taken: those of the client's address, or all of the server's. */
export type Lack = "address" | "server";

/** What the request's path asks for. */
export type Target = "lobby" | "relay";

/**
 * What is at a path, regardless of its query and spelling.
 * @param base the public path, which some proxies pass on: the same targets exist below it; empty or `/` and more
 */
export function targetAt(url: string, base = ""): Target | undefined {
  const path = withoutNeedlessEscapes(url.replace(/\?.*$/u, ""));
  const inner = base !== "" && path.startsWith(base) ? path.slice(base.length) : path;
  if (inner === RELAY_PATH) return "relay";
  return inner === "/" || (inner === "" && path !== "") ? "lobby" : undefined;
}

/** Checks that a request has exactly one `Host` header (RFC 9112). */
export function refusalOfRequest(rawHeaders: readonly string[]): Refusal | undefined {
  const hosts = rawHeaders.filter((name, n) => n % 2 === 0 && name.toLowerCase() === "host").length;
  if (hosts === 1) return undefined;
  return { status: upgradeStatus.badRequest, text: "A request must have exactly one Host header." };
}

/** The answer to a request that does not ask for a WebSocket. */
export function refusalOfPlainRequest(target: Target | undefined): Refusal {
  if (target === undefined)
    return { status: upgradeStatus.notFound, text: "Nothing is served at this path." };
  return {
    status: upgradeStatus.upgradeRequired,
    text: "This is a Fork Chat server. It only accepts WebSocket connections.",
  };
}

/**
 * Decides whether a WebSocket request is admitted. Origins are compared without case.
 * @param isOwnHost whether its `Host` fits its connection; see hostRules.ts
 * @param makeRoom finds a place for it; called only when nothing else is wrong
 */
export function admit(
  request: { readonly headers: IncomingHttpHeaders; readonly rawHeaders: readonly string[] },
  target: Target | undefined,
  allowedOrigins: ReadonlySet<string>,
  isOwnHost: boolean,
  makeRoom: () => Lack | undefined,
): Result<undefined, Refusal> {
  const refusal = refusalOfRequest(request.rawHeaders);
  if (refusal !== undefined) return err(refusal);
  if (target === undefined || request.headers.upgrade?.toLowerCase() !== "websocket") {
    return err(refusalOfPlainRequest(target));
  }
  // Browsers with an older draft of the protocol sent the origin in the second header.
  for (const origin of [request.headers.origin, request.headers["sec-websocket-origin"]]) {
    if (origin !== undefined && !allowedOrigins.has(String(origin).toLowerCase())) {
      return err({ status: upgradeStatus.origin, text: "Web pages of this origin are not allowed." });
    }
  }
  if (!isOwnHost) {
    const text = `This server does not accept this host. ${hostHint(request.headers.host ?? "")}`;
    return err({ status: upgradeStatus.host, text });
  }
  const lack = makeRoom();
  return lack === undefined ? ok(undefined) : err(FULL[lack]);
}

const FULL: Readonly<Record<Lack, Refusal>> = {
  address: { status: upgradeStatus.address, text: "Too many connections from this address." },
  server: { status: upgradeStatus.full, text: "The server is full." },
};

/**
 * Headers of a refusal, for a response written by `node:http` or by hand.
 * @param host the request's `Host`
 */
export function refusalHeaders(refusal: Refusal, host = ""): Record<string, string | number> {
  return {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": Buffer.byteLength(refusal.text) + 1,
    ...(refusal.status === upgradeStatus.upgradeRequired ? { Upgrade: "websocket" } : {}),
    ...(v.is(Host, host) ? { [SEEN_HOST_HEADER]: host.toLowerCase() } : {}),
  };
}

/** Answers a WebSocket request with a refusal, and ends its connection. */
export function refuseUpgrade(socket: Duplex, refusal: Refusal, host?: string): void {
  // Clients may disconnect without waiting for the refusal.
  socket.on("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  const headers = Object.entries(refusalHeaders(refusal, host)).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const status = `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? "Refused"}\r\n`;
  socket.end(`${status}${headers.join("")}\r\n${refusal.text}\n`);
}
