// How a peer of the benchmark tells that it is ready.
import type { AddressInfo } from "node:net";

/** TCP connections that may wait to be accepted: thousands come at once. */
export const BACKLOG = 4096;

/** @param others process ids that belong to it as well */
export function announce(address: AddressInfo | string | null, others: readonly number[] = []): void {
  if (address === null || typeof address === "string") throw new Error("There is no port");
  const suffix = others.length === 0 ? "" : ` with ${others.join(" ")}`;
  console.log(`listening on ws://127.0.0.1:${address.port}${suffix}`);
}
