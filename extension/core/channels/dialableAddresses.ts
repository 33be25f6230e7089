// The addresses of a card that are worth dialing, and their order. Pure.
import type { Address } from "../../../protocol/fields.ts";
import { addressKind, isSameLocalRange } from "./addressKind.ts";

/** Whether private addresses may lead to a peer. */
export type Vicinity = {
  /** Whether the peer may be on this machine. Otherwise, a card must not make us dial our own loopback. */
  readonly overLoopback: boolean;
  /** The server sees both at one address, so private addresses may lead to the peer and come first. */
  readonly nearby: boolean;
  /** Where this window has seen the server and this peer, and where the server sees us; empty if unknown. */
  readonly seenAt: readonly string[];
};

/**
 * The addresses that may lead to the peer, each once; private ones first when both are behind the same public one. A
 * peer can list any address, so private ones are dialed only in ranges where it or the server has been seen.
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
