// Parses a `Host` header, and tells which names lead to this machine.
import { hostname as machineName } from "node:os";
import { isLoopback } from "../../protocol/ipAddress.ts";

/** The possible ports of a `Host` header without one: clients omit their scheme's default port. */
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

/** Whether a name always leads to the machine that uses it. */
export function isLocalName(hostname: string): boolean {
  return hostname === "localhost" || isLoopback(hostname);
}

/** Whether this is the machine's own name. Others may have the same one. */
export function isMachineName(hostname: string): boolean {
  const own = machineName().toLowerCase();
  return hostname === own || hostname === `${own}.local`;
}
