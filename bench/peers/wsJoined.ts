// `ws` with the frames of a tick joined once and written once per socket, without anything else that a lobby does.
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { announce, BACKLOG } from "./announce.ts";
import { textFrame, Tick } from "./frames.ts";

const sockets = new Set<Duplex>();
const tick = new Tick((joined) => {
  for (const socket of sockets) socket.write(joined);
});
const server = new WebSocketServer({ noServer: true, clientTracking: false });
const http = createServer();
http.on("upgrade", (request, socket, head) => {
  server.handleUpgrade(request, socket, head, (ws) => {
    sockets.add(socket);
    ws.on("error", () => undefined);
    ws.once("close", () => sockets.delete(socket));
    ws.on("message", (data: Buffer) => tick.add(textFrame(data)));
  });
});
http.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () => announce(http.address()));
