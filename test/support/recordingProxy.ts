// Stands between two ends and records every byte, as someone on the network would see it. Also serves as an HTTP proxy,
// to show whether anything called it.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class RecordingProxy {
  readonly port: number;
  /** Bytes sent and received, over all connections, in order of arrival. */
  readonly sent: Buffer[] = [];
  readonly answered: Buffer[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>, port: number) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
  }

  /** @param target the local port that bytes are forwarded to; null: no one answers */
  static async to(target: () => number | null): Promise<RecordingProxy> {
    const sockets = new Set<Socket>();
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy has no port");
    const proxy = new RecordingProxy(server, sockets, address.port);
    server.on("connection", (near) => proxy.#pass(near, target()));
    return proxy;
  }

  /** Everything on the wire, both ways. */
  get wire(): Buffer {
    return Buffer.concat([...this.sent, ...this.answered]);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(near: Socket, target: number | null): void {
    this.connections += 1;
    this.#keep(near);
    near.on("data", (bytes) => this.sent.push(bytes));
    if (target === null) return;
    const far = connect(target, "127.0.0.1");
    this.#keep(far);
    far.on("data", (bytes) => this.answered.push(bytes));
    near.pipe(far).pipe(near);
    near.once("close", () => far.destroy());
    far.once("close", () => near.destroy());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}
