// The addresses of a card that are worth dialling, and their order. Called by peerDialler.ts for each dial.
import type { Address } from "../../protocol/fields.ts";
import type { DialTarget } from "../core/ports.ts";
import { addressKind, formatPlace, isSameLocalRange } from "./ipAddress.ts";

/**
 * The addresses that may lead there, each once; private ones first when both are behind the same public one. A peer can name
 * any address: private ones are dialled only where it, or the server, has been seen.
 * @param seenAt where the server and this peer have been seen from here
 */
export function dialableAddresses(
  {
    addresses,
    overLoopback,
    nearby,
    seen,
  }: Pick<DialTarget, "addresses" | "overLoopback" | "nearby" | "seen">,
  seenAt: readonly string[],
): Address[] {
  const byPlace = new Map(addresses.map((address) => [formatPlace(address.host, address.port), address]));
  const isHere = (host: string): boolean =>
    overLoopback || nearby || [seen, ...seenAt].some((other) => isSameLocalRange(host, other));
  const usable = [...byPlace.values()].filter(({ host }) => {
    switch (addressKind(host)) {
      case "public":
        return true;
      case "private":
        return isHere(host);
      case "loopback":
        return overLoopback;
      case "unusable":
        return false;
    }
  });
  const isNear = ({ host }: Address): boolean => addressKind(host) !== "public";
  return nearby ? [...usable.filter(isNear), ...usable.filter((address) => !isNear(address))] : usable;
}
