// The names under which this server may be called. A page in a browser can have a name of its own point here (rebinding),
// and a signature that was made for another server must be worth nothing: both come under a name that is not in here.
import { isIP } from "node:net";
import { networkInterfaces, hostname } from "node:os";
import { isLoopback } from "../protocol/ipAddress.ts";

/** Milliseconds for which the machine's addresses are believed. */
const FRESH_MS = 5_000;

/** @param allowed names beyond this machine's own, in lower case; `now` in milliseconds */
export function createOwnHosts(
  allowed: ReadonlySet<string>,
  now: () => number,
): (hostname: string) => boolean {
  const names = new Set([
    "localhost",
    hostname().toLowerCase(),
    `${hostname().toLowerCase()}.local`,
    ...allowed,
  ]);
  let addresses = new Set<string>();
  let readAt = -Infinity;
  return (host) => {
    if (names.has(host) || (isIP(host) !== 0 && isLoopback(host))) return true;
    if (now() - readAt > FRESH_MS) {
      readAt = now();
      const all = Object.values(networkInterfaces()).flatMap((infos) => infos ?? []);
      addresses = new Set(all.map(({ address }) => address.toLowerCase()));
    }
    return addresses.has(host);
  };
}
