// The TCP connections to a server: those that never ask for an upgrade take a place, too, and are to be ended with the server,
// even where TLS has not let them come as far as HTTP. Used by createServer.ts.
import type { Socket } from "node:net";
import { addressKey } from "./addresses.ts";
import type { Occupancy } from "./admission.ts";
import { Counts } from "./counts.ts";

export class TcpSockets {
  readonly #mostOfAddress: number;
  /** Each with what its address counts as. */
  readonly #sockets = new Map<Socket, string>();
  readonly #perAddress = new Counts();
  /** One function for all of them: thousands would take memory. */
  readonly #gone: (this: Socket) => void;

  /** `mostOfAddress`: from one address at once; further ones are destroyed. */
  constructor(mostOfAddress: number) {
    this.#mostOfAddress = mostOfAddress;
    const [sockets, perAddress] = [this.#sockets, this.#perAddress];
    this.#gone = function () {
      const key = sockets.get(this);
      if (key !== undefined && sockets.delete(this)) perAddress.remove(key);
    };
  }

  /** Counts a connection that was accepted, until it closes. */
  accepted(socket: Socket): void {
    const remote = socket.remoteAddress;
    // Without an address the connection is gone already.
    if (remote === undefined) return;
    const key = addressKey(remote);
    if (this.#perAddress.of(key) >= this.#mostOfAddress) {
      socket.destroy();
      return;
    }
    this.#sockets.set(socket, key);
    this.#perAddress.add(key);
    socket.on("close", this.#gone);
  }

  /** What there is beside the one connection from `remote`, an address, that asks. */
  beside(remote: string): Pick<Occupancy, "ofAddress" | "all"> {
    return { ofAddress: this.#perAddress.of(addressKey(remote)) - 1, all: this.#perAddress.total - 1 };
  }

  destroyAll(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }
}
