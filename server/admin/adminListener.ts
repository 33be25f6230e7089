// A second HTTP listener, for the admin's tools: is the process alive, can clients join, and the metrics. It has no password,
// so it belongs on loopback or a private network. Guarantees: what it tells names no one, web pages cannot read it, and
// its visitors can neither hold many connections nor occupy the event loop.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { upgradeStatus } from "../../protocol/errors.ts";
import type { Result } from "../../protocol/result.ts";
import { refusalOfRequest, refuseUpgrade } from "../admission/admission.ts";
import { createHostRules, type HostRules } from "../admission/hostRules.ts";
import { createHttp } from "../admission/httpListener.ts";
import { listen, type Listening } from "../admission/listen.ts";
import { RequestHeads } from "../admission/requestHeads.ts";
import { METRICS_TYPE } from "./metricsText.ts";

export type AdminOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Hosts accepted beside the listener's own addresses, as in a `Host` header, in lower case. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Whether clients can join. */
  readonly isReady: () => boolean;
  readonly metrics: () => string;
};

/** Open connections; the oldest makes room. */
const CONNECTIONS = 16;

/** Milliseconds for a connection, from its request to the last byte of the answer. */
const CONNECTION_MS = 10_000;

/** Milliseconds for the head of a request. */
const HEAD_MS = 5_000;

const nothing = { status: upgradeStatus.notFound, text: "Nothing is served at this path." };

type Answer = { readonly status: number; readonly text: string; readonly type?: string };

/** Binds and serves. The error is a sentence. */
export async function openAdminListener(options: AdminOptions): Promise<Result<Listening, string>> {
  const http = createHttp(undefined, HEAD_MS);
  new RequestHeads(http, HEAD_MS, () => undefined);
  const rules = createHostRules({ allowed: options.allowedHosts, publicUrl: undefined, secure: false });
  const open = new Set<Socket>();
  http.prependListener("connection", (socket: Socket) => {
    const [oldest] = open;
    if (open.size >= CONNECTIONS) oldest?.destroy();
    const timer = setTimeout(() => socket.destroy(), CONNECTION_MS).unref();
    open.add(socket);
    socket.once("close", () => {
      clearTimeout(timer);
      open.delete(socket);
    });
  });
  http.on("request", (request, response) => give(response, answerTo(request, rules, options)));
  http.on("upgrade", (_request, socket: Duplex) => refuseUpgrade(socket, nothing));
  return listen(http, options, { host: "--admin", port: "--admin" });
}

function answerTo(request: IncomingMessage, rules: HostRules, { isReady, metrics }: AdminOptions): Answer {
  const refusal = refusalOfRequest(request.rawHeaders);
  if (refusal !== undefined) return refusal;
  const host = request.headers.host ?? "";
  const { localAddress = "", localPort = 0 } = request.socket;
  if (!rules.admits({ host, localAddress, localPort })) {
    return { status: upgradeStatus.host, text: "Start the server with --allow-host to allow this host." };
  }
  if (request.method !== "GET" && request.method !== "HEAD") return { status: 405, text: "Use GET or HEAD." };
  switch (request.url?.replace(/\?.*$/u, "")) {
    case "/healthz":
      return { status: 200, text: "ok" };
    case "/readyz":
      return isReady() ? { status: 200, text: "ok" } : { status: 503, text: "not ready" };
    case "/metrics":
      return { status: 200, text: metrics().trimEnd(), type: METRICS_TYPE };
    default:
      return nothing;
  }
}

function give(response: ServerResponse, { status, text, type = "text/plain; charset=utf-8" }: Answer): void {
  const body = Buffer.from(`${text}\n`);
  response.writeHead(status, {
    Connection: "close",
    "Content-Type": type,
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    ...(status === 405 ? { Allow: "GET, HEAD" } : {}),
  });
  response.end(body);
}
