// The limits of the extension host's sockets.
import { limits } from "../../../protocol/limits.ts";

export const netLimits = {
  ...limits,

  /** Milliseconds for the closing handshake before the socket is destroyed. */
  closeMs: 1_000,

  /** Milliseconds between the starts of two attempts of one dial; an address that works mostly answers sooner. */
  staggerMs: 250,

  /** Milliseconds before the relay is tried as well as the addresses. */
  relayDelayMs: 300,

  /** Milliseconds for one dial on all paths. */
  dialMs: 12_000,

  /**
   * Bytes of a server's TLS handshake: enough for a chain of four certificates, and far below what takes long to
   * verify.
   */
  serverHandshakeBytes: 12 * 1024,

  /** Milliseconds for the transport self-test. */
  selfTestMs: 10_000,

  /**
   * Milliseconds until the first retry of a listener that could not start; four times as long each time, up to a
   * maximum.
   */
  listenRetryMs: 1_000,
  longestListenRetryMs: 300_000,

  /** Milliseconds between two checks of this machine's addresses. */
  addressWatchMs: 3_000,

  /** Ports tried, starting with the configured one: windows on one machine share the setting. */
  portAttempts: 20,
} as const;

export type NetLimits = { readonly [Name in keyof typeof netLimits]: number };
