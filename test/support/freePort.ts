// A port for a server that someone else starts.
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Outside the ranges from which systems pick the ports of connections: none of them takes it in the meantime. */
const PORTS = { first: 20_000, blocks: 100, inBlock: 100 };

/** The ports of this process that it has not given yet. */
let left: number[] = [];

/**
 * A port at which nothing listens, on any address of this machine. No other call gets it while this process runs,
 * neither here nor in another process of the tests: who starts a server there may take their time.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = left.shift();
    if (port === undefined) left = await claimBlock();
    else if (await isFree(port)) return port;
  }
}

/** The ports of a block that no other process has: its owner listens at the first until it ends. */
async function claimBlock(): Promise<number[]> {
  for (;;) {
    const first = PORTS.first + PORTS.inBlock * Math.floor(Math.random() * PORTS.blocks);
    const claim = await listenAt(first);
    if (claim === undefined) continue;
    claim.unref();
    return Array.from({ length: PORTS.inBlock - 1 }, (_, i) => first + 1 + i);
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = await listenAt(port);
  if (server === undefined) return false;
  server.close();
  await once(server, "close");
  return true;
}

async function listenAt(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((settle) => {
    server.once("error", () => settle(undefined));
    server.listen(port, () => settle(server));
  });
}
