// Classifies an IP address: this machine, a private network, the internet, or an address that cannot be dialed. Pure.
import { addressGroups, isLoopback } from "../../../protocol/ipAddress.ts";

export type AddressKind =
  /** This machine. */
  | "loopback"
  /** Within a local network (RFC 1918, RFC 4193, carrier-grade NAT). */
  | "private"
  | "public"
  /** Unspecified, multicast, or valid only with an interface: no peer can be there. */
  | "unusable";

type Range = { readonly groups: readonly number[]; readonly bits: number };

/** Each range is a network of its own: hosts in different ranges may be unrelated. */
const localRanges = ranges(
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fc00::/7"],
);

const unusable = ranges(
  ...["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "192.0.0.0/24"],
  ...["fe80::/10", "fec0::/10", "ff00::/8"],
  // A gateway maps these to IPv4 addresses, including private ones.
  ...["::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"],
);

/** Treats IPv4-mapped IPv6 addresses (`::ffff:127.0.0.1`) as IPv4. Anything that is not an IP address is unusable. */
export function addressKind(host: string): AddressKind {
  const groups = addressGroups(host);
  if (groups === undefined) return "unusable";
  const isIn = (range: Range): boolean => isWithin(groups, range);
  if (isLoopback(host)) return "loopback";
  if (unusable.some(isIn)) return "unusable";
  return localRanges.some(isIn) ? "private" : "public";
}

/** Whether both addresses are in the same private range. */
export function isSameLocalRange(a: string, b: string): boolean {
  const [groupsOfA, groupsOfB] = [addressGroups(a), addressGroups(b)];
  if (groupsOfA === undefined || groupsOfB === undefined) return false;
  return localRanges.some((range) => isWithin(groupsOfA, range) && isWithin(groupsOfB, range));
}

function isWithin(groups: readonly number[], range: Range): boolean {
  return range.groups.every((group, n) => {
    const shift = 16 - Math.min(16, Math.max(0, range.bits - 16 * n));
    return (groups[n] ?? 0) >> shift === group >> shift;
  });
}

function ranges(...texts: readonly string[]): readonly Range[] {
  return texts.map((text) => {
    const [address = "", bits] = text.split("/");
    return { groups: addressGroups(address) ?? [], bits: Number(bits) + (address.includes(":") ? 0 : 96) };
  });
}
