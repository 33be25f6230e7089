// A port for a server that someone else starts.
import { once } from "node:events";
import { createServer } from "node:net";

/** Outside the ranges from which systems pick the ports of connections: none of them takes it in the meantime. */
const PORTS = { first: 20_000, count: 10_000 };

/** A port at which nothing listens, on any address of this machine. */
export async function freePort(): Promise<number> {
  const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
  const server = createServer();
  const isFree = await new Promise<boolean>((settle) => {
    server.once("error", () => settle(false));
    server.listen(port, () => settle(true));
  });
  if (!isFree) return freePort();
  server.close();
  await once(server, "close");
  return port;
}
