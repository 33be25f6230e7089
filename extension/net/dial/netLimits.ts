// The limits that the sockets of the extension host keep.
import { limits } from "../../../protocol/limits.ts";

export const netLimits = {
  ...limits,

  /** Milliseconds that a closed connection may take to say goodbye before its socket is cut. */
  closeMs: 1_000,

  /** Milliseconds between the starts of two attempts of one dial: an address that works mostly answers sooner. */
  staggerMs: 250,

  /** Milliseconds that all addresses together have before the relay is tried as well. */
  relayDelayMs: 300,

  /** Milliseconds for one dial, all its ways together. */
  dialMs: 12_000,

  /** Bytes of a server's TLS handshake: a chain of four certificates, and far from what takes long to verify. */
  serverHandshakeBytes: 12 * 1024,

  /** Milliseconds for the transports' test of themselves. */
  selfTestMs: 10_000,

  /** Milliseconds until a listener that could not even be tried is tried again; four times as long each time, at most so long. */
  listenRetryMs: 1_000,
  longestListenRetryMs: 300_000,

  /** Milliseconds between two looks at this machine's addresses. */
  addressWatchMs: 3_000,

  /** Ports tried from the configured one upwards: windows of one machine share the setting. */
  portAttempts: 20,
} as const;

export type NetLimits = { readonly [Name in keyof typeof netLimits]: number };
