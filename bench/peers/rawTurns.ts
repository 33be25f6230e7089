// The limit for a server that takes turns as this one does: its outbox over bare sockets, and nothing of what a lobby does.
import type { Socket } from "node:net";
import { Outbox, Outlet } from "../../server/fanOut/outbox.ts";
import { announce, BACKLOG } from "./announce.ts";
import { FanOut } from "./fanOut.ts";

const outlets = new Map<Socket, Outlet>();
const outbox = new Outbox(Infinity, (write) => setImmediate(write));

class BareSocket extends Outlet {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  get open(): boolean {
    return this.#socket.writable;
  }

  get backlog(): number {
    return this.#socket.writableLength;
  }

  write(chunks: readonly Buffer[]): void {
    for (const chunk of chunks) this.#socket.write(chunk);
  }

  overflow(): void {
    this.#socket.destroy();
  }
}

function listen(socket: Socket): () => void {
  const outlet = new BareSocket(socket);
  outlets.set(socket, outlet);
  outbox.listen(outlet);
  return () => {
    outlets.delete(socket);
    outbox.end(outlet);
  };
}

// Who has spoken gets it first, as the lobby's acknowledgement, and can speak again meanwhile.
const fanOut = new FanOut(
  (frame, author) => outbox.publish(frame, outlets.get(author), frame),
  undefined,
  listen,
);
fanOut.server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () =>
  announce(fanOut.server.address()),
);
