// The limit for a server that takes turns as this one does: its outbox over bare sockets, and nothing of what a lobby does.
import type { Socket } from "node:net";
import { Outbox, Outlet } from "../../server/outbox.ts";
import { announce, BACKLOG } from "./announce.ts";
import { FanOut } from "./fanOut.ts";

const outlets = new Map<Socket, Outlet>();
const outbox = new Outbox(Infinity, (write) => setImmediate(write));

function listen(socket: Socket): () => void {
  const outlet = new Outlet({
    get open() {
      return socket.writable;
    },
    get backlog() {
      return socket.writableLength;
    },
    write: (chunks) => chunks.forEach((chunk) => socket.write(chunk)),
    overflow: () => socket.destroy(),
  });
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
