// What it costs to share a lobby: a server of two against one alone, in processor time for each delivered message and in the
// time until an author has the acknowledgement; and how soon clients are back when their server is stopped or killed.
import { ClusterServers } from "../test/support/clusterServers.ts";
import type { Answer } from "./generator/tasks.ts";
import { startAnnouncing, type Running } from "./lobby/entrants.ts";
import type { LoadGenerator } from "./lobby/loadGenerator.ts";
import { requireLinux } from "./lobby/pinned.ts";
import { processSeconds } from "./lobby/procfs.ts";
import { buildServer, bundle } from "./lobby/programs.ts";
import { keepResults, printTargets, type Target } from "./lobby/report.ts";
import { withGenerator } from "./lobby/turn.ts";
import type { Options } from "./options.ts";
import { medianOf } from "./quantiles.ts";

type Kind = "alone" | "of two";

/** Of each server. */
const READERS = [50, 500];
const ROUNDS = 5;
const PER_SECOND = 100;
const WARM_MS = 2_000;
/** Cores that other processes use at most for a result that counts. */
const DISTURBED = 0.1;
const MS = 5_000;

/**
 * With both servers there are as many messages and authors as with one. A server reads an author's next message when it has
 * answered the one before, so a few authors could not saturate it.
 */
const LOADS = [
  { name: "paced", task: { kind: "pace", perSecond: PER_SECOND } },
  { name: "busy", task: { kind: "pace", perSecond: 10 * PER_SECOND } },
  { name: "saturated", task: { kind: "saturate", inFlight: 1 } },
] as const;
type Load = (typeof LOADS)[number];

/** Clients of the server that is stopped, and of the one that is killed, and of the other server. */
const CLIENTS = { stopped: 2_000, killed: 5_000, watching: 100 };
/** Until all have been noticed that stay away: the engine's lease is 5 s, and a server stops within 12. */
const NOTICED_MS = { stopped: 20_000, killed: 15_000 };

export async function run({ rounds = ROUNDS }: Options): Promise<void> {
  requireLinux();
  const samples = new Map<string, Sample[]>();
  const note: Note = (measure, value, isDisturbed = false) => {
    samples.set(measure, [...(samples.get(measure) ?? []), { value, isDisturbed }]);
  };
  const open = await bundle("bench/lobby/openServer.ts");
  for (const readers of READERS) {
    for (let round = 0; round < rounds; round++) {
      await alone(open, readers, note);
      await together(open, readers, note);
    }
  }
  const built = await buildServer();
  for (let round = 0; round < rounds; round++) {
    await leave(built, "stopped", note);
    await leave(built, "killed", note);
  }
  const median = (measure: string): number => {
    const all = samples.get(measure) ?? [];
    const clean = all.filter(({ isDisturbed }) => !isDisturbed);
    return medianOf((clean.length > 0 ? clean : all).map(({ value }) => value));
  };
  for (const [measure, all] of samples) {
    const values = all.map(({ value, isDisturbed }) => value.toFixed(2) + (isDisturbed ? "?" : ""));
    console.log(`${measure.padEnd(46)} ${median(measure).toFixed(2).padStart(9)}   ${values.join("  ")}`);
  }
  if ([...samples.values()].flat().some(({ isDisturbed }) => isDisturbed)) {
    console.log("? disturbed by other load: does not count if there is another");
  }
  printTargets(targets(median));
  keepResults("cluster", Object.fromEntries(samples));
}

type Sample = { readonly value: number; readonly isDisturbed: boolean };
type Note = (measure: string, value: number, isDisturbed?: boolean) => void;

async function alone(program: string, readers: number, note: Note): Promise<void> {
  const running = await startAnnouncing(process.execPath, [program], "forkChat");
  await withGenerator(async (generator) => {
    await generator.open(running.server, readers);
    for (const load of LOADS)
      noteCost(note, readers, load, "alone", [await play(generator, load, readers, 1)], 0);
    await generator.perform({ kind: "close" });
  });
  await running.stop();
}

async function together(program: string, readers: number, note: Note): Promise<void> {
  await withNodes(program, [], async ([one, other], engineSeconds) => {
    await withGenerator(async (a) => {
      await withGenerator(async (b) => {
        await a.open(one.server, readers);
        await b.open(other.server, readers, undefined, readers);
        for (const load of LOADS) {
          const before = engineSeconds();
          const answers = await Promise.all([a, b].map((generator) => play(generator, load, readers, 2)));
          // It has worked before the measurement, too.
          const engine = ((engineSeconds() - before) * MS) / (MS + WARM_MS);
          const isDisturbed = noteCost(note, readers, load, "of two", answers, engine);
          const messages = sumOf(answers, ({ delivered }) => delivered) / 2 / readers;
          const measure = `${readers} readers, ${load.name}, the engine: us a message`;
          note(measure, (engine / messages) * 1e6, isDisturbed);
        }
        for (const generator of [a, b]) await generator.perform({ kind: "close" });
      });
    });
  });
}

/** @param servers of the lobby: each gets its part of the messages */
function play(generator: LoadGenerator, { task }: Load, readers: number, servers: number): Promise<Answer> {
  const common = { warmMs: WARM_MS, ms: MS, authors: readers / servers };
  if (task.kind === "saturate") return generator.perform({ ...task, ...common });
  return generator.perform({ ...task, ...common, perSecond: task.perSecond / servers });
}

function sumOf(answers: readonly Answer[], valueOf: (answer: Answer) => number): number {
  return answers.reduce((sum, answer) => sum + valueOf(answer), 0);
}

/** @param engine its processor time, in seconds. Returns whether other processes had a part in the result. */
function noteCost(
  note: Note,
  readers: number,
  { name }: Load,
  kind: Kind,
  answers: readonly Answer[],
  engine: number,
): boolean {
  const mean = (valueOf: (answer: Answer) => number): number => sumOf(answers, valueOf) / answers.length;
  const known = sumOf(answers, ({ serverSeconds, generatorSeconds }) => serverSeconds + generatorSeconds);
  const seconds = mean((answer) => answer.seconds);
  const all = mean((answer) => answer.serverSeconds + answer.generatorSeconds + answer.otherSeconds);
  const others = (all - known - engine) / seconds;
  const isDisturbed = others > DISTURBED;
  const measure = `${readers} readers, ${name}, ${kind}`;
  const tell = (what: string, value: number): void => note(`${measure}: ${what}`, value, isDisturbed);
  tell(
    "us",
    mean(({ serverSeconds, delivered }) => (serverSeconds / delivered) * 1e6),
  );
  tell(
    "messages/s",
    mean(({ delivered }) => delivered / readers / seconds),
  );
  tell("cores of other load", others);
  if (name === "paced") {
    tell(
      "ack p50, ms",
      mean(({ acknowledged }) => acknowledged?.median ?? Number.NaN),
    );
    tell(
      "ack p99, ms",
      mean(({ acknowledged }) => acknowledged?.p99 ?? Number.NaN),
    );
  }
  return isDisturbed;
}

/** All clients of one of two servers are sent away, or lose it, and join at the other one. */
async function leave(program: string, how: "stopped" | "killed", note: Note): Promise<void> {
  const places = ["--clients-per-address", "16384"];
  await withNodes(program, places, async ([one, other]) => {
    await withGenerator(async (moving) => {
      await withGenerator(async (watching) => {
        await moving.open(one.server, CLIENTS[how]);
        await watching.open(other.server, CLIENTS.watching, undefined, CLIENTS[how]);
        const before = processSeconds(other.server.pid);
        const back = moving.perform({ kind: "rejoin", ports: [other.server.port] });
        const watched = watching.perform({ kind: "rest", ms: NOTICED_MS[how] });
        process.kill(one.server.pid, how === "stopped" ? "SIGTERM" : "SIGKILL");
        const [answer, { left = Number.NaN }] = await Promise.all([back, watched]);
        note(`${how}: back, p50, s`, (answer.back?.median ?? Number.NaN) / 1000);
        note(`${how}: back, p99, s`, (answer.back?.p99 ?? Number.NaN) / 1000);
        note(`${how}: processor seconds of the other server`, processSeconds(other.server.pid) - before);
        note(`${how}: processor seconds of the clients`, answer.generatorSeconds);
        note(`${how}: notices of people who left`, left);
        for (const generator of [moving, watching]) await generator.perform({ kind: "close" });
      });
    });
  });
}

/** Runs two servers with one lobby, over an engine of one member, for a while. */
async function withNodes(
  program: string,
  options: readonly string[],
  use: (nodes: readonly [Running, Running], engineSeconds: () => number) => Promise<void>,
): Promise<void> {
  const cluster = await ClusterServers.prepare({ syncs: true });
  const running: Running[] = [];
  const start = async (): Promise<Running> => {
    const args = [program, "--port", "0", ...options, ...(await cluster.arguments())];
    const node = await startAnnouncing(process.execPath, args, "forkChat");
    running.push(node);
    return node;
  };
  try {
    await use([await start(), await start()], () =>
      cluster.engine.members.reduce((sum, { pid }) => sum + processSeconds(pid), 0),
    );
  } finally {
    await Promise.all(running.map((node) => node.stop()));
    await cluster.stop();
  }
}

function targets(median: (measure: string) => number): Target[] {
  const costs = READERS.flatMap((readers) =>
    LOADS.map(({ name }) => {
      const of = (kind: Kind): number => median(`${readers} readers, ${name}, ${kind}: us`);
      return {
        what: `${readers} readers, ${name}: CPU for each delivered message, compared with alone`,
        value: of("of two") / of("alone"),
        atMost: readers < 500 ? 1.5 : 1.1,
      };
    }),
  );
  const delays = READERS.flatMap((readers) =>
    [
      { quantile: "p50", atMost: 3 },
      { quantile: "p99", atMost: 25 },
    ].map(({ quantile, atMost }) => {
      const of = (kind: Kind): number => median(`${readers} readers, paced, ${kind}: ack ${quantile}, ms`);
      return {
        what: `${readers} readers: milliseconds until the acknowledgement, more than alone, ${quantile}`,
        value: of("of two") - of("alone"),
        atMost,
      };
    }),
  );
  return [
    ...costs,
    ...delays,
    {
      what: `${CLIENTS.stopped} clients of a stopped server back, p99, s`,
      value: median("stopped: back, p99, s"),
      atMost: 12,
    },
    {
      what: "notices that one of them left",
      value: median("stopped: notices of people who left"),
      atMost: 0,
    },
    {
      what: `${CLIENTS.killed} clients of a killed server back, p99, s`,
      value: median("killed: back, p99, s"),
      atMost: 5,
    },
    { what: "notices that one of them left", value: median("killed: notices of people who left"), atMost: 0 },
  ];
}
