// Ten thousand connected, silent clients: the memory per client, and the CPU time to keep them alive.
import { limits } from "../../protocol/limits.ts";
import type { Options } from "../options.ts";
import { Contest, type Score } from "./contest.ts";
import { prepare, type Entrant } from "./entrants.ts";
import type { LoadGenerator } from "./loadGenerator.ts";
import { requireLinux } from "./pinned.ts";
import { memoryOf, memoryTeller } from "./serverMemory.ts";
import { keepResults, printTable, printTargets } from "./report.ts";
import { withGenerator } from "./turn.ts";

const CLIENTS = 10_000;
const SHORT_CLIENTS = 2_000;
const ROUNDS = 3;
const HEARTBEATS = 2;
const SETTLE_MS = 10_000;

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const clients = short ? SHORT_CLIENTS : CLIENTS;
  const contest = new Contest(await prepare(["forkChat", "ws"]));
  const preload = await memoryTeller();
  await withGenerator((generator) =>
    contest.play(rounds ?? (short ? 1 : ROUNDS), (entrant) =>
      turn(entrant, generator, clients, preload, (short ? 0.25 : HEARTBEATS) * limits.heartbeatMs),
    ),
  );
  console.log(`${clients} clients, compared with ws:`);
  printTable(contest, "ws", (value) => value.toFixed(2));
  const ratio = (measure: string) => contest.ratio("forkChat", "ws", measure);
  printTargets([
    { what: "memory, compared with ws", value: ratio(RESIDENT), atMost: 1.5 },
    { what: "JavaScript objects, compared with ws", value: ratio(OBJECTS), atMost: 1.5 },
    {
      what: `heartbeats of ${CLIENTS} clients, in % of a core`,
      value: (contest.median("forkChat", HEARTBEAT) * CLIENTS) / clients,
      atMost: 2,
    },
  ]);
  keepResults("idle", contest.samples);
}

const RESIDENT = "KB resident each";
const JUST_IN = "KB just after joining";
const OBJECTS = "KB in objects each";
const HEARTBEAT = "% of a core, idle";

async function turn(
  entrant: Entrant,
  generator: LoadGenerator,
  clients: number,
  preload: string,
  restMs: number,
): Promise<Score[]> {
  const running = await entrant.start(preload);
  try {
    // Whatever is made once is there with the first client.
    await generator.open(running.server, 1);
    const before = await memoryOf(running);
    const opened = await generator.open(running.server, clients);
    const busy = await memoryOf(running);
    // Cleaning up after ten thousand joins is not part of the heartbeat, and V8 returns freed memory a moment later.
    await generator.perform({ kind: "rest", ms: Math.min(SETTLE_MS, restMs) });
    const after = await memoryOf(running);
    const rested = await generator.perform({ kind: "rest", ms: restMs });
    const each = (bytes: number): number => bytes / clients / 1024;
    return [
      { measure: RESIDENT, value: each(after.rss - before.rss), answer: opened },
      { measure: JUST_IN, value: each(busy.rss - before.rss), answer: opened },
      { measure: OBJECTS, value: each(after.heapUsed - before.heapUsed), answer: opened },
      { measure: HEARTBEAT, value: (100 * rested.serverSeconds) / rested.seconds, answer: rested },
    ];
  } finally {
    await generator.perform({ kind: "close" });
    await running.stop();
  }
}
