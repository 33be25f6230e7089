// What comes to the HTTP listener: a request is refused, or becomes a WebSocket of the lobby or the relay.
import type { IncomingMessage, Server as HttpServer } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { upgradeStatus } from "../protocol/errors.ts";
import {
  admit,
  refusalHeaders,
  refusalOfPlainRequest,
  refusalOfRequest,
  refuseUpgrade,
  targetAt,
  type Lack,
} from "./admission/admission.ts";
import type { Proxies } from "./admission/forwardedAddress.ts";
import type { PublicUrl } from "./admission/hostArguments.ts";
import { hostnameOf, isLocalName, isMachineName } from "./admission/hostNames.ts";
import { hostHint, type Arrival, type HostRules } from "./admission/hostRules.ts";
import type { TcpSockets } from "./admission/tcpSockets.ts";
import type { Log } from "./base/log.ts";
import { count, type Tally } from "./base/tally.ts";
import type { RelayDoor } from "./relayDoor.ts";
import { createOpeningHandshake } from "./websocket/openingHandshake.ts";

export type RequestDependencies = {
  readonly publicUrl: PublicUrl | undefined;
  /** Allowed values of `Origin`, in lower case. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly hostRules: HostRules;
  readonly proxies: Proxies;
  readonly sockets: TcpSockets;
  readonly relay: RelayDoor;
  /** Whether clients can join. */
  readonly isOpen: () => boolean;
  /** A WebSocket for the lobby is open. `head`: bytes after its request. */
  readonly connect: (socket: Socket, head: Buffer, address: string, arrival: Arrival) => void;
  readonly log: Log;
  readonly tally: Pick<Tally, "refusedRequests" | "refusedRelays">;
};

const closed = { status: upgradeStatus.full, text: "The lobby is closed at the moment." };

/** Handles each request of the listener from now on. */
export function serveRequests(http: HttpServer | HttpsServer, deps: RequestDependencies): void {
  const { publicUrl, allowedOrigins, hostRules, proxies, sockets, relay, isOpen, connect } = deps;
  const { log, tally } = deps;
  const openWebSocket = createOpeningHandshake();

  http.on("connection", (socket: Socket) => sockets.accepted(socket));

  http.on("request", (request, response) => {
    const target = targetAt(request.url ?? "/", publicUrl?.path);
    const refusal = refusalOfRequest(request.rawHeaders) ?? refusalOfPlainRequest(target);
    const headers = refusalHeaders(refusal, request.headers.host);
    count(tally.refusedRequests, refusal.status);
    response.writeHead(refusal.status, headers).end(`${refusal.text}\n`);
  });

  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const remote = request.socket.remoteAddress;
    // Without an address, the connection is already closed.
    if (remote === undefined || !(socket instanceof Socket)) {
      socket.destroy();
      return;
    }
    const address = proxies.clientOf(remote, request.rawHeaders);
    const target = targetAt(request.url ?? "/", publicUrl?.path);
    const host = request.headers.host ?? "";
    const { localAddress = "", localPort = 0 } = request.socket;
    const arrival = { host, localAddress, localPort };
    const isOwnHost = hostRules.admits(arrival);
    const makeRoom = (): Lack | undefined => sockets.makeRoomFor(socket, address);
    const admitted = admit(request, target, allowedOrigins, isOwnHost, makeRoom);
    const isClosed = target !== "relay" && !isOpen();
    const refusal = admitted.ok ? (isClosed ? closed : undefined) : admitted.error;
    if (refusal !== undefined) {
      const { status } = refusal;
      // Unknown host names may contain anything, so only the machine's own are logged.
      const name = hostnameOf(host);
      const isOurs = isLocalName(name) || isMachineName(name);
      const known = isOurs ? { host, hint: hostHint(host) } : { hint: hostHint("") };
      const hint = status === upgradeStatus.host ? known : {};
      log("warn", "upgrade-refused", { status, address, ...hint });
      count(tally.refusedRequests, status);
      refuseUpgrade(socket, refusal, host);
      return;
    }
    if (target === "relay") {
      relay.handle({ request, socket, head, address });
      return;
    }
    // The answer and the challenge go out in one write, which matters when thousands join.
    socket.cork();
    openWebSocket(request, socket, head, () => connect(socket, head, address, arrival));
    setImmediate(uncork, socket);
  });
}

function uncork(socket: Socket): void {
  socket.uncork();
}
