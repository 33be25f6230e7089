// Bare sockets, each message encoded once; a socket gathers what is written to it within a tick (`cork`), and hands it over as
// one list.
import type { Socket } from "node:net";
import { announce, BACKLOG } from "./announce.ts";
import { FanOut } from "./fanOut.ts";

const corked = new Set<Socket>();

function uncork(): void {
  for (const socket of corked) socket.uncork();
  corked.clear();
}

const fanOut = new FanOut(
  (frame) => fanOut.write(frame),
  (socket, frame) => {
    if (!corked.has(socket)) {
      if (corked.size === 0) setImmediate(uncork);
      corked.add(socket);
      socket.cork();
    }
    socket.write(frame);
  },
);
fanOut.server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () =>
  announce(fanOut.server.address()),
);
