// Bare sockets that are told everything: WebSocket frames read by hand, short ones with a mask of zero alone, as the load
// generator sends them. For the peers that show the limit for Node.
import { createServer, type Server, type Socket } from "node:net";
import { acceptKey, textFrame } from "./frames.ts";

const HEAD_BYTES = 6;

export class FanOut {
  readonly server: Server;
  readonly #said: (frame: Buffer, author: Socket) => void;
  readonly #writeTo: (socket: Socket, bytes: Buffer) => void;
  readonly #came: (socket: Socket) => () => void;
  readonly #sockets = new Set<Socket>();
  /** Who has spoken since the last write: they get the next one first, and can speak again meanwhile. */
  readonly #authors = new Set<Socket>();

  /**
   * @param writeTo how one socket gets its bytes
   * @param came is told of each socket that listens from now on, and gives what is to be done when it goes
   */
  constructor(
    said: (frame: Buffer, author: Socket) => void,
    writeTo = (socket: Socket, bytes: Buffer): void => void socket.write(bytes),
    came: (socket: Socket) => () => void = () => () => undefined,
  ) {
    this.#said = said;
    this.#writeTo = writeTo;
    this.#came = came;
    this.server = createServer({ noDelay: true }, (socket) => this.#serve(socket));
  }

  write(joined: Buffer): void {
    for (const socket of this.#authors) this.#writeTo(socket, joined);
    for (const socket of this.#sockets) if (!this.#authors.has(socket)) this.#writeTo(socket, joined);
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
        this.#said(textFrame(rest.subarray(HEAD_BYTES, HEAD_BYTES + length)), socket);
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
    socket.once("close", this.#came(socket));
  }
}
