// What kind of place an IP address names. Decides what goes into a card and which addresses of a card are dialled.
import { BlockList, isIP } from "node:net";

export type AddressKind =
  /** This very machine. */
  | "loopback"
  /** Within a local network (RFC 1918, RFC 4193, carrier-grade NAT). */
  | "private"
  | "public"
  /** Nobody in particular, many, or not without naming an interface: no peer can be there. */
  | "unusable";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Each is a network of its own: who is seen in one of them may have nothing to do with the others. */
const localRanges = [
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  ["fc00::", 7, "ipv6"],
].map(([network, prefix, family]) => {
  const range = new BlockList();
  range.addSubnet(String(network), Number(prefix), family === "ipv6" ? "ipv6" : "ipv4");
  return range;
});

const unusable = new BlockList();
unusable.addSubnet("0.0.0.0", 8, "ipv4");
unusable.addSubnet("169.254.0.0", 16, "ipv4");
unusable.addSubnet("224.0.0.0", 3, "ipv4");
unusable.addAddress("::", "ipv6");
unusable.addSubnet("192.0.0.0", 24, "ipv4");
unusable.addSubnet("fe80::", 10, "ipv6");
unusable.addSubnet("fec0::", 10, "ipv6");
unusable.addSubnet("ff00::", 8, "ipv6");

// A gateway makes IPv4 addresses of these, private ones as well.
unusable.addSubnet("::", 96, "ipv6");
unusable.addSubnet("::ffff:0:0:0", 96, "ipv6");
unusable.addSubnet("64:ff9b::", 96, "ipv6");
unusable.addSubnet("64:ff9b:1::", 48, "ipv6");
unusable.addSubnet("2001::", 32, "ipv6");
unusable.addSubnet("2002::", 16, "ipv6");

/** IPv4 addresses written as IPv6 ones (`::ffff:127.0.0.1`) are what they stand for; no IP address is unusable. */
export function addressKind(host: string): AddressKind {
  const version = isIP(host);
  if (version === 0 || host.includes("%")) return "unusable";
  const family = version === 4 ? "ipv4" : "ipv6";
  if (loopback.check(host, family)) return "loopback";
  if (unusable.check(host, family)) return "unusable";
  return localRanges.some((range) => range.check(host, family)) ? "private" : "public";
}

/** Whether both addresses are within one of the local ranges. */
export function isSameLocalRange(a: string, b: string): boolean {
  const within = (range: BlockList, host: string): boolean =>
    isIP(host) !== 0 && range.check(host, isIP(host) === 4 ? "ipv4" : "ipv6");
  return localRanges.some((range) => within(range, a) && within(range, b));
}

/** Whether the address stands for all addresses of a machine. */
export function isUnspecified(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

/** `HOST:PORT` as it stands in a URL. */
export function formatPlace(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${String(port)}`;
}

/** What one holder of addresses is counted by: an IPv4 address, or the first 64 bits of an IPv6 address. */
export function addressPrefix(host: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(host)?.[1];
  if (mapped !== undefined || isIP(host) !== 6) return mapped ?? host;
  const [head = "", tail = ""] = host.replace(/%.*$/u, "").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
