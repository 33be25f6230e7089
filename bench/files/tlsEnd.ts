// One end of a bare TLS 1.3 connection as a process of its own: reads all that comes, or sends so many bytes and waits until the
// other end has them all.
import { once } from "node:events";
import { connect, createServer } from "node:tls";
import { generate } from "selfsigned";

const CHUNK = Buffer.alloc(64 * 1024, 1);

async function receive(): Promise<void> {
  const { private: key, cert } = await generate([{ name: "commonName", value: "bare" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
  });
  const server = createServer({ key, cert, minVersion: "TLSv1.3" }, (socket) => {
    socket.resume();
    // The end of what comes is answered with an end.
    socket.once("end", () => socket.end());
    socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");
  console.log(address.port);
}

async function send(port: number, bytes: number): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port, minVersion: "TLSv1.3", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const start = performance.now();
  for (let sent = 0; sent < bytes; sent += CHUNK.length)
    if (!socket.write(CHUNK)) await once(socket, "drain");
  socket.resume();
  socket.end();
  await once(socket, "close");
  console.log((performance.now() - start) / 1_000);
}

const [what, port, bytes] = process.argv.slice(2);
if (what === "receive") await receive();
else await send(Number(port), Number(bytes));
