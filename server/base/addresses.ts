// What counts as one holder of addresses, for limits per address.
import { isIPv6 } from "node:net";
import { plainAddress } from "../../protocol/ipAddress.ts";

/** What one holder of addresses is counted by: an IPv4 address, or the /64 of an IPv6 address. */
export function addressKey(address: string): string {
  const plain = plainAddress(address);
  return isIPv6(plain) ? `${groupsOf(plain).slice(0, 4).join(":")}::/64` : plain;
}

/** The eight groups of an IPv6 address, each without zeros in front. */
function groupsOf(plain: string): string[] {
  const [left = "", right] = plain.replace(/%.*$/, "").split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const zeros = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array<string>(zeros).fill("0"), ...tail];
  return groups.map((group) => Number.parseInt(group, 16).toString(16));
}

/** What the holder of a whole network is counted by, from an `addressKey`: the /48 of an IPv6 address, an IPv4 address itself. */
export function networkKey(key: string): string {
  const groups = /^((?:[\da-f]+:){3})[\da-f]+::\/64$/.exec(key)?.[1];
  return groups === undefined ? key : `${groups}:/48`;
}
