// This machine's addresses as others on its network may reach them, the likeliest first. Pure.
import { isIPv4 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

/** Interfaces of tunnels: who is not in the tunnel does not reach them, and all traffic may go through one all the same. */
const TUNNEL =
  /^(?:tun|tap|utun|wg|ppp|ipsec|gpd|cscotun|ham|zt|nebula|proton|nordlynx|mullvad|tailscale|cloudflarewarp)|wireguard|openvpn|\bvpn\b|\btap-/iu;
/** Interfaces that lead to containers and virtual machines. A bridge may also be what holds the machine's own address. */
const VIRTUAL =
  /^(?:br-|bridge\d|cali|cilium|cni|docker|flannel|incusbr|kube|lxc|lxdbr|podman|vboxnet|veth|vethernet|virbr|vmnet|vnet)|virtualbox|vmware|hyper-v|\bwsl\b/iu;
/** What a machine gives itself when nobody gives it one. */
const LINK_LOCAL = /^(?:169\.254\.|fe[89ab])/iu;
/** Networks at home and at work. */
const PRIVATE = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/u;

/**
 * IPv6 only where there is no IPv4, which can be read out and typed, and without what needs a zone.
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
  if (TUNNEL.test(name)) return isDefaultRoute ? 3 : 5;
  if (isDefaultRoute) return 0;
  if (VIRTUAL.test(name)) return 4;
  return PRIVATE.test(address) ? 1 : 2;
}
