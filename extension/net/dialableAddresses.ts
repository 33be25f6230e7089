// The addresses of a card that are worth dialling, and their order. Called by peerDialler.ts for each dial.
import type { Address } from "../../protocol/fields.ts";
import type { DialTarget } from "../core/ports.ts";
import { addressKind, formatPlace } from "./ipAddress.ts";

/** The addresses that may lead there, each once; private ones first when both are behind the same public one. */
export function dialableAddresses({
  addresses,
  overLoopback,
  nearby,
}: Pick<DialTarget, "addresses" | "overLoopback" | "nearby">): Address[] {
  const byPlace = new Map(addresses.map((address) => [formatPlace(address.host, address.port), address]));
  const usable = [...byPlace.values()].filter(({ host }) => {
    const kind = addressKind(host);
    return kind !== "unusable" && (kind !== "loopback" || overLoopback);
  });
  const isNear = ({ host }: Address): boolean => addressKind(host) !== "public";
  return nearby ? [...usable.filter(isNear), ...usable.filter((address) => !isNear(address))] : usable;
}
