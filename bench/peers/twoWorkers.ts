// How a lobby could use more than one core: one process puts all messages into one row, each worker holds its share of the
// sockets. What a tick brings crosses between them joined, once each way.
import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { isUint8Array } from "node:util/types";
import { announce } from "./announce.ts";
import { FanOut } from "./fanOut.ts";
import { Tick } from "./frames.ts";

const WORKERS = 2;

function onBytes(from: NodeJS.Process | Worker, use: (bytes: Buffer) => void): void {
  from.on("message", (message: unknown) => {
    if (isUint8Array(message)) use(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  });
}

async function leadWorkers(): Promise<void> {
  cluster.setupPrimary({ serialization: "advanced" });
  const workers = Array.from({ length: WORKERS }, () => cluster.fork());
  const row = new Tick((joined) => {
    for (const worker of workers) worker.send(joined);
  });
  for (const worker of workers) onBytes(worker, (frames) => row.add(frames));
  const [first] = workers;
  if (first === undefined) return;
  const [address] = await Promise.all(
    workers.map(async (worker) => {
      const [listening] = (await once(worker, "listening")) as [{ port: number }];
      return listening;
    }),
  );
  announce(
    { port: address?.port ?? 0, address: "127.0.0.1", family: "IPv4" },
    workers.map(({ process: { pid } }) => pid ?? 0),
  );
}

function work(): void {
  const toLeader = new Tick((joined) => process.send?.(joined));
  const fanOut = new FanOut((frame) => toLeader.add(frame));
  onBytes(process, (joined) => fanOut.write(joined));
  // A worker that asks for any free port gets the same one as the others.
  fanOut.server.listen(0, "127.0.0.1");
}

if (cluster.isPrimary) void leadWorkers();
else work();
