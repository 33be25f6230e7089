// Parses and groups IP addresses on any platform: loopback, and the unit that limits count.

/** Converts an IPv4 address in IPv6 form to plain IPv4. Others stay as they are. */
export function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** Whether an IP address is loopback. A host name never is. */
export function isLoopback(address: string): boolean {
  const groups = addressGroups(address);
  if (groups === undefined || groups.slice(0, 5).some((group) => group !== 0)) return false;
  const [a = 0, b = 0, c = 0] = groups.slice(5);
  return a === 0xffff ? b >> 8 === 127 : a === 0 && b === 0 && c === 1;
}

/** The unit of limits per address: an IPv4 address, or the /64 of an IPv6 address. */
export function addressKey(address: string): string {
  const plain = plainAddress(address);
  const groups = plain.includes(":") ? addressGroups(plain.replace(/%.*$/, "")) : undefined;
  if (groups === undefined) return plain;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

/** The unit of limits per network, from an `addressKey`: the /48 of an IPv6 address, or an IPv4 address itself. */
export function networkKey(key: string): string {
  const groups = /^((?:[\da-f]+:){3})[\da-f]+::\/64$/.exec(key)?.[1];
  return groups === undefined ? key : `${groups}:/48`;
}

/** Characters of the longest IPv6 address: six groups and an IPv4 address. */
const LONGEST = 45;

/** The eight groups of an IPv6 address, or those of an IPv4 address in IPv6 form; undefined for anything else, and with a zone. */
export function addressGroups(address: string): readonly number[] | undefined {
  if (address.length > LONGEST) return undefined;
  const [, front = "", dotted] = /^(.*?)(\d+\.\d+\.\d+\.\d+)$/.exec(address) ?? [, address];
  const tail = dotted === undefined ? [] : quadGroups(dotted);
  if (tail === undefined) return undefined;
  if (dotted !== undefined && front === "") return [0, 0, 0, 0, 0, 0xffff, ...tail];
  const halves = (dotted === undefined ? front : front.replace(/([^:]):$/, "$1")).split("::");
  if (halves.length > 2) return undefined;
  const [left = [], right] = halves.map((half) => (half === "" ? [] : half.split(":")));
  if (![...left, ...(right ?? [])].every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  const zeros = 8 - left.length - (right?.length ?? 0) - tail.length;
  if (right === undefined ? zeros !== 0 : zeros < 1) return undefined;
  const hex = (group: string): number => Number.parseInt(group, 16);
  return [...left.map(hex), ...Array<number>(zeros).fill(0), ...(right ?? []).map(hex), ...tail];
}

function quadGroups(dotted: string): readonly number[] | undefined {
  const [a = 256, b = 256, c = 256, d = 256] = dotted
    .split(".")
    .map((byte) => (/^(?:0|[1-9]\d{0,2})$/.test(byte) ? Number(byte) : 256));
  return [a, b, c, d].some((byte) => byte > 255) ? undefined : [a * 256 + b, c * 256 + d];
}
