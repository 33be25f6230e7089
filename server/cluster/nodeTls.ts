// TLS between servers with the cluster's secret instead of certificates. The handshake fails without it.
import type { ConnectionOptions, TlsOptions } from "node:tls";

const IDENTITY = "fork-chat";

/** With forward secrecy. OpenSSL has keys without certificates in TLS 1.2 only. */
const base = {
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
} as const;

/** @param key 32 bytes, for this purpose alone */
export function serverTls(key: Buffer): TlsOptions {
  return { ...base, pskCallback: (_socket, identity) => (identity === IDENTITY ? key : null) };
}

export function clientTls(key: Buffer): ConnectionOptions {
  return {
    ...base,
    pskCallback: () => ({ psk: key, identity: IDENTITY }),
    // There is no certificate. The key has proved who it is.
    checkServerIdentity: () => undefined,
  };
}
