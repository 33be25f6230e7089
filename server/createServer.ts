// The complete server: HTTP listener, admission, connections, heartbeat, orderly shutdown.
import { randomBytes } from "node:crypto";
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import * as v from "valibot";
import { closeCodes } from "../protocol/errors.ts";
import { Epoch, SessionId, Token } from "../protocol/fields.ts";
import { limits } from "../protocol/limits.ts";
import { ok, type Result } from "../protocol/result.ts";
import type { AccessToken } from "./admission/accessToken.ts";
import type { ServerReading } from "./admin/serverMetrics.ts";
import { isLoopback } from "../protocol/ipAddress.ts";
import { Connection } from "./websocket/connection.ts";
import type { ConnectionDependencies, OpenConnection } from "./websocket/connectionDependencies.ts";
import { createProxies } from "./admission/forwardedAddress.ts";
import type { PublicUrl } from "./admission/hostArguments.ts";
import { isLocalName } from "./admission/hostNames.ts";
import { createHostRules, type Arrival } from "./admission/hostRules.ts";
import { FairTurns } from "./budgets/fairTurns.ts";
import { HeldBytes } from "./budgets/heldBytes.ts";
import { startHeartbeat } from "./websocket/heartbeat.ts";
import { createHttp } from "./admission/httpListener.ts";
import { listen } from "./admission/listen.ts";
import type { Log } from "./base/log.ts";
import { count, createTally } from "./base/tally.ts";
import { Outbox } from "./fanOut/outbox.ts";
import { connectionNumbers } from "./hall/connectionNumbers.ts";
import { localLog } from "./hall/lobbyLog.ts";
import { MemberBytes } from "./websocket/memberBytes.ts";
import type { NameStore } from "./names/nameStore.ts";
import { scheduleNotices } from "./fanOut/noticePace.ts";
import { tlsSettings, type TlsPair } from "./admission/protection.ts";
import { randomId } from "./base/randomIds.ts";
import { Relay } from "./relay/relay.ts";
import { Rendezvous } from "./lobby/rendezvous.ts";
import { RequestHeads } from "./admission/requestHeads.ts";
import { serveRequests } from "./requests.ts";
import { TcpSockets } from "./admission/tcpSockets.ts";
import { TlsHandshakes } from "./admission/tlsHandshakes.ts";
import { Timers } from "./base/timers.ts";
import { Unread } from "./budgets/unread.ts";

export type ServerOptions = {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Allowed values of `Origin`, in lower case. */
  readonly allowedOrigins: ReadonlySet<string>;
  readonly maxBacklog: number;
  readonly framesPerSecond: number;
  /** Bytes per second of lobby messages to each reader, sustained. */
  readonly lobbyBytesPerSecond: number;
  readonly clientsPerAddress: number;
  /** Lobby messages that a newcomer gets. */
  readonly newcomerMessages: number;
  readonly historyBytes: number;
  /** Bytes of messages that the server holds for all clients together until it has read them. */
  readonly heldBytes: number;
  readonly clients: number;
  readonly handshakeMs: number;
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  /** The token that a join requires; undefined: none. */
  readonly accessToken: AccessToken | undefined;
  /** PEM; undefined: no TLS. */
  readonly tls: TlsPair | undefined;
  /** Saves people's names across restarts; undefined: they are forgotten. */
  readonly names: NameStore | undefined;
  readonly relay: boolean;
  /** Hosts accepted beside the server's own addresses, as in a `Host` header, in lower case. */
  readonly allowedHosts: ReadonlySet<string>;
  /** The URL of a reverse proxy in front of the server; undefined: none. */
  readonly publicUrl: PublicUrl | undefined;
  /** Addresses of trusted proxies, whose X-Forwarded-For counts, in plain form. */
  readonly trustedProxies: ReadonlySet<string>;
  readonly log: Log;
};

export type RunningServer = {
  /** `ws://HOST:PORT` as bound, or `wss://` with TLS. */
  readonly url: string;
  /** Replaces the certificate for new connections. Does nothing without TLS. */
  readonly setTls: (pair: TlsPair) => void;
  /** Whether clients can join. */
  readonly isOpen: () => boolean;
  readonly read: () => ServerReading;
  /** Notifies the clients and ends within 2 s. A second call ends at once. */
  readonly stop: () => Promise<void>;
};

/** Milliseconds that clients have to answer the closing frame when the server stops. */
const STOP_MS = 1_500;

/** Binds and serves. The error is a sentence for the admin. */
export async function createServer(options: ServerOptions): Promise<Result<RunningServer, string>> {
  const { log } = options;
  const http = createHttp(options.tls, options.handshakeMs);
  const tally = createTally();
  const heads = new RequestHeads(http, options.handshakeMs, (status) => count(tally.refusedRequests, status));
  const handshakes = http instanceof HttpsServer ? new TlsHandshakes(http, options.handshakeMs) : undefined;
  const bound = await listen(http, options);
  if (!bound.ok) return bound;
  const { address, port } = bound.value;

  // Whole milliseconds: V8 stores each fractional number that a client keeps as an object.
  const now = (): number => Math.floor(performance.now());
  const notices = scheduleNotices(now);
  const nextTurn = (turn: () => void): void => void setImmediate(turn);
  const outbox = new Outbox(options.maxBacklog, nextTurn, notices.schedule, { tally });
  const { publicUrl } = options;
  const secure = options.tls !== undefined;
  const hostRules = createHostRules({ allowed: options.allowedHosts, publicUrl, secure });
  const proxies = createProxies(options.trustedProxies);
  const isPublic = publicUrl !== undefined && !isLocalName(publicUrl.hostname);
  const relay = new Relay({
    log,
    tally,
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
    heldBytes: limits.relayHeldBytes,
    waitMs: limits.connectMs,
    heartbeatMs: limits.linkHeartbeatMs,
    silenceMs: limits.linkSilenceMs,
  });
  const connections = new Set<OpenConnection>();
  const places = { ofAddress: options.clientsPerAddress, all: options.clients };
  const sockets = new TcpSockets(places, secure, proxies.include, tally);
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
    openLobbyLog: localLog(Date.now),
    outbox,
    log,
    tally,
    now,
    wallTime: Date.now,
    newSessionId: () => v.parse(SessionId, randomId()),
    newConnection: connectionNumbers(),
    newToken: () => v.parse(Token, randomId()),
    resumeSecret: randomBytes(32),
    nextTurn,
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
    held: new HeldBytes(options.heldBytes),
    turns: new FairTurns(limits.framesPerTurn, nextTurn),
    framesPerSecond: options.framesPerSecond,
    handshakeMs: options.handshakeMs,
    sockets,
    tally,
    now,
    ended: (connection) => connections.delete(connection),
  };
  // A separate function, because a closure would keep the request alive.
  const connect = (socket: Socket, head: Buffer, address: string, arrival: Arrival): void => {
    const { host } = arrival;
    const peer = { address, host, dialled: hostRules.dialled(arrival), nonce: v.parse(Token, randomId()) };
    connections.add(new Connection(socket, head, peer, connectionDependencies));
  };

  serveRequests(http, {
    ...options,
    hostRules,
    proxies,
    sockets,
    relay,
    redeem: (ticket) => (options.relay ? rendezvous.redeem(ticket) : undefined),
    connect,
    tally,
  });

  const stopHeartbeat = startHeartbeat(connections, { ...options, now });

  let stopped: Promise<void> | undefined;
  const isOpen = (): boolean => stopped === undefined;
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
    handshakes?.close();
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
    isOpen,
    read: () => ({
      tally,
      isOpen: isOpen(),
      sockets: sockets.size,
      connections: connections.size,
      members: rendezvous.here,
      places: options.clients,
      backlogBytes: [...connections].reduce((sum, { backlog }) => sum + backlog, 0),
      // The log of a single process applies each command at once.
      logLagSeconds: 0,
    }),
    stop,
  });
}
