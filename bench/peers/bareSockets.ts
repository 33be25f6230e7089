// About the limit for Node: bare sockets. The frames of a tick are joined once and written once per socket, first to the
// client that has just written.
import { announce, BACKLOG } from "./announce.ts";
import { FanOut } from "./fanOut.ts";
import { Tick } from "./frames.ts";

const tick = new Tick((joined) => fanOut.write(joined));
const fanOut = new FanOut((frame) => tick.add(frame));
fanOut.server.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () =>
  announce(fanOut.server.address()),
);
