// The parts of a `Host` header, and which names lead to the machine on which they are used.
import { hostname as machineName } from "node:os";
import { isLoopback } from "../../protocol/ipAddress.ts";

/** What a `Host` header without a port may stand for: clients leave out the default port of their scheme. */
export const DEFAULT_PORTS: readonly number[] = [443, 80];

/** The host of a `Host` header, without port and brackets, in lower case; empty when there is none. */
export function hostnameOf(host: string): string {
  return (/^\[([^\]]*)\](?::\d*)?$/.exec(host)?.[1] ?? host.replace(/:\d*$/, "")).toLowerCase();
}

/** The port of a `Host` header; undefined when it has none. */
export function portOf(host: string): number | undefined {
  const port = /^(?:\[[^\]]*\]|[^:]*):(\d{1,5})$/.exec(host)?.[1];
  return port === undefined ? undefined : Number(port);
}

/** Whether this name leads to the very machine on which it is used. */
export function isLocalName(hostname: string): boolean {
  return hostname === "localhost" || isLoopback(hostname);
}

/** Whether this machine calls itself so. Others may have the same name. */
export function isMachineName(hostname: string): boolean {
  const own = machineName().toLowerCase();
  return hostname === own || hostname === `${own}.local`;
}
