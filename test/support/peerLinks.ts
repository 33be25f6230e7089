// The links between the members of an etcd: each member is reached through a proxy here, and can be cut off from all others. A
// connection says in its first request which member it comes from.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

const HOST = "127.0.0.1";

const SENDER = /^X-Server-From: ([0-9a-f]+)\r$/im;

export type Peer = {
  /** Where it listens to the others. */
  readonly peerPort: number;
  /** In hexadecimal. */
  readonly id: string;
};

/** Connections are reset; or they stay open, and what is sent waits until the end of the cut. */
export type Cut = "reset" | "silent";

type Pair = { readonly near: Socket; readonly far: Socket; readonly from: string | undefined; to: number };

export class PeerLinks {
  readonly #servers: Server[] = [];
  readonly #pairs = new Set<Pair>();
  #cutOff: { readonly peer: Peer; readonly cut: Cut } | undefined;

  /** Returns the port where the others reach the member that listens at this one. */
  async to(peerPort: number): Promise<number> {
    const server = createServer((near) => this.#accept(near, peerPort));
    server.listen(0, HOST);
    await once(server, "listening");
    this.#servers.push(server);
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("No port");
    return address.port;
  }

  /** Cuts a member off from all others, until `heal`. */
  cutOff(peer: Peer, cut: Cut): void {
    this.#cutOff = { peer, cut };
    for (const pair of this.#pairs) if (this.#isCut(pair)) this.#stop(pair);
  }

  heal(): void {
    const cut = [...this.#pairs].filter((pair) => this.#isCut(pair));
    this.#cutOff = undefined;
    for (const pair of cut) start(pair);
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  #accept(near: Socket, to: number): void {
    near.on("error", () => undefined);
    near.once("data", (first: Buffer) => {
      near.pause();
      near.unshift(first);
      const far = connect(to, HOST);
      far.on("error", () => undefined);
      const pair = { near, far, to, from: SENDER.exec(first.toString("latin1"))?.[1] };
      this.#pairs.add(pair);
      for (const end of [near, far]) {
        end.once("close", () => {
          this.#pairs.delete(pair);
          near.destroy();
          far.destroy();
        });
      }
      if (this.#isCut(pair)) this.#stop(pair);
      else start(pair);
    });
  }

  #isCut({ from, to }: Pair): boolean {
    const peer = this.#cutOff?.peer;
    return peer !== undefined && (from === peer.id || to === peer.peerPort);
  }

  #stop({ near, far }: Pair): void {
    if (this.#cutOff?.cut === "reset") {
      near.resetAndDestroy();
      far.resetAndDestroy();
    } else {
      near.unpipe();
      far.unpipe();
    }
  }
}

function start({ near, far }: Pair): void {
  near.pipe(far);
  far.pipe(near);
}
