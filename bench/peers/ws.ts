// A lobby as the `ws` manual shows it: one `send` for each client.
import { WebSocket, WebSocketServer } from "ws";
import { announce, BACKLOG } from "./announce.ts";

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: BACKLOG });
server.on("connection", (ws) => {
  ws.on("error", () => undefined);
  ws.on("message", (data, isBinary) => {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary });
    }
  });
});
server.on("listening", () => announce(server.address()));
