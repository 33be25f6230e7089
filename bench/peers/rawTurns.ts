// The limit for a server that takes turns as this one does: its outbox over bare sockets, and nothing of what a lobby does.
import type { Socket } from "node:net";
import { Outbox, Outlet } from "../../server/outbox.ts";
import { announce, BACKLOG } from "./announce.ts";
import { FanOut } from "./fanOut.ts";

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
  outbox.listen(outlet);
  return () => outbox.end(outlet);
}

const fanOut = new FanOut((frame) => outbox.publish(frame), undefined, listen);
fanOut.server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () =>
  announce(fanOut.server.address()),
);
