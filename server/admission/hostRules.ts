// Which `Host` a connection may have, and which hosts its join may be signed for. A web page can point its own name here (DNS
// rebinding), and a rogue server can pass on its visitors' signatures. Both come with a host that is not this socket's.
// Guarantees: a signature for any other host or port is worthless here.
import { isIP } from "node:net";
import * as v from "valibot";
import { Host } from "../../protocol/fields.ts";
import { plainAddress } from "../../protocol/ipAddress.ts";
import type { PublicUrl } from "./hostArguments.ts";
import { DEFAULT_PORTS, hostnameOf, isMachineName, portOf } from "./hostNames.ts";

/** The connection's `Host` header, and the server's end of its socket. */
export type Arrival = { readonly host: string; readonly localAddress: string; readonly localPort: number };

export type HostRules = {
  /** Whether the connection is admitted. */
  readonly admits: (arrival: Arrival) => boolean;
  /** Hosts that the client may have dialed, as a join signs them. */
  readonly dialled: (arrival: Arrival) => readonly string[];
};

export type HostOptions = {
  /** As in a `Host` header, in lower case: `chat.example` or `chat.example:8080`. */
  readonly allowed: ReadonlySet<string>;
  readonly publicUrl: PublicUrl | undefined;
  /** Whether this server speaks TLS. */
  readonly secure: boolean;
};

export function createHostRules({ allowed, publicUrl, secure }: HostOptions): HostRules {
  const defaultPort = secure ? 443 : 80;

  /**
   * Whether the host leads only here: to the address and port of this socket, or to `localhost`, because a server listens on
   * both loopback addresses if it has one (see listen.ts). The machine's own name may lead to another user's address or to
   * another machine, so it counts only with a certificate.
   */
  const isOwnPlace = ({ host, localAddress, localPort }: Arrival): boolean => {
    if ((portOf(host) ?? defaultPort) !== localPort) return false;
    const name = hostnameOf(host);
    const local = addressOf(localAddress);
    if (isIP(name) !== 0) return plainAddress(name) === local;
    if (name === "localhost") return local === "127.0.0.1" || local === "::1";
    return secure && isMachineName(name);
  };
  /** An allowed name without a port stands for the server's own port, and for a proxy at a default one. */
  const isAllowed = ({ host, localPort }: Arrival): boolean =>
    allowed.has(bracketed(hostnameOf(host))) && [undefined, localPort].includes(portOf(host));
  const isAllowedWithPort = ({ host }: Arrival): boolean =>
    spellings(host).some((spelling) => portOf(spelling) !== undefined && allowed.has(spelling));

  return {
    admits: (arrival) =>
      isOwnPlace(arrival) ||
      isAllowed(arrival) ||
      isAllowedWithPort(arrival) ||
      // A proxy may change the port; joins are still signed for the public URL.
      publicUrl?.hostname === hostnameOf(arrival.host),
    dialled: (arrival) => {
      // Behind a proxy that replaces `Host`, everyone seems to have dialed this socket.
      if (publicUrl === undefined) return spellings(arrival.host);
      return [...publicUrl.hosts, ...(isAllowedWithPort(arrival) ? spellings(arrival.host) : [])];
    },
  };
}

/** For the log and the refusal: how to make the server accept this `Host`. */
export function hostHint(host: string): string {
  const name = v.is(Host, host) ? host.toLowerCase() : "NAME:PORT";
  return (
    `If this is one of this server's names, or a port forward to it such as Docker's or ssh's, start it with --allow-host ${name}. ` +
    "If a reverse proxy is in front of this server, make it keep the Host header, or set --public-url."
  );
}

/** A `Host` as written, and with the default ports that it may omit. */
function spellings(host: string): readonly string[] {
  const lower = host.toLowerCase();
  if (portOf(lower) !== undefined) return [lower];
  return [lower, ...DEFAULT_PORTS.map((port) => `${lower}:${port}`)];
}

/** A socket's address in the form of URLs. */
function addressOf(address: string): string {
  return plainAddress(address.replace(/%.*$/, "")).toLowerCase();
}

/** A name in the form of a `Host` header. */
function bracketed(hostname: string): string {
  return isIP(hostname) === 6 ? `[${hostname}]` : hostname;
}
