// What has happened since the start, as plain numbers that the server's parts increment: each number at one place. The metrics
// show them (admin/serverMetrics.ts).
import { errorTexts, upgradeStatus, type ErrorCode, type RefusedCode } from "../../protocol/errors.ts";

/** Why a client's connection has ended. */
export type EndReason =
  /** The client sent a closing frame. */
  | "closed"
  /** It ended without a closing frame. */
  | "lost"
  /** Nothing was received for too long. */
  | "silent"
  /** It did not read, so too much was waiting for it. */
  | "slow-reader"
  /** Too much that it had sent was waiting. */
  | "too-much-held"
  /** It sent too many messages before joining, or made too many errors, such as messages above its rate. */
  | "too-many-errors"
  /** It did not join in time. */
  | "no-join"
  /** It broke the WebSocket protocol, or sent a frame that is binary or too large. */
  | "protocol"
  /** The same client has reconnected. */
  | "replaced"
  /** Someone else got its place in a full lobby. */
  | "evicted"
  /** The server is stopping. */
  | "stopping";

export type Tally = {
  /** Joins of people who were not here, and of those who came back on another connection. */
  readonly joins: Record<"new" | "resumed", number>;
  /** Messages that the lobby numbered, with edits, reactions and retractions. */
  messages: number;
  /** Frames for everyone, counted for each client they are written to. */
  deliveries: number;
  /** Bytes written to clients for the lobby. */
  writtenBytes: number;
  relayTunnelsOpened: number;
  relayTunnelsClosed: number;
  /** Bytes that the relay passed on. */
  relayBytes: number;
  /** TCP connections that were cut to make room for others. */
  cutForRoom: number;
  readonly ended: Record<EndReason, number>;
  /** Errors that clients got. */
  readonly errors: Record<ErrorCode, number>;
  readonly refusedJoins: Record<RefusedCode, number>;
  /** HTTP requests that got no WebSocket, by status. Those for the relay are apart. */
  readonly refusedRequests: Record<number, number>;
  readonly refusedRelays: Record<number, number>;
};

/** Everything is 0. */
export function createTally(): Tally {
  const { ticket, address, full, ...statuses } = upgradeStatus;
  return {
    joins: { new: 0, resumed: 0 },
    messages: 0,
    deliveries: 0,
    writtenBytes: 0,
    relayTunnelsOpened: 0,
    relayTunnelsClosed: 0,
    relayBytes: 0,
    cutForRoom: 0,
    ended: {
      closed: 0,
      lost: 0,
      silent: 0,
      "slow-reader": 0,
      "too-much-held": 0,
      "too-many-errors": 0,
      "no-join": 0,
      protocol: 0,
      replaced: 0,
      evicted: 0,
      stopping: 0,
    },
    errors: zeros(Object.keys(errorTexts) as ErrorCode[]),
    refusedJoins: {
      version: 0,
      "name-empty": 0,
      "name-too-long": 0,
      "name-characters": 0,
      "name-scripts": 0,
      "name-reserved": 0,
      "name-lookalike": 0,
      signature: 0,
      "token-missing": 0,
      "token-wrong": 0,
      "rate-limited": 0,
    },
    refusedRequests: zeros([...Object.values(statuses), address, full]),
    refusedRelays: zeros([ticket, address, full]),
  };
}

/** Counts one more of this key. */
export function count<K extends string | number>(counts: Record<K, number>, key: K): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function zeros<K extends string | number>(keys: readonly K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;
}
