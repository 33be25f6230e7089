// The client's address: the other end of the connection or, behind a trusted proxy, the address that the proxy reports.
// Anyone can send an X-Forwarded-For header. Guarantees: it counts only from a trusted proxy, and only its last entry, which
// that proxy added. Without a usable entry, the proxy counts as the client, and no one is refused.
import { BlockList, isIP } from "node:net";
import { plainAddress } from "../../protocol/ipAddress.ts";

export type Proxies = {
  /** Whether this is the address of a trusted proxy. */
  readonly include: (remote: string) => boolean;
  /**
   * The client's address, in plain form.
   * @param remote the address of the other end of its connection
   */
  readonly clientOf: (remote: string, rawHeaders: readonly string[]) => string;
};

/** @param trusted addresses of proxies, each in the form of `ipAddressOf` */
export function createProxies(trusted: ReadonlySet<string>): Proxies {
  const include = (remote: string): boolean => trusted.has(ipAddressOf(remote) ?? "");
  return {
    include,
    clientOf: (remote, rawHeaders) => {
      const named = include(remote) ? ipAddressOf(lastEntry(rawHeaders)) : undefined;
      return named === undefined || isNobody(named) ? plainAddress(remote) : named;
    },
  };
}

/**
 * Normalizes an IP address that is written alone, in brackets, with a port, or as an IPv4 address in IPv6. Undefined for
 * other texts, and for addresses with an interface (`%eth0`).
 */
export function ipAddressOf(text: string): string | undefined {
  const [, bracketed, dotted] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(text) ?? [];
  const host = bracketed ?? dotted ?? text;
  if (host.includes("%") || (bracketed !== undefined && isIP(host) !== 6)) return undefined;
  if (isIP(host) === 4) return host;
  if (isIP(host) !== 6) return undefined;
  const plain = new URL(`ws://[${host}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(plain) ?? [];
  if (high === undefined || low === undefined) return plain;
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join(".");
}

/** Returns an empty string if there is none. */
function lastEntry(rawHeaders: readonly string[]): string {
  const at = rawHeaders.findLastIndex((name, n) => n % 2 === 0 && name.toLowerCase() === "x-forwarded-for");
  return (at < 0 ? "" : (rawHeaders[at + 1] ?? "")).split(",").at(-1)?.trim() ?? "";
}

/** Addresses that no client has on a network. */
const nobodies = new BlockList();
nobodies.addSubnet("0.0.0.0", 8, "ipv4");
nobodies.addSubnet("127.0.0.0", 8, "ipv4");
nobodies.addSubnet("169.254.0.0", 16, "ipv4");
nobodies.addSubnet("224.0.0.0", 3, "ipv4");
nobodies.addSubnet("::", 127, "ipv6");
nobodies.addSubnet("fe80::", 10, "ipv6");
nobodies.addSubnet("ff00::", 8, "ipv6");

function isNobody(address: string): boolean {
  return nobodies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
