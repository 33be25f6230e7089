// Parses the address of a rendezvous server.
import { err, ok, type Result } from "../../../protocol/result.ts";
import { readServerUrl } from "../../core/model/serverAddress.ts";
import { serverUrlProblemText } from "../../core/texts/serverUrlTexts.ts";
import { formatPlace } from "./ipAddress.ts";

export type ServerPlace = {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Whether TLS is used (`wss`). */
  readonly secure: boolean;
  /** Begins with `/`. */
  readonly path: string;
  /** `HOST:PORT`, for people and for the `Host` header. */
  readonly place: string;
};

/** Parses `ws://HOST[:PORT]` or `wss://…`; the default port is 80 or 443. The error is a sentence part for people. */
export function parseServerUrl(url: string): Result<ServerPlace, string> {
  const read = readServerUrl(url);
  if (!read.ok) return err(serverUrlProblemText(read.error));
  const { protocol, hostname, port, pathname, search } = new URL(read.value);
  const secure = protocol === "wss:";
  const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  const number = port === "" ? (secure ? 443 : 80) : Number(port);
  return ok({ host, port: number, secure, path: pathname + search, place: formatPlace(host, number) });
}
