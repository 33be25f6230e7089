// The local address of the default route, which other machines are likely to reach. Connecting a UDP socket makes the
// system choose it, on every platform, without sending anything.
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

/**
 * Networks reserved for documentation (RFC 5737, RFC 3849, RFC 9637), so the default route leads there. If one of them
 * is used anyway, the others outvote it.
 */
const SOMEWHERE = [
  ["192.0.2.1", "198.51.100.1", "203.0.113.1"],
  ["2001:db8::1", "3fff::1", "2001:db8:ffff::1"],
] as const;
const ANY_PORT = 9;

/** IPv4 first; a family without a route is omitted. */
export async function defaultRouteAddresses(): Promise<string[]> {
  const families = await Promise.all(
    SOMEWHERE.map((remotes) => Promise.all(remotes.map(localAddressTowards))),
  );
  return families.map(elected).filter((address) => address !== undefined);
}

/** The address that most of them agree on. */
function elected(addresses: readonly (string | undefined)[]): string | undefined {
  const votes = (address: string | undefined): number =>
    addresses.filter((other) => other === address).length;
  return addresses.find((address) => votes(address) > addresses.length / 2);
}

function localAddressTowards(remote: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(remote) ? "udp6" : "udp4");
    const end = (address: string | undefined): void => {
      socket.removeAllListeners();
      socket.close();
      resolve(address);
    };
    // The family is unsupported, or has no route.
    socket.once("error", () => end(undefined));
    socket.once("connect", () => end(socket.address().address));
    socket.connect(ANY_PORT, remote);
  });
}
