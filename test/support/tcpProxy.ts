// A connection to a server that a test can cut: its clients lose it without notice.
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

export class TcpProxy {
  readonly url: string;
  readonly #server: Server;
  readonly port: number;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, port: number, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.port = port;
    this.url = `ws://127.0.0.1:${port}`;
  }

  /** @param targetPort returns a port of this machine, for each connection */
  static async to(targetPort: () => number): Promise<TcpProxy> {
    const sockets = new Set<Socket>();
    const server = createServer((near) => {
      const far = connect(targetPort(), "127.0.0.1");
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(socket);
        socket.on("error", () => undefined);
        socket.once("close", () => {
          sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy has no port");
    return new TcpProxy(server, address.port, sockets);
  }

  /** Breaks every connection at once; new ones can be opened. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Breaks the connection that was opened last. */
  cutNewest(): void {
    [...this.#sockets].at(-1)?.resetAndDestroy();
  }

  /** Passes nothing on over the connection that was opened last, in either direction. Both ends believe that it still does. */
  stallNewest(): void {
    for (const socket of [...this.#sockets].slice(-2)) {
      socket.unpipe();
      socket.pause();
    }
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
