// Token and TLS of a server, read from the files that the options name, and the sentence if they are missing.
import { constants } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { err, ok, type Result } from "../../protocol/result.ts";
import { readAccessToken, type AccessToken } from "./accessToken.ts";
import { keyExchangeGroups } from "./clientHello.ts";
import { isOpenToAll, reasonOf } from "../data/dataFolder.ts";
import { isLocalName } from "./hostNames.ts";

export type TlsFiles = { readonly cert: string; readonly key: string };
export type TlsPair = { readonly cert: Buffer; readonly key: Buffer };

/** Reads the token from a file. The error is a sentence. */
export function readTokenFile(path: string): Result<AccessToken, string> {
  try {
    return readAccessToken(readAtMost(path).toString("utf8"));
  } catch (error) {
    return err(`Cannot read the token file ${path}: ${reasonOf(error)}.`);
  }
}

/** Reads certificate and key, and checks that they fit each other. The error is a sentence. */
export function readTls(files: TlsFiles): Result<TlsPair, string> {
  try {
    const pair = { cert: readAtMost(files.cert), key: readAtMost(files.key) };
    createSecureContext(pair);
    return ok(pair);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    return err(`Cannot use the certificate ${files.cert} with the key ${files.key}: ${why}`);
  }
}

/**
 * TLS settings. Without a list of groups, OpenSSL accepts ffdhe8192, with which a recorded ClientHello costs the server tens
 * of milliseconds each time. With renegotiation, clients could make the server sign again at any moment.
 */
export function tlsSettings(pair: TlsPair): SecureContextOptions {
  const ecdhCurve = [...keyExchangeGroups.keys()].join(":");
  return { ...pair, minVersion: "TLSv1.2", ecdhCurve, secureOptions: constants.SSL_OP_NO_RENEGOTIATION };
}

/** Far more than a chain of certificates. */
const FILE_BYTES = 1024 * 1024;

/** Reads a file of settings. Throws if it cannot be read, is too large, or is writable for everyone. */
export function readAtMost(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const found = fstatSync(file);
    if (found.isFile() && isOpenToAll(found)) throw new Error("every user on this machine can write to it");
    const bytes = Buffer.alloc(FILE_BYTES + 1);
    let length = 0;
    for (let more = -1; more !== 0 && length <= FILE_BYTES; length += more)
      more = readSync(file, bytes, length, bytes.length - length, null);
    if (length > FILE_BYTES) throw new Error("the file is too large");
    return bytes.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

export type Exposure = { readonly host: string; readonly token: boolean; readonly tls: boolean };

/** Why the server refuses to start without `--insecure`, or undefined. */
export function exposureError({ host, token, tls }: Exposure): string | undefined {
  if (isLocalName(host) || token || tls) return undefined;
  return (
    `Other machines can reach this server at ${host}. Use --token-file to admit only people who have the token, and ` +
    `--tls-cert with --tls-key to encrypt the lobby. To start without both, use --insecure: anyone who can reach the ` +
    `server may then join, and anyone on the network path can read the lobby.`
  );
}

/** What a reachable server leaves open; empty if nothing. */
export function openDoors({ host, token, tls }: Exposure): string[] {
  if (isLocalName(host)) return [];
  return [
    ...(token ? [] : ["anyone who can reach this server may join: no --token-file"]),
    ...(tls ? [] : ["anyone on the network path can read the lobby and the token: no --tls-cert"]),
  ];
}
