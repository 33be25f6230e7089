// Reads the address of a rendezvous server. Called by rendezvousConnection and relayDialler.
import * as l10n from "@vscode/l10n";
import { err, ok, type Result } from "../../protocol/result.ts";
import { formatPlace } from "./ipAddress.ts";

export type ServerPlace = {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken (`wss`). */
  readonly secure: boolean;
  /** Begins with `/`. */
  readonly path: string;
  /** `HOST:PORT`, for people and for the `Host` header. */
  readonly place: string;
};

/** Reads `ws://HOST[:PORT]` or `wss://…`; the port is 80 or 443 when there is none. The error is a sentence part for people. */
export function parseServerUrl(url: string): Result<ServerPlace, string> {
  const wrong = err(l10n.t("a server's address reads ws://HOST:PORT or wss://HOST:PORT"));
  if (!URL.canParse(url)) return wrong;
  const { protocol, hostname, port, pathname, search, username, password, hash } = new URL(url);
  const secure = protocol === "wss:";
  if ((protocol !== "ws:" && !secure) || hostname === "") return wrong;
  if (username !== "" || password !== "" || hash !== "") return wrong;
  const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  const number = port === "" ? (secure ? 443 : 80) : Number(port);
  if (number === 0) return wrong;
  return ok({ host, port: number, secure, path: pathname + search, place: formatPlace(host, number) });
}
