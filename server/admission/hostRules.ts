// Under which `Host` a connection may come, and for which hosts a join on it may be signed. A page in a browser can have a
// name of its own point here (rebinding), and a rogue server can pass on what its visitors sign: both come with a host
// that is not this socket's. Guarantees: a signature for another host or port than this server's is worth nothing here.
import { isIP } from "node:net";
import * as v from "valibot";
import { Host } from "../../protocol/fields.ts";
import { plainAddress } from "../../protocol/ipAddress.ts";
import type { PublicUrl } from "./hostArguments.ts";
import { DEFAULT_PORTS, hostnameOf, isMachineName, portOf } from "./hostNames.ts";

/** How a connection has come: its `Host` header, and the server's end of its socket. */
export type Arrival = { readonly host: string; readonly localAddress: string; readonly localPort: number };

export type HostRules = {
  /** Whether a connection is answered. */
  readonly admits: (arrival: Arrival) => boolean;
  /** Hosts that its client may have dialled, as a join signs them. */
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
   * Whether nothing else can listen where this host leads: at the address and port of this very socket, or where `localhost`
   * leads, both of whose addresses a server has if it has one (see listen.ts). The machine's own name may lead to an address
   * that another user has, or to another machine of that name: only a certificate shows that it has led here.
   */
  const isOwnPlace = ({ host, localAddress, localPort }: Arrival): boolean => {
    if ((portOf(host) ?? defaultPort) !== localPort) return false;
    const name = hostnameOf(host);
    const local = addressOf(localAddress);
    if (isIP(name) !== 0) return plainAddress(name) === local;
    if (name === "localhost") return local === "127.0.0.1" || local === "::1";
    return secure && isMachineName(name);
  };
  /** An allowed name without a port is meant for the server's own, and for a proxy at a default one. */
  const isAllowed = ({ host, localPort }: Arrival): boolean =>
    allowed.has(bracketed(hostnameOf(host))) && [undefined, localPort].includes(portOf(host));
  const isAllowedWithPort = ({ host }: Arrival): boolean =>
    spellings(host).some((spelling) => portOf(spelling) !== undefined && allowed.has(spelling));

  return {
    admits: (arrival) =>
      isOwnPlace(arrival) ||
      isAllowed(arrival) ||
      isAllowedWithPort(arrival) ||
      // A proxy may have changed the port: joins are signed for the URL all the same.
      publicUrl?.hostname === hostnameOf(arrival.host),
    dialled: (arrival) => {
      // A proxy that replaces the `Host` makes everyone come as if to this very socket.
      if (publicUrl === undefined) return spellings(arrival.host);
      return [...publicUrl.hosts, ...(isAllowedWithPort(arrival) ? spellings(arrival.host) : [])];
    },
  };
}

/** For the log and the refusal: what makes the server answer to this `Host`. */
export function hostHint(host: string): string {
  const name = v.is(Host, host) ? host.toLowerCase() : "NAME:PORT";
  return (
    `If this is one of this server's names, or a port forward to it such as Docker's or ssh's, start it with --allow-host ${name}. ` +
    "If a reverse proxy is in front of this server, make it keep the Host header, or set --public-url."
  );
}

/** A `Host` as it is, and with what it may have left out. */
function spellings(host: string): readonly string[] {
  const lower = host.toLowerCase();
  if (portOf(lower) !== undefined) return [lower];
  return [lower, ...DEFAULT_PORTS.map((port) => `${lower}:${port}`)];
}

/** A socket's address as a URL would name it. */
function addressOf(address: string): string {
  return plainAddress(address.replace(/%.*$/, "")).toLowerCase();
}

/** A name as in a `Host` header. */
function bracketed(hostname: string): string {
  return isIP(hostname) === 6 ? `[${hostname}]` : hostname;
}
