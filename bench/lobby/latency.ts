// The latency that joining frames adds when there is nothing to join: from an author's write to a reader's read, at a fifth of
// a ws server's maximum rate.
import type { Options } from "../options.ts";
import { Contest, type Score } from "./contest.ts";
import { prepare, type Entrant, type EntrantName } from "./entrants.ts";
import type { LoadGenerator } from "./loadGenerator.ts";
import { requireLinux } from "./pinned.ts";
import { keepResults, printTable, printTargets } from "./report.ts";
import { takeTurn, withGenerator } from "./turn.ts";

const READERS = [50, 500];
const AUTHORS = 10;
const SHARE = 0.2;
const ROUNDS = 5;
/** V8 has compiled by then what a server runs for days: a server that does more is slower than others until that is done. */
const WARM_MS = 8_000;
const SHORT_WARM_MS = 1_000;

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const contest = new Contest(await prepare(["forkChat", "ws"]));
  const pace = short ? { warmMs: SHORT_WARM_MS, ms: 1500 } : { warmMs: WARM_MS, ms: 6000 };
  await withGenerator(async (generator) => {
    for (const readers of short ? READERS.slice(-1) : READERS) {
      const perSecond = SHARE * (await saturation(contest.entrants, generator, readers));
      console.log(`${readers} readers: ${perSecond.toFixed(0)} messages per second`);
      await contest.play(rounds ?? (short ? 1 : ROUNDS), (entrant) =>
        turn(entrant, generator, readers, { perSecond, ...pace }),
      );
    }
  });
  console.log("milliseconds, compared with ws:");
  printTable(contest, "ws", (value) => value.toFixed(3));
  printTargets(
    contest.measures().map((measure) => ({
      what: `${measure}, compared with ws`,
      value: contest.ratio("forkChat", "ws", measure),
      atMost: 1.1,
    })),
  );
  keepResults("latency", contest.samples);
}

/** Messages a second that the server of ws can pass on. */
async function saturation(
  entrants: readonly Entrant[],
  generator: LoadGenerator,
  readers: number,
): Promise<number> {
  const unit = entrants.find(({ name }) => name === ("ws" satisfies EntrantName));
  if (unit === undefined) throw new Error("The entrant ws is missing");
  const { delivered, seconds } = await takeTurn(unit, generator, readers, () =>
    generator.perform({ kind: "saturate", authors: AUTHORS, inFlight: 1, warmMs: 500, ms: 1500 }),
  );
  return delivered / seconds / readers;
}

function turn(
  entrant: Entrant,
  generator: LoadGenerator,
  readers: number,
  pace: { readonly perSecond: number; readonly warmMs: number; readonly ms: number },
): Promise<Score[]> {
  return takeTurn(entrant, generator, readers, async () => {
    const answer = await generator.perform({ kind: "pace", authors: AUTHORS, ...pace });
    const { median = Number.NaN, p99 = Number.NaN } = answer.latency ?? {};
    return [
      { measure: `${readers} readers, median`, value: median, answer },
      { measure: `${readers} readers, 99 %`, value: p99, answer },
    ];
  });
}
