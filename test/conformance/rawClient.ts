// A client on a bare TCP socket, which can do what no WebSocket library lets one do: stop reading, or fall silent
// without closing. For the conformance tests.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { TestKey } from "../support/testKey.ts";

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
  const challenge = await readUntil(socket, '"type":"challenge"');
  const nonce = /"nonce":"([\w-]+)"/.exec(challenge)?.[1] ?? "";
  const proof = new TestKey().proof(`${hostname}:${port}`, nonce, name);
  socket.write(maskedText(JSON.stringify({ type: "join", v: PROTOCOL_VERSION, name, ...proof })));
  await readUntil(socket, '"type":"joined"');
  return socket;
}

/** A text frame as a client sends it; texts of 126 to 65,535 bytes only. The mask is zero, which masks nothing. */
function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length < 126 || payload.length > 65_535) throw new Error("not for this frame");
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >> 8, payload.length & 0xff, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

async function readUntil(socket: Socket, text: string): Promise<string> {
  let read = "";
  while (!read.includes(text)) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    read += chunk.toString("latin1");
  }
  return read;
}
