// What protects a server that others can reach, read from the files that the arguments name; and what is said when
// something is missing. Used by main.ts.
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import { err, ok, type Result } from "../protocol/result.ts";
import { readAccessToken, type AccessToken } from "./accessToken.ts";
import { isLocalName } from "./dialledHosts.ts";

export type TlsFiles = { readonly cert: string; readonly key: string };
export type TlsPair = { readonly cert: Buffer; readonly key: Buffer };

/** The token in a file. The error is a sentence. */
export function readTokenFile(path: string): Result<AccessToken, string> {
  try {
    return readAccessToken(readFileSync(path, "utf8"));
  } catch {
    return err(`The token file ${path} cannot be read.`);
  }
}

/** Certificate and key, shown to fit each other. The error is a sentence. */
export function readTls(files: TlsFiles): Result<TlsPair, string> {
  try {
    const pair = { cert: readFileSync(files.cert), key: readFileSync(files.key) };
    createSecureContext(pair);
    return ok(pair);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    return err(`The certificate ${files.cert} and its key ${files.key} cannot be used: ${why}`);
  }
}

export type Exposure = { readonly host: string; readonly token: boolean; readonly tls: boolean };

/** Why a server does not start like this without `--insecure`; undefined when it does. */
export function exposureError({ host, token, tls }: Exposure): string | undefined {
  if (isLocalName(host) || token || tls) return undefined;
  return (
    `At ${host} others can reach this server. Give it --token-file, so that only those come in who have the token, and ` +
    `--tls-cert with --tls-key, so that nobody on the way can read what is said in the lobby; with --insecure it starts ` +
    `without both: then everybody who reaches it may join, and everybody on the way may read the lobby.`
  );
}

/** What a reachable server leaves open; empty when nothing. */
export function openDoors({ host, token, tls }: Exposure): string[] {
  if (isLocalName(host)) return [];
  return [
    ...(token ? [] : ["everybody who reaches this server may join: there is no --token-file"]),
    ...(tls ? [] : ["who is on the way can read the lobby and the token: there is no --tls-cert"]),
  ];
}
