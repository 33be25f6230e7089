// Who takes part: this project's server, and each peer that can be had on this machine. Every one is started anew for
// each round, on a free port of loopback.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ProcessTree } from "../../scripts/processTree.ts";
import type { Server } from "../generator/tasks.ts";
import { cores, has, startPinned } from "./pinned.ts";
import { bundle, bunProgram, ensurePeerPackages } from "./programs.ts";

export type Running = {
  readonly server: Server;
  readonly child: ChildProcess;
  readonly stop: () => Promise<void>;
};

export type Entrant = {
  readonly name: EntrantName;
  /** What it stands for in the picture. */
  readonly label: string;
  /** @param preload a bundle that Node loads before the program */
  readonly start: (preload?: string) => Promise<Running>;
};

export type EntrantName =
  | "forkChat"
  | "wsNaive"
  | "wsJoined"
  | "rawShared"
  | "rawCorked"
  | "rawJoined"
  | "rawTurns"
  | "twoWorkers"
  | "socketIo"
  | "bun"
  | "nats"
  | "mosquitto"
  | "ngircd";

type Definition = { readonly label: string; readonly prepare: () => Promise<Entrant["start"] | string> };

const START_MS = 15_000;

const definitions: Readonly<Record<EntrantName, Definition>> = {
  forkChat: {
    label: "Fork Chat",
    prepare: async () => node(await bundle("bench/lobby/openServer.ts"), "forkChat"),
  },
  wsNaive: {
    label: "ws, one send per client",
    prepare: async () => node(await bundle("bench/peers/wsNaive.ts"), "webSocket"),
  },
  wsJoined: {
    label: "ws, joined per tick",
    prepare: async () => node(await bundle("bench/peers/wsJoined.ts"), "webSocket"),
  },
  rawShared: {
    label: "bare sockets, a write per message",
    prepare: async () => node(await bundle("bench/peers/rawShared.ts"), "webSocket"),
  },
  rawCorked: {
    label: "bare sockets, corked per tick",
    prepare: async () => node(await bundle("bench/peers/rawCorked.ts"), "webSocket"),
  },
  rawJoined: {
    label: "bare sockets, joined per tick",
    prepare: async () => node(await bundle("bench/peers/rawJoined.ts"), "webSocket"),
  },
  rawTurns: {
    label: "bare sockets, taking turns",
    prepare: async () => node(await bundle("bench/peers/rawTurns.ts"), "webSocket"),
  },
  twoWorkers: {
    label: "bare sockets in two workers",
    prepare: async () => node(await bundle("bench/peers/twoWorkers.ts"), "webSocket"),
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
      const program = await bunProgram();
      if (program === undefined) return "npm has no Bun that runs here";
      const script = await bundle("bench/peers/bun.ts");
      return () => startAnnouncing(program, [script], "webSocket");
    },
  },
  nats: {
    label: "nats-server",
    prepare: () => installed("nats-server", "nats", (port) => ["-a", "127.0.0.1", "-p", String(port)]),
  },
  mosquitto: {
    label: "mosquitto",
    prepare: () =>
      installed(
        "mosquitto",
        "mqtt",
        (_, file) => ["-c", file],
        (port) => `listener ${port} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\n`,
      ),
  },
  ngircd: {
    label: "ngircd",
    prepare: () => installed("ngircd", "irc", (_, file) => ["-n", "-f", file], ircConfiguration),
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
async function startAnnouncing(
  command: string,
  args: readonly string[],
  dialect: Server["dialect"],
): Promise<Running> {
  const tree = await startPinned(cores.server, command, args, { stdio: ["ignore", "pipe", "pipe"] });
  // What a server logs is read, for the life of it, and not looked at.
  tree.child.stderr?.resume();
  let output = "";
  while (!output.includes("\n")) {
    const data = once(tree.child.stdout ?? tree.child, "data", { signal: AbortSignal.timeout(START_MS) });
    const [chunk] = (await Promise.race([data, tree.ended.then(() => [""])])) as [Buffer | string];
    if (chunk.length === 0) throw new Error(`${command} ${args.join(" ")} ended before it was ready`);
    output += chunk.toString();
  }
  const [, port, others = ""] = /:(\d+)(?: with ([\d ]+))?\n/.exec(output) ?? [];
  return running(tree, dialect, Number(port), others.split(" ").filter(Boolean).map(Number));
}

/** A server of the system's, when it is there; `configure` makes the file that it reads. */
function installed(
  program: string,
  dialect: Server["dialect"],
  args: (port: number, file: string) => readonly string[],
  configure: (port: number) => string = () => "",
): Promise<Entrant["start"] | string> {
  if (!has(program)) return Promise.resolve(`${program} is not installed`);
  return Promise.resolve(async () => {
    const folder = await mkdtemp(join(tmpdir(), "bench-"));
    const file = join(folder, "configuration");
    const port = await freePort();
    await writeFile(file, configure(port));
    const tree = await startPinned(cores.server, program, args(port, file), { stdio: "ignore" });
    await answers(port);
    const started = running(tree, dialect, port);
    return {
      ...started,
      stop: async () => {
        await started.stop();
        await rm(folder, { recursive: true });
      },
    };
  });
}

function running(
  tree: ProcessTree,
  dialect: Server["dialect"],
  port: number,
  others: readonly number[] = [],
): Running {
  const { pid } = tree.child;
  if (pid === undefined) throw new Error("The server has no process id");
  return { server: { dialect, port, pids: [pid, ...others] }, child: tree.child, stop: () => tree.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("There is no free port");
  return address.port;
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
  throw new Error(`Nothing answers at port ${port}`);
}

function ircConfiguration(port: number): string {
  return [
    "[Global]",
    ...["Name = irc.bench", "Info = bench", "Listen = 127.0.0.1", `Ports = ${port}`],
    "[Limits]",
    ...[
      "MaxConnections = 0",
      "MaxConnectionsIP = 0",
      "MaxJoins = 0",
      "MaxPenaltyTime = 0",
      "PingTimeout = 3600",
    ],
    "[Options]",
    ...["DNS = no", "Ident = no", "PAM = no", "SyslogFacility = local1"],
    "",
  ].join("\n");
}
