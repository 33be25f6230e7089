// The addresses in our card, where a peer may reach our listener.
import type { NetworkInterfaceInfo } from "node:os";
import { isIPv4 } from "node:net";
import type { Address } from "../../../protocol/fields.ts";
import { addressKind } from "../../core/channels/addressKind.ts";
import { isUnspecified } from "../dial/ipAddress.ts";

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/**
 * Addresses at which a listener can be reached, likeliest first; empty if it cannot be reached.
 * @param bound the address and port that the listener is bound to
 * @param interfaces as returned by `os.networkInterfaces()`
 * @param overLoopback whether the server, and so perhaps the peer, runs on this machine
 * @param max maximum number of addresses
 */
export function cardAddresses(
  bound: Address,
  interfaces: Interfaces,
  overLoopback: boolean,
  max: number,
): readonly Address[] {
  const { host, port } = bound;
  if (!isUnspecified(host)) return [bound];
  const reachable = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .filter((info) => !info.internal)
    .map((info) => info.address)
    .filter((address) => rank(address) !== undefined && (host === "::" || isIPv4(address)))
    .sort((a, b) => (rank(a) ?? 0) - (rank(b) ?? 0));
  const own = overLoopback ? ["127.0.0.1"] : [];
  return [...new Set(reachable)]
    .slice(0, max - own.length)
    .concat(own)
    .map((address) => ({ host: address, port }));
}

/** Lower ranks are tried sooner; undefined for an address that no peer can use. */
function rank(address: string): number | undefined {
  const kind = addressKind(address);
  if (kind === "unusable" || kind === "loopback") return undefined;
  return (isIPv4(address) ? 0 : 2) + (kind === "private" ? 0 : 1);
}
