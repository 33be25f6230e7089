// This machine's addresses at which others on its network may reach it, the likeliest first. Pure.
import { isIPv4 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";
import { isTunnel, isVirtual } from "../../core/channels/networkInterfaces.ts";

/** Addresses that a machine assigns to itself. */
const LINK_LOCAL = /^(?:169\.254\.|fe[89ab])/iu;
/** Home and office networks. */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/u;

/**
 * IPv4 addresses are preferred, because they can be read out and typed; IPv6 ones that need a zone are left out.
 * @param defaultRoutes this machine's addresses on its default routes
 */
export function ownAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  defaultRoutes: readonly string[],
): string[] {
  const all = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos
      .filter(({ internal, address }) => !internal && !/^fe[89ab]/iu.test(address))
      .map(({ address }) => ({ address, rank: rankOf(name, address, defaultRoutes.includes(address)) })),
  );
  const typed = all.filter(({ address }) => isIPv4(address));
  return (typed.length > 0 ? typed : all).sort((a, b) => a.rank - b.rank).map(({ address }) => address);
}

function rankOf(name: string, address: string, isDefaultRoute: boolean): number {
  if (LINK_LOCAL.test(address)) return 6;
  if (isTunnel(name)) return isDefaultRoute ? 3 : 5;
  if (isDefaultRoute) return 0;
  if (isVirtual(name)) return 4;
  return PRIVATE.test(address) ? 1 : 2;
}
