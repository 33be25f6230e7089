// The complete server: HTTP listener, admission, connections, heartbeat, orderly shutdown.
import { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import * as v from "valibot";
import { Token } from "../protocol/fields.ts";
import { limits } from "../protocol/limits.ts";
import { ok, type Result } from "../protocol/result.ts";
import type { AccessToken } from "./admission/accessToken.ts";
import type { ServerReading } from "./admin/serverMetrics.ts";
import { isLoopback } from "../protocol/ipAddress.ts";
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
import { startClock } from "./base/clock.ts";
import { count, createTally } from "./base/tally.ts";
import { Outbox } from "./fanOut/outbox.ts";
import type { JoinLobby, Membership } from "./hall/hostedLobby.ts";
import { LobbyHost } from "./lobbyHost.ts";
import { MemberBytes } from "./websocket/memberBytes.ts";
import type { NameStore } from "./names/nameStore.ts";
import { scheduleNotices } from "./fanOut/noticePace.ts";
import { tlsSettings, type TlsPair } from "./admission/protection.ts";
import { randomId } from "./base/randomIds.ts";
import { RelayDoor } from "./relayDoor.ts";
import { Relay } from "./relay/relay.ts";
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
  /** Takes part in a lobby of several servers; undefined: the server has a lobby of its own. */
  readonly joinLobby: JoinLobby | undefined;
  readonly log: Log;
};

export type RunningServer = {
  /** `ws://HOST:PORT` as bound, or `wss://` with TLS. */
  readonly url: string;
  /** Replaces the certificate for new connections. Does nothing without TLS. */
  readonly setTls: (pair: TlsPair) => void;
  /** Resolves when clients can join for the first time, unless it is stopped before. The error is a sentence. */
  readonly opened: Promise<Result<null, string>>;
  /** Whether clients can join. */
  readonly isOpen: () => boolean;
  readonly read: () => ServerReading;
  /** Notifies the clients and ends within 2 s; one server among several, within 12 s. A second call ends at once. */
  readonly stop: () => Promise<void>;
};

/** Milliseconds over which the clients of one server among several are sent to the others. */
const DRAIN_MS = 10_000;

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

  const clock = startClock();
  const { now } = clock;
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
  const places = { ofAddress: options.clientsPerAddress, all: options.clients };
  const sockets = new TcpSockets(places, secure, proxies.include, tally);
  const timers = new Timers();
  const later = (ms: number, call: () => void): (() => void) => timers.later(ms, call);
  const lobby = new LobbyHost({
    lobby: {
      ...options,
      reach: isLoopback(address) && !isPublic ? "loopback" : "network",
      heldNames: options.names?.before ?? [],
      heldNamesChanged: (change, all) => options.names?.changed(change, all),
      outbox,
      tally,
      now,
      wallTime: Date.now,
    },
    connection: {
      ...options,
      outbox,
      unread: new Unread({ readMs: options.handshakeMs, bytes: limits.unreadBytes, later }),
      memberBytes: new MemberBytes({ ...options, now, later }),
      held: new HeldBytes(options.heldBytes),
      turns: new FairTurns(limits.framesPerTurn, nextTurn),
      sockets,
      tally,
      now,
    },
  });
  // A separate function, because a closure would keep the request alive.
  const connect = (socket: Socket, head: Buffer, address: string, arrival: Arrival): void => {
    const { host } = arrival;
    const nonce = v.parse(Token, randomId());
    lobby.connect(socket, head, { address, host, dialled: hostRules.dialled(arrival), nonce });
  };

  let membership: Membership | undefined = undefined as Membership | undefined;
  const relayDoor = new RelayDoor({
    relay,
    redeem: (ticket) => (options.relay ? lobby.redeem(ticket) : undefined),
    membership: () => membership,
    proven: (socket) => sockets.proven(socket),
    tally,
  });
  let stopped: Promise<void> | undefined;
  const isOpen = (): boolean => stopped === undefined && lobby.isOpen;
  serveRequests(http, {
    ...options,
    hostRules,
    proxies,
    sockets,
    relay: relayDoor,
    isOpen,
    connect,
    tally,
  });

  const stopHeartbeat = startHeartbeat(lobby.connections, { ...options, now });

  const hurry = new AbortController();
  const end = async (closed: Promise<void>): Promise<void> => {
    if (membership !== undefined) await lobby.drain(DRAIN_MS, hurry.signal);
    membership?.stop();
    stopHeartbeat();
    const deadline = setTimeout(() => sockets.destroyAll(), STOP_MS);
    lobby.closeAll("server is stopping");
    relay.stop();
    await Promise.all([closed, lobby.emptied()]);
    clearTimeout(deadline);
    notices.cancel();
    timers.clear();
    clock.stop();
    lobby.stop();
  };
  const stop = (): Promise<void> => {
    if (stopped === undefined) {
      const closed = bound.value.close();
      http.closeIdleConnections();
      heads.close();
      handshakes?.close();
      stopped = end(closed);
    } else {
      hurry.abort();
      sockets.destroyAll();
    }
    return stopped;
  };

  const joined = await options.joinLobby?.({
    host: lobby.host,
    relay: (upgrade) => relayDoor.handleLocally(upgrade),
  });
  if (joined?.ok === false) {
    await stop();
    return joined;
  }
  membership = joined?.value;
  if (membership === undefined) lobby.openOwn();

  log("info", "listening", { address, port });
  const scheme = options.tls === undefined ? "ws" : "wss";
  return ok({
    url: `${scheme}://${address.includes(":") ? `[${address}]` : address}:${port}`,
    setTls: (pair) => {
      if (http instanceof HttpsServer) http.setSecureContext(tlsSettings(pair));
    },
    opened: membership?.opened ?? Promise.resolve(ok(null)),
    isOpen,
    read: () => ({
      tally,
      isOpen: isOpen(),
      sockets: sockets.size,
      connections: lobby.connections.size,
      members: lobby.here,
      places: options.clients,
      backlogBytes: [...lobby.connections].reduce((sum, { backlog }) => sum + backlog, 0),
      logLagSeconds: membership?.lagSeconds() ?? 0,
    }),
    stop,
  });
}
