// One client among two thousand does not read: the throughput of the others, with and without it, alternating at one saturated
// server.
import type { Answer } from "../generator/tasks.ts";
import { medianOf } from "../quantiles.ts";
import type { Options } from "../options.ts";
import { prepare } from "./entrants.ts";
import { requireLinux } from "./pinned.ts";
import { keepResults, printTargets } from "./report.ts";
import { takeTurn, withGenerator } from "./turn.ts";

const READERS = 2000;
const PAIRS = 20;
const LOAD = { kind: "saturate", authors: 10, inFlight: 16 } as const;

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const pairs = rounds ?? (short ? 3 : PAIRS);
  const times = short ? { warmMs: 500, ms: 700 } : { warmMs: 1000, ms: 3000 };
  const [entrant] = await prepare(["forkChat"]);
  if (entrant === undefined) throw new Error("This server is not available");
  const samples = await withGenerator((generator) =>
    takeTurn(entrant, generator, READERS, async () => {
      const measured: { without: Answer; with: Answer }[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        const without = await generator.perform({ ...LOAD, ...times });
        await generator.perform({ kind: "stall" });
        measured.push({ without, with: await generator.perform({ ...LOAD, ...times }) });
        await generator.perform({ kind: "unstall" });
      }
      return measured;
    }),
  );
  const rate = ({ delivered, seconds }: Answer): number => delivered / seconds / 1000;
  const ratios = samples.map((sample) => rate(sample.with) / rate(sample.without));
  const last = samples.at(-1)?.with.cutOff ?? 0;
  console.log(
    `thousands of messages delivered per second: ${medianOf(samples.map(({ without }) => rate(without))).toFixed(0)} without, ` +
      `${medianOf(samples.map((sample) => rate(sample.with))).toFixed(0)} with one client that does not read; ` +
      `it was disconnected ${last} times`,
  );
  printTargets([
    { what: "with one that does not read, compared with none", value: medianOf(ratios), atLeast: 0.97 },
  ]);
  keepResults("slowReader", samples);
}
