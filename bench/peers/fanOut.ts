// Bare sockets with a minimum of WebSocket: reads only short frames with a mask of zero, as the load generator sends them.
import { createServer, type Server, type Socket } from "node:net";
import { acceptKey, textFrame } from "./frames.ts";

const HEAD_BYTES = 6;

export class FanOut {
  readonly server: Server;
  readonly #said: (frame: Buffer) => void;
  readonly #sockets = new Set<Socket>();
  /** Sockets that have spoken since the last write: they are written to first, so that they can speak again meanwhile. */
  readonly #authors = new Set<Socket>();

  constructor(said: (frame: Buffer) => void) {
    this.#said = said;
    this.server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  write(joined: Buffer): void {
    for (const socket of this.#authors) socket.write(joined);
    for (const socket of this.#sockets) if (!this.#authors.has(socket)) socket.write(joined);
    this.#authors.clear();
  }

  #serve(socket: Socket): void {
    let rest: Buffer = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#authors.delete(socket);
    });
    socket.on("data", (chunk) => {
      if (!this.#sockets.has(socket)) {
        this.#accept(socket, chunk.toString("latin1"));
        return;
      }
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      while (rest.length >= HEAD_BYTES) {
        const length = (rest[1] ?? 0) & 0x7f;
        if (rest.length < HEAD_BYTES + length) break;
        this.#authors.add(socket);
        this.#said(textFrame(rest.subarray(HEAD_BYTES, HEAD_BYTES + length)));
        rest = rest.subarray(HEAD_BYTES + length);
      }
    });
  }

  #accept(socket: Socket, request: string): void {
    const key = /^sec-websocket-key: (\S+)/im.exec(request)?.[1] ?? "";
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        `Sec-WebSocket-Accept: ${acceptKey(key)}\r\n\r\n`,
    );
    this.#sockets.add(socket);
  }
}
