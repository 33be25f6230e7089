// A client on a bare TCP socket, which can do what no WebSocket library lets one do: stop reading, or fall silent
// without closing. For the conformance tests.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { TestKey } from "../support/testKey.ts";

/** Connects and joins under that name, reading until the server has let it in. What it reads later is ignored. */
export async function joinRaw(url: string, name: string, opening: Opening = {}): Promise<Socket> {
  const { host } = new URL(url);
  const socket = await openRaw(url, opening);
  const challenge = await readUntil(socket, '"type":"challenge"');
  const nonce = /"nonce":"([\w-]+)"/.exec(challenge)?.[1] ?? "";
  const proof = new TestKey().proof(host, nonce, name);
  socket.write(clientFrame(0x81, JSON.stringify({ type: "join", v: PROTOCOL_VERSION, name, ...proof })));
  await readUntil(socket, '"type":"joined"');
  return socket;
}

export type Opening = {
  /** Comes in the same packet as the request. */
  readonly behind?: Buffer;
  readonly path?: string;
  /** More of them, each with its line's end. */
  readonly headers?: string;
  /** The address to connect from: on Linux any of 127.0.0.0/8, to look like another client to the server. */
  readonly localAddress?: string | undefined;
};

/** Connects and asks for a WebSocket. */
export async function openRaw(
  url: string,
  { behind = Buffer.alloc(0), path = "/", headers = "", localAddress }: Opening = {},
): Promise<Socket> {
  const { protocol, host, hostname, port } = new URL(url);
  const place = {
    host: hostname,
    port: Number(port),
    ...(localAddress === undefined ? {} : { localAddress }),
  };
  const socket =
    protocol === "wss:"
      ? connectTls({ host: hostname, port: Number(port), rejectUnauthorized: false })
      : connect({ ...place, allowHalfOpen: true });
  socket.on("error", () => undefined);
  await once(socket, protocol === "wss:" ? "secureConnect" : "connect");
  const request =
    `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${headers}` +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  socket.write(Buffer.concat([Buffer.from(request), behind]));
  return socket;
}

/** A frame as a client sends it, of at most 65,535 bytes; `first` holds its opcode. The mask is zero, which masks nothing. */
export function clientFrame(first: number, payload: string | Buffer): Buffer {
  const body = Buffer.from(payload);
  if (body.length > 65_535) throw new Error("not for this frame");
  const length = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 0xff];
  const [short = 0, ...extended] = length;
  return Buffer.concat([Buffer.from([first, 0x80 | short, ...extended, 0, 0, 0, 0]), body]);
}

export async function readUntil(socket: Socket, text: string): Promise<string> {
  let read = "";
  while (!read.includes(text)) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    read += chunk.toString("latin1");
  }
  return read;
}
