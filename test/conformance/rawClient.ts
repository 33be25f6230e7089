// A client on a bare TCP socket, which can do what no WebSocket library lets one do: stop reading, or fall silent
// without closing. For the conformance tests.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** Connects and joins under that name, reading until the server has let it in. What it reads later is ignored. */
export async function joinRaw(url: string, name: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(
    `GET / HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  await readUntil(socket, '"type":"challenge"');
  socket.write(maskedText(JSON.stringify({ type: "join", v: 1, name })));
  await readUntil(socket, '"type":"joined"');
  return socket;
}

/** A text frame as a client sends it; short texts only. The mask is zero, which masks nothing. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 125) throw new Error("too long for this frame");
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

async function readUntil(socket: Socket, text: string): Promise<void> {
  let read = "";
  while (!read.includes(text)) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    read += chunk.toString("latin1");
  }
}
