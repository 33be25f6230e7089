// The server as a whole: HTTP listener, admission, connections, heartbeat, orderly end.
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Server as HttpsServer } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import * as v from "valibot";
import { closeCodes, upgradeStatus } from "../protocol/errors.ts";
import { Epoch, SessionId, Token } from "../protocol/fields.ts";
import { limits } from "../protocol/limits.ts";
import { ok, type Result } from "../protocol/result.ts";
import type { AccessToken } from "./admission/accessToken.ts";
import { isLoopback } from "../protocol/ipAddress.ts";
import {
  admit,
  refusalHeaders,
  refusalOfPlainRequest,
  refusalOfRequest,
  refuseUpgrade,
  targetAt,
  type Lack,
} from "./admission/admission.ts";
import { Connection } from "./websocket/connection.ts";
import type { ConnectionDependencies, OpenConnection } from "./websocket/connectionDependencies.ts";
import { createProxies } from "./admission/forwardedAddress.ts";
import type { PublicUrl } from "./admission/hostArguments.ts";
import { hostnameOf, isLocalName, isMachineName } from "./admission/hostNames.ts";
import { createHostRules, hostHint, type Arrival } from "./admission/hostRules.ts";
import { startHeartbeat } from "./websocket/heartbeat.ts";
import { createHttp } from "./admission/httpListener.ts";
import { listen } from "./admission/listen.ts";
import type { Log } from "./base/log.ts";
import { createOpeningHandshake } from "./websocket/openingHandshake.ts";
import { Outbox } from "./fanOut/outbox.ts";
import { MemberBytes } from "./websocket/memberBytes.ts";
import type { NameStore } from "./names/nameStore.ts";
import { scheduleNotices } from "./fanOut/noticePace.ts";
import { tlsSettings, type TlsPair } from "./admission/protection.ts";
import { randomId } from "./base/randomIds.ts";
import { Relay } from "./relay/relay.ts";
import { Rendezvous } from "./lobby/rendezvous.ts";
import { RequestHeads } from "./admission/requestHeads.ts";
import { TcpSockets } from "./admission/tcpSockets.ts";
import { Timers } from "./base/timers.ts";
import { Unread } from "./budgets/unread.ts";

export type ServerOptions = {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Values of `Origin` that are let in, in lower case. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly maxBacklog: number;
  readonly framesPerSecond: number;
  /** What the lobby gives each reader over a long time. */
  readonly lobbyBytesPerSecond: number;
  readonly clientsPerAddress: number;
  /** Lobby messages that a newcomer gets. */
  readonly newcomerMessages: number;
  readonly historyBytes: number;
  readonly clients: number;
  readonly handshakeMs: number;
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  /** What who joins must show; undefined: nothing. */
  readonly accessToken: AccessToken | undefined;
  /** PEM; undefined: no TLS. */
  readonly tls: TlsPair | undefined;
  /** Keeps people's names over a restart; undefined: they are forgotten. */
  readonly names: NameStore | undefined;
  readonly relay: boolean;
  /** Hosts that it answers to beyond its own addresses, as in a `Host` header, in lower case. */
  readonly allowedHosts: ReadonlySet<string>;
  /** How clients reach it by a reverse proxy; undefined: they come as it listens. */
  readonly publicUrl: PublicUrl | undefined;
  /** Addresses of proxies whose X-Forwarded-For names their clients, each in its plain form. */
  readonly trustedProxies: ReadonlySet<string>;
  readonly log: Log;
};

export type RunningServer = {
  /** `ws://HOST:PORT`, or `wss://` with TLS, as bound. */
  readonly url: string;
  /** For connections from now on; does nothing without TLS. */
  readonly setTls: (pair: TlsPair) => void;
  /** Tells the clients, ends within 2 s. Called again, ends at once. */
  readonly stop: () => Promise<void>;
};

/** Milliseconds that clients have to answer the closing when the server stops. */
const STOP_MS = 1_500;

/** Binds and serves. The error is a sentence for whoever started the server. */
export async function createServer(options: ServerOptions): Promise<Result<RunningServer, string>> {
  const { log } = options;
  const http = createHttp(options.tls, options.handshakeMs);
  const heads = new RequestHeads(http, options.handshakeMs);
  const bound = await listen(http, options);
  if (!bound.ok) return bound;
  const { address, port } = bound.value;

  const openWebSocket = createOpeningHandshake();
  // Whole ones: each number with a fraction that a client keeps is an object of its own in memory.
  const now = (): number => Math.floor(performance.now());
  const notices = scheduleNotices(now);
  const outbox = new Outbox(options.maxBacklog, (flush) => setImmediate(flush), notices.schedule);
  const { publicUrl } = options;
  const secure = options.tls !== undefined;
  const hostRules = createHostRules({ allowed: options.allowedHosts, publicUrl, secure });
  const proxies = createProxies(options.trustedProxies);
  const isPublic = publicUrl !== undefined && !isLocalName(publicUrl.hostname);
  const relay = new Relay({
    log,
    now,
    frameBytes: limits.relayFrameBytes,
    bytesPerSecond: limits.relayBytesPerSecond,
    leastFrameBytes: limits.leastRelayFrameBytes,
    tunnelsPerKey: limits.relayTunnelsPerKey,
    tunnels: limits.relayTunnels,
    rates: {
      ofKey: limits.relayBytesPerSecondOfKey,
      ofAddress: limits.relayBytesPerSecondOfAddress,
      inAll: limits.relayBytesPerSecondInAll,
    },
    waitMs: limits.connectMs,
    heartbeatMs: limits.linkHeartbeatMs,
    silenceMs: limits.linkSilenceMs,
  });
  const connections = new Set<OpenConnection>();
  const places = { ofAddress: options.clientsPerAddress, all: options.clients };
  const sockets = new TcpSockets(places, secure, proxies.include);
  const timers = new Timers();
  const rendezvous = new Rendezvous({
    epoch: v.parse(Epoch, randomId()),
    reach: isLoopback(address) && !isPublic ? "loopback" : "network",
    framesPerSecond: options.framesPerSecond,
    lobbyBytesPerSecond: options.lobbyBytesPerSecond,
    newcomerMessages: options.newcomerMessages,
    historyBytes: options.historyBytes,
    relay: options.relay,
    accessToken: options.accessToken,
    heldNames: options.names?.before ?? [],
    heldNamesChanged: (change, all) => options.names?.changed(change, all),
    outbox,
    log,
    now,
    wallTime: () => Date.now(),
    newSessionId: () => v.parse(SessionId, randomId()),
    newToken: () => v.parse(Token, randomId()),
    resumeSecret: randomBytes(32),
    nextTurn: (turn) => setImmediate(turn),
    wake: (ms) => {
      timers.later(ms, () => rendezvous.expire());
    },
    later: (ms, call) => timers.later(ms, call),
  });

  const connectionDependencies: ConnectionDependencies = {
    outbox,
    rendezvous,
    unread: new Unread({
      readMs: options.handshakeMs,
      bytes: limits.unreadBytes,
      later: (ms, call) => timers.later(ms, call),
    }),
    memberBytes: new MemberBytes({
      lobbyBytesPerSecond: options.lobbyBytesPerSecond,
      now,
      later: (ms, call) => timers.later(ms, call),
    }),
    framesPerSecond: options.framesPerSecond,
    handshakeMs: options.handshakeMs,
    sockets,
    now,
    ended: (connection) => connections.delete(connection),
  };
  // Apart from where the request is, which would live as long as a function made there.
  const connect = (socket: Socket, head: Buffer, address: string, arrival: Arrival): void => {
    const { host } = arrival;
    const peer = { address, host, dialled: hostRules.dialled(arrival), nonce: v.parse(Token, randomId()) };
    connections.add(new Connection(socket, head, peer, connectionDependencies));
  };

  http.on("connection", (socket: Socket) => sockets.accepted(socket));

  http.on("request", (request, response) => {
    const target = targetAt(request.url ?? "/", publicUrl?.path);
    const refusal = refusalOfRequest(request.rawHeaders) ?? refusalOfPlainRequest(target);
    const headers = refusalHeaders(refusal, request.headers.host);
    response.writeHead(refusal.status, headers).end(`${refusal.text}\n`);
  });

  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const remote = request.socket.remoteAddress;
    // Without an address the connection is gone already.
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
    const admitted = admit(request, target, options.allowedOrigins, isOwnHost, makeRoom);
    if (!admitted.ok) {
      const { status } = admitted.error;
      // A name that is none of ours may be anything: only the machine's own are logged.
      const name = hostnameOf(host);
      const isOurs = isLocalName(name) || isMachineName(name);
      const known = isOurs ? { host, hint: hostHint(host) } : { hint: hostHint("") };
      const hint = status === upgradeStatus.host ? known : {};
      log("warn", "upgrade-refused", { status, address, ...hint });
      refuseUpgrade(socket, admitted.error, host);
      return;
    }
    if (target === "relay") {
      const redeemed = options.relay ? rendezvous.redeem(ticketOf(request)) : undefined;
      if (redeemed === undefined) {
        refuseUpgrade(socket, {
          status: upgradeStatus.ticket,
          text: "The ticket is missing, already used, or expired.",
        });
      } else {
        sockets.proven(socket);
        relay.handle(request, socket, head, redeemed, address);
      }
      return;
    }
    // The answer and the challenge go out in one write: where thousands join, each one counts.
    socket.cork();
    openWebSocket(request, socket, head, () => connect(socket, head, address, arrival));
    setImmediate(uncork, socket);
  });

  const stopHeartbeat = startHeartbeat(connections, { ...options, now });

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    if (stopped !== undefined) {
      sockets.destroyAll();
      return stopped;
    }
    stopHeartbeat();
    stopped = new Promise((resolve) => {
      const deadline = setTimeout(() => sockets.destroyAll(), STOP_MS);
      void bound.value.close().then(() => {
        clearTimeout(deadline);
        notices.cancel();
        timers.clear();
        resolve();
      });
    });
    http.closeIdleConnections();
    heads.close();
    for (const connection of connections) connection.close(closeCodes.goingAway, "server is stopping");
    relay.stop();
    return stopped;
  };

  log("info", "listening", { address, port });
  const scheme = options.tls === undefined ? "ws" : "wss";
  return ok({
    url: `${scheme}://${address.includes(":") ? `[${address}]` : address}:${port}`,
    setTls: (pair) => {
      if (http instanceof HttpsServer) http.setSecureContext(tlsSettings(pair));
    },
    stop,
  });
}

function uncork(socket: Socket): void {
  socket.uncork();
}

/** As `Authorization: Bearer TICKET` says; empty without one. */
function ticketOf(request: IncomingMessage): string {
  return /^Bearer ([\w-]{22,128})$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
}
