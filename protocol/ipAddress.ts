// What both ends have to tell about an IP address, without a platform's help.

/** An IPv4 address in IPv6 form as plain IPv4; others stay as they are. */
export function plainAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** Whether an IP address is the very machine that uses it. A host name never is. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === "::1" || /^127(?:\.\d{1,3}){3}$/.test(plain);
}
