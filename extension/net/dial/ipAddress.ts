// How IP addresses are written and counted.
import { isIP } from "node:net";

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
