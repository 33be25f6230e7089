// The entrants: this project's server, and each peer available on this machine. Each is restarted for each round, on a free
// port of loopback.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { ensureBun } from "../../scripts/bun.ts";
import type { ProcessTree } from "../../scripts/processTree.ts";
import { freePort } from "../../test/support/freePort.ts";
import type { Server } from "../generator/tasks.ts";
import { cores, has, startPinned } from "./pinned.ts";
import { bundle, ensurePeerPackages } from "./programs.ts";

export type Running = {
  readonly server: Server;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
};

export type Entrant = {
  readonly name: EntrantName;
  /** Its name in the chart. */
  readonly label: string;
  /** @param preload a bundle that Node loads before the program */
  readonly start: (preload?: string) => Promise<Running>;
};

export type EntrantName = "forkChat" | "ws" | "bareSockets" | "socketIo" | "bun" | "nats";

type Definition = { readonly label: string; readonly prepare: () => Promise<Entrant["start"] | string> };

const START_MS = 15_000;

const definitions: Readonly<Record<EntrantName, Definition>> = {
  forkChat: {
    label: "Fork Chat",
    prepare: async () => node(await bundle("bench/lobby/openServer.ts"), "forkChat"),
  },
  ws: {
    label: "ws",
    prepare: async () => node(await bundle("bench/peers/ws.ts"), "webSocket"),
  },
  bareSockets: {
    label: "bare sockets",
    prepare: async () => node(await bundle("bench/peers/bareSockets.ts"), "webSocket"),
  },
  socketIo: {
    label: "Socket.IO",
    prepare: async () => {
      await ensurePeerPackages();
      return node(await bundle("bench/peers/socketIo.ts"), "socketIo");
    },
  },
  bun: {
    label: "Bun",
    prepare: async () => {
      const program = await ensureBun(console.log);
      if (program === undefined) return "Bun is not built for this platform";
      const script = await bundle("bench/peers/bun.ts");
      return () => startAnnouncing(program, [script], "webSocket");
    },
  },
  nats: {
    label: "nats-server",
    prepare: () => Promise.resolve(has("nats-server") ? startNats : "nats-server is not installed"),
  },
};

/** Those that can be had here, in this order; says which cannot. */
export async function prepare(names: readonly EntrantName[]): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const name of names) {
    const { label, prepare } = definitions[name];
    const start = await prepare().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (typeof start === "string") console.log(`without ${label}: ${start}`);
    else entrants.push({ name, label, start });
  }
  return entrants;
}

function node(script: string, dialect: Server["dialect"]): Entrant["start"] {
  return (preload) =>
    startAnnouncing(
      process.execPath,
      [...(preload === undefined ? [] : ["--require", preload]), script],
      dialect,
    );
}

/** Starts what prints its address when it is ready. */
export async function startAnnouncing(
  command: string,
  args: readonly string[],
  dialect: Server["dialect"],
): Promise<Running> {
  const tree = await startPinned(cores.server, command, args, { stdio: ["ignore", "pipe", "pipe"] });
  // A server's log is read and discarded, because a full pipe would stop the server.
  tree.child.stderr?.resume();
  let output = "";
  while (!output.includes("\n")) {
    const data = once(tree.child.stdout ?? tree.child, "data", { signal: AbortSignal.timeout(START_MS) });
    const [chunk] = (await Promise.race([data, tree.ended.then(() => [""])])) as [Buffer | string];
    if (chunk.length === 0) throw new Error(`${command} ${args.join(" ")} ended before it was ready`);
    output += chunk.toString();
  }
  const [, port] = /:(\d+)\n/.exec(output) ?? [];
  return running(tree, dialect, Number(port));
}

async function startNats(): Promise<Running> {
  const port = await freePort();
  const args = ["-a", "127.0.0.1", "-p", String(port)];
  const tree = await startPinned(cores.server, "nats-server", args, { stdio: "ignore" });
  await answers(port);
  return running(tree, "nats", port);
}

function running(tree: ProcessTree, dialect: Server["dialect"], port: number): Running {
  const { pid } = tree.child;
  if (pid === undefined) throw new Error("The server has no process id");
  return { server: { dialect, port, pid }, child: tree.child, stop: () => tree.stop() };
}

async function answers(port: number): Promise<void> {
  const end = performance.now() + START_MS;
  while (performance.now() < end) {
    const socket = connect(port, "127.0.0.1");
    const open = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await delay(50);
  }
  throw new Error(`Nothing is listening on port ${port}`);
}
