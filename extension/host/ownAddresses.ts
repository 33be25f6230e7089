// This machine's addresses as others on its network may reach them, the likeliest first. Pure; for invite links.
import { isIPv4 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

/** Interfaces that lead to containers, virtual machines and tunnels. */
const VIRTUAL = /^(?:br-|cni|docker|flannel|podman|tap|tun|utun|vboxnet|veth|vethernet|virbr|vmnet|wg|zt)/iu;
/** What a machine gives itself when nobody gives it one. */
const LINK_LOCAL = /^169\.254\./u;
/** Networks at home and at work. */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/u;

/** IPv4 alone: one can be read out and typed. */
export function ownAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  return Object.entries(interfaces)
    .flatMap(([name, infos = []]) =>
      infos
        .filter(({ internal, address }) => !internal && isIPv4(address))
        .map(({ address }) => ({ address, rank: rankOf(name, address) })),
    )
    .sort((a, b) => a.rank - b.rank)
    .map(({ address }) => address);
}

function rankOf(name: string, address: string): number {
  if (LINK_LOCAL.test(address)) return 3;
  if (VIRTUAL.test(name)) return 2;
  return PRIVATE.test(address) ? 0 : 1;
}
