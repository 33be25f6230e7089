// How clients may have dialled a server, from the `Host` that it sees: a reverse proxy may drop a default port, or name the
// server instead of itself. What is signed for one of these hosts was meant for this server.
import { isLoopback } from "../protocol/ipAddress.ts";
import { isIP } from "node:net";
import type { PublicUrl } from "./hostArguments.ts";

/** For the log, where a client came to another host than it meant. */
export const PROXY_HINT =
  "If a reverse proxy is in front of this server, let it keep the Host header or set --public-url.";

const DEFAULT_PORTS = [443, 80] as const;

/** @param host the `Host` header of the connection */
export function dialledHosts(host: string, publicUrl: PublicUrl | undefined): readonly string[] {
  const hosts = [host];
  if (!/:\d*$/.test(host)) hosts.push(...DEFAULT_PORTS.map((port) => `${host}:${port}`));
  if (publicUrl !== undefined) hosts.push(...publicUrl.hosts);
  return hosts;
}

/** The host of a `Host` header, without port and brackets, in lower case; empty when there is none. */
export function hostnameOf(host: string): string {
  return (/^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, "")).toLowerCase();
}

/** Whether this name leads to the very machine on which it is used. */
export function isLocalName(hostname: string): boolean {
  return hostname === "localhost" || (isIP(hostname) !== 0 && isLoopback(hostname));
}
