// Bare sockets, each message encoded once and written at once, to one socket after the other.
import { announce, BACKLOG } from "./announce.ts";
import { FanOut } from "./fanOut.ts";

const fanOut = new FanOut((frame) => fanOut.write(frame));
fanOut.server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () =>
  announce(fanOut.server.address()),
);
