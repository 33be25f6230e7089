// What kind of place an IP address names: this machine, a local network, the internet, or nothing that can be dialed. Pure.
import { addressGroups, isLoopback } from "../../../protocol/ipAddress.ts";

export type AddressKind =
  /** This very machine. */
  | "loopback"
  /** Within a local network (RFC 1918, RFC 4193, carrier-grade NAT). */
  | "private"
  | "public"
  /** Nobody in particular, many, or not without naming an interface: no peer can be there. */
  | "unusable";

type Range = { readonly groups: readonly number[]; readonly bits: number };

/** Each is a network of its own: who is seen in one of them may have nothing to do with the others. */
const localRanges = ranges(
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fc00::/7"],
);

const unusable = ranges(
  ...["0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "192.0.0.0/24"],
  ...["fe80::/10", "fec0::/10", "ff00::/8"],
  // A gateway makes IPv4 addresses of these, private ones as well.
  ...["::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"],
);

/** IPv4 addresses written as IPv6 ones (`::ffff:127.0.0.1`) are what they stand for; no IP address is unusable. */
export function addressKind(host: string): AddressKind {
  const groups = addressGroups(host);
  if (groups === undefined) return "unusable";
  const isIn = (range: Range): boolean => isWithin(groups, range);
  if (isLoopback(host)) return "loopback";
  if (unusable.some(isIn)) return "unusable";
  return localRanges.some(isIn) ? "private" : "public";
}

/** Whether both addresses are within one of the local ranges. */
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
