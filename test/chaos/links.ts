// Ways that break: TCP between two ends, with faults that a seed decides. For the chaos test; every fault is counted.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export type Fault = "cut" | "swallow" | "stall" | "refuse";

type Pair = { readonly near: Socket; readonly far: Socket };

/** Milliseconds for which a stalled way holds everything back. */
const STALL_MS = 40;

export class BreakingWay {
  readonly port: number;
  readonly faults: Record<Fault, number> = { cut: 0, swallow: 0, stall: 0, refuse: 0 };
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Bytes that pass, in either direction. */
  onBytes: (bytes: number) => void = () => undefined;
  /** The next connection is refused. */
  #refuses = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @param target the port of this machine that it leads to at the time; null if there is none */
  static async to(target: () => number | null): Promise<BreakingWay> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("No port");
    const way = new BreakingWay(server, address.port);
    server.on("connection", (near) => way.#open(near, target()));
    return way;
  }

  /** Does this to everything that is open now; says whether there was anything. */
  strike(fault: Fault): boolean {
    if (fault === "refuse") this.#refuses = true;
    else if (this.#pairs.size === 0) return false;
    this.faults[fault] += 1;
    for (const pair of this.#pairs) this.#hurt(pair, fault);
    return true;
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
    this.#server.close();
    await once(this.#server, "close");
  }

  #open(near: Socket, target: number | null): void {
    near.on("error", () => undefined);
    if (this.#refuses || target === null) {
      this.#refuses = false;
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, "127.0.0.1");
    const pair = { near, far };
    this.#pairs.add(pair);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("error", () => undefined);
      from.once("close", () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      from.on("data", (chunk: Buffer) => this.onBytes(chunk.length));
      from.pipe(to);
    }
  }

  #hurt({ near, far }: Pair, fault: Fault): void {
    switch (fault) {
      case "cut":
        near.resetAndDestroy();
        far.resetAndDestroy();
        return;
      case "swallow":
        // A half-open link: each end believes that it sends, and nothing arrives; later one end is gone.
        near.unpipe();
        far.unpipe();
        near.resume();
        far.resume();
        setTimeout(() => near.destroy(), STALL_MS).unref();
        return;
      case "stall":
        near.pause();
        far.pause();
        setTimeout(() => {
          near.resume();
          far.resume();
        }, STALL_MS).unref();
        return;
      case "refuse":
        return;
    }
  }
}
