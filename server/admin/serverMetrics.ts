// What the server holds and what happens in it, as metrics. They have no names, texts, keys or addresses in them.
// docs/OPERATIONS.md explains each one.
import type { Tally } from "../base/tally.ts";
import { metric, type Metric } from "./metricsText.ts";

/** What the server holds at the moment, and what has happened since it started. */
export type ServerReading = {
  readonly tally: Readonly<Tally>;
  /** Whether clients can join. */
  readonly isOpen: boolean;
  /** TCP connections of any kind; WebSockets of the lobby, and those of members. */
  readonly sockets: number;
  readonly connections: number;
  readonly members: number;
  /** WebSockets that the server takes at most. */
  readonly places: number;
  /** Bytes that wait for clients to read them. */
  readonly backlogBytes: number;
  /** Seconds that the lobby's log is behind. */
  readonly logLagSeconds: number;
};

export function serverMetrics(server: ServerReading): Metric[] {
  const { tally } = server;
  return [
    metric("forkchat_ready", "1 while clients can join, 0 otherwise.", Number(server.isOpen)),
    metric("forkchat_sockets", "Open TCP connections of any kind.", server.sockets),
    metric("forkchat_connections", "Open WebSockets of the lobby.", server.connections),
    metric("forkchat_connections_max", "Maximum number of WebSockets.", server.places),
    metric("forkchat_members", "Members connected here.", server.members),
    metric("forkchat_joins_total", "Joins and reconnections of members.", tally.joins, "kind"),
    metric("forkchat_joins_refused_total", "Refused joins.", tally.refusedJoins, "code"),
    metric(
      "forkchat_requests_refused_total",
      "Refused HTTP requests, without those for the relay.",
      tally.refusedRequests,
      "status",
    ),
    metric(
      "forkchat_disconnections_total",
      "WebSockets of the lobby that have ended.",
      tally.ended,
      "reason",
    ),
    metric("forkchat_sockets_cut_total", "TCP connections cut to make room for others.", tally.cutForRoom),
    metric("forkchat_errors_total", "Errors that clients got.", tally.errors, "code"),
    metric(
      "forkchat_lobby_messages_total",
      "Lobby messages, with edits, reactions and retractions.",
      tally.messages,
    ),
    metric("forkchat_deliveries_total", "Lobby messages and notices, counted per reader.", tally.deliveries),
    metric("forkchat_written_bytes_total", "Bytes written to clients of the lobby.", tally.writtenBytes),
    metric("forkchat_backlog_bytes", "Bytes that wait for clients to read them.", server.backlogBytes),
    metric("forkchat_log_lag_seconds", "How far the lobby's log is behind.", server.logLagSeconds),
    metric(
      "forkchat_relay_tunnels",
      "Open relay tunnels.",
      tally.relayTunnelsOpened - tally.relayTunnelsClosed,
    ),
    metric("forkchat_relay_tunnels_opened_total", "Relay tunnels opened.", tally.relayTunnelsOpened),
    metric("forkchat_relay_bytes_total", "Bytes that the relay passed on.", tally.relayBytes),
    metric("forkchat_relay_refused_total", "Refused requests for the relay.", tally.refusedRelays, "status"),
  ];
}
