// How a peer of the benchmark reports that it is ready.
import type { AddressInfo } from "node:net";

/** The backlog of TCP connections: thousands arrive at once. */
export const BACKLOG = 4096;

export function announce(address: AddressInfo | string | null): void {
  if (address === null || typeof address === "string") throw new Error("There is no port");
  console.log(`listening on ws://127.0.0.1:${address.port}`);
}
