// The addresses of a card that are worth dialing, and their order. Pure.
import type { Address } from "../../../protocol/fields.ts";
import { addressKind, isSameLocalRange } from "./addressKind.ts";

/** What tells whether private addresses may lead to a peer. */
export type Vicinity = {
  /** Whether the peer may be on this very machine; a card must not make us knock at our own loopback otherwise. */
  readonly overLoopback: boolean;
  /** The server sees both at one address: private ones may lead there, and come first. */
  readonly nearby: boolean;
  /** Where the server and this peer have been seen from here, and where the server sees us; empty where that is not known. */
  readonly seenAt: readonly string[];
};

/**
 * The addresses that may lead there, each once; private ones first when both are behind the same public one. A peer can name
 * any address: private ones are dialled only where it, or the server, has been seen.
 */
export function dialableAddresses(
  addresses: readonly Address[],
  { overLoopback, nearby, seenAt }: Vicinity,
): Address[] {
  const byPlace = new Map(addresses.map((address) => [`${address.host} ${address.port}`, address]));
  const isHere = (host: string): boolean =>
    overLoopback || nearby || seenAt.some((other) => isSameLocalRange(host, other));
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
