// A TCP load balancer as it may stand in front of several servers: they get the connections in turn, and one that refuses a
// connection is passed over.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

const HOST = "127.0.0.1";

export class Balancer {
  readonly port: number;
  /** Of the servers, on this machine. */
  ports: readonly number[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #next = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
    server.on("connection", (near: Socket) => {
      this.#keep(near);
      this.#pass(near, this.ports.length);
    });
  }

  /** @param port 0: any free port */
  static async listen(port = 0): Promise<Balancer> {
    const server = createServer({ pauseOnConnect: true });
    server.listen(port, HOST);
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The balancer has no port.");
    return new Balancer(server, address.port);
  }

  get url(): string {
    return `ws://${HOST}:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  /** @param tries servers to try before the connection is refused */
  #pass(near: Socket, tries: number): void {
    const port = this.ports[this.#next++ % this.ports.length];
    if (port === undefined || tries === 0) {
      near.destroy();
      return;
    }
    const far = connect(port, HOST);
    const refused = (): void => this.#pass(near, tries - 1);
    far.once("error", refused);
    far.once("connect", () => {
      far.off("error", refused);
      this.#keep(far);
      near.once("close", () => far.destroy());
      far.once("close", () => near.destroy());
      near.pipe(far).pipe(near);
      if (near.destroyed) far.destroy();
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}
