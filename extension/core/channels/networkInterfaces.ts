// What the system says of this machine's network interfaces. Pure.

/** Tunnel interfaces: hosts outside the tunnel cannot reach them, even though all traffic may go through one. */
const TUNNEL =
  /^(?:tun|tap|utun|wg|ppp|ipsec|gpd|cscotun|ham|zt|nebula|proton|nordlynx|mullvad|tailscale|cloudflarewarp)|wireguard|openvpn|\bvpn\b|\btap-/iu;
/** Interfaces of containers and virtual machines. A bridge may also have the machine's own address. */
const VIRTUAL =
  /^(?:br-|bridge\d|cali|cilium|cni|docker|flannel|incusbr|kube|lxc|lxdbr|podman|vboxnet|veth|vethernet|virbr|vmnet|vnet)|virtualbox|vmware|hyper-v|\bwsl\b/iu;

/** The interfaces by name; none if the system does not let this process list them (Termux, some sandboxes). */
export function listedInterfaces<Interfaces extends object>(
  list: () => Interfaces,
): Interfaces | Record<string, never> {
  try {
    return list();
  } catch {
    return {};
  }
}

export function isTunnel(name: string): boolean {
  return TUNNEL.test(name);
}

export function isVirtual(name: string): boolean {
  return VIRTUAL.test(name);
}
