// Reads the address of a rendezvous server. Called by rendezvousConnection only.
import { err, ok, type Result } from "../../protocol/result.ts";
import { formatPlace } from "./ipAddress.ts";

export type ServerPlace = {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Begins with `/`. */
  readonly path: string;
  /** `HOST:PORT`, for people and for the `Host` header. */
  readonly place: string;
};

/** Reads `ws://HOST[:PORT]`; the port is 80 when there is none. The error is a sentence part for people. */
export function parseServerUrl(url: string): Result<ServerPlace, string> {
  const wrong = err("a server's address reads ws://HOST:PORT");
  if (!URL.canParse(url)) return wrong;
  const { protocol, hostname, port, pathname, search, username, password, hash } = new URL(url);
  if (protocol === "wss:") return err("addresses with wss:// are not supported, only ws://HOST:PORT");
  if (protocol !== "ws:" || hostname === "") return wrong;
  if (username !== "" || password !== "" || hash !== "") return wrong;
  const host = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  const number = port === "" ? 80 : Number(port);
  if (number === 0) return wrong;
  return ok({ host, port: number, path: pathname + search, place: formatPlace(host, number) });
}
