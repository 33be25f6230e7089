// TCP to a server with the faults of a network: connections break, bytes are late, wait or are lost, in both directions or one.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export type Direction = "toServer" | "toClient";

/** `hold`: bytes wait, as in a network that loses packets for a while. `drop`: they are lost. */
export type Way = "pass" | "hold" | "drop";

/** What the faults of one direction are at the moment, for all connections. */
type State = { way: Way; delayMs: number };

const DIRECTIONS: readonly Direction[] = ["toServer", "toClient"];

/** A sender waits when so much is on its way. */
const MOST_BYTES = 1024 * 1024;

/** Bytes of a connection in one direction, up to its end. */
class Stream {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #state: State;
  /** `null`: the sender has closed. */
  readonly #waiting: { readonly chunk: Buffer | null; readonly due: number }[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  hasLost = false;

  constructor(from: Socket, to: Socket, state: State) {
    this.#from = from;
    this.#to = to;
    this.#state = state;
    from.on("data", (chunk: Buffer) => this.#take(chunk));
    from.on("error", () => undefined);
    from.once("close", () => this.#take(null));
    to.on("drain", () => this.flush());
    to.once("close", () => clearTimeout(this.#timer));
  }

  /** Writes what is due, if it may pass. */
  flush(): void {
    clearTimeout(this.#timer);
    while (this.#state.way === "pass" && !this.#to.destroyed && !this.#to.writableNeedDrain) {
      const next = this.#waiting[0];
      if (next === undefined) break;
      const restMs = this.#state.delayMs === 0 ? 0 : next.due - performance.now();
      if (restMs > 0) {
        this.#timer = setTimeout(() => this.flush(), restMs);
        break;
      }
      this.#waiting.shift();
      if (next.chunk === null) this.#to.destroySoon();
      else {
        this.#bytes -= next.chunk.length;
        this.#to.write(next.chunk);
      }
    }
    if (this.#bytes < MOST_BYTES) this.#from.resume();
  }

  #take(chunk: Buffer | null): void {
    if (this.#state.way === "drop") {
      this.hasLost = true;
      return;
    }
    this.#waiting.push({ chunk, due: performance.now() + this.#state.delayMs });
    this.#bytes += chunk?.length ?? 0;
    if (this.#bytes >= MOST_BYTES) this.#from.pause();
    this.flush();
  }
}

type Connection = { readonly sockets: readonly Socket[]; readonly streams: readonly Stream[] };

export class FaultProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #states: Readonly<Record<Direction, State>> = {
    toServer: { way: "pass", delayMs: 0 },
    toClient: { way: "pass", delayMs: 0 },
  };
  #refuses = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @param target a port of this machine, for each new connection */
  static async to(target: () => number): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: false });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy has no port");
    const proxy = new FaultProxy(server, address.port);
    server.on("connection", (near) => proxy.#open(near, target()));
    return proxy;
  }

  /** For all connections, those that are open and those to come. */
  set(way: Way, directions: readonly Direction[] = DIRECTIONS): void {
    for (const direction of directions) this.#states[direction].way = way;
    this.#flush();
  }

  /** All that comes from now on arrives later by so much, in order. */
  delay(ms: number, directions: readonly Direction[] = DIRECTIONS): void {
    for (const direction of directions) this.#states[direction].delayMs = ms;
    this.#flush();
  }

  /** Breaks all connections. New ones can be opened. */
  cut(): void {
    for (const connection of this.#connections) this.#reset(connection);
  }

  /** Breaks all connections, and each new one at once. */
  refuse(): void {
    this.#refuses = true;
    this.cut();
  }

  /** Ends all faults. What waits arrives at once. A connection that has lost bytes breaks, because they never come. */
  heal(): void {
    this.#refuses = false;
    for (const connection of this.#connections) {
      if (connection.streams.some(({ hasLost }) => hasLost)) this.#reset(connection);
    }
    this.delay(0);
    this.set("pass");
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #open(near: Socket, target: number): void {
    if (this.#refuses) {
      near.on("error", () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = connect(target, "127.0.0.1");
    const { toServer, toClient } = this.#states;
    const connection = {
      sockets: [near, far],
      streams: [new Stream(near, far, toServer), new Stream(far, near, toClient)],
    };
    this.#connections.add(connection);
    for (const socket of connection.sockets) {
      socket.once("close", () => {
        if (near.destroyed && far.destroyed) this.#connections.delete(connection);
      });
    }
  }

  #flush(): void {
    for (const { streams } of this.#connections) for (const stream of streams) stream.flush();
  }

  #reset({ sockets }: Connection): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }
}
