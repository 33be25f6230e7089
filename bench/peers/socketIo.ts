// A lobby as the Socket.IO manual shows it.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { announce, BACKLOG } from "./announce.ts";

const http = createServer();
const server = new Server(http, { transports: ["websocket"], serveClient: false });
server.on("connection", (socket) => {
  socket.on("said", (text) => server.emit("said", text));
});
http.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () => announce(http.address()));
