// The addresses in our card, where a peer may reach our listener.
import type { NetworkInterfaceInfo } from "node:os";
import { isIPv4 } from "node:net";
import type { Address } from "../../../protocol/fields.ts";
import { addressKind } from "../../core/channels/addressKind.ts";
import { isVirtual } from "../../core/channels/networkInterfaces.ts";
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
  const reachable = Object.entries(interfaces)
    .flatMap(([name, infos = []]) => infos.map((info) => ({ ...info, rank: rankOf(name, info.address) })))
    .filter(({ internal, rank }) => !internal && rank < Infinity)
    .filter(({ address }) => host === "::" || isIPv4(address))
    .sort((a, b) => a.rank - b.rank)
    .map(({ address }) => address);
  const own = overLoopback ? ["127.0.0.1"] : [];
  return [...new Set(reachable)]
    .slice(0, max - own.length)
    .concat(own)
    .map((address) => ({ host: address, port }));
}

/** Lower ranks are tried sooner; infinite for an address that no peer can use. */
function rankOf(name: string, address: string): number {
  const kind = addressKind(address);
  if (kind === "unusable" || kind === "loopback") return Infinity;
  return (isVirtual(name) ? 4 : 0) + (isIPv4(address) ? 0 : 2) + (kind === "private" ? 0 : 1);
}
