// The server's CPU time per delivered message, from few readers to many: saturated, where ten messages are joined, and paced,
// where each goes out alone.
import type { Options } from "../options.ts";
import { Contest } from "./contest.ts";
import { prepare } from "./entrants.ts";
import { requireLinux } from "./pinned.ts";
import { keepResults, printTable, printTargets } from "./report.ts";
import { takeTurn, withGenerator } from "./turn.ts";

const READERS = [50, 500, 2000, 5000];
const FEWEST = 50;
const MOST = 5000;
const AUTHORS = 10;
/** Deliveries a second where the load is light. */
const PACE = 30_000;
const ROUNDS = 5;

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const contest = new Contest(
    await prepare(["forkChat", ...(short ? [] : (["ws", "bareSockets"] as const))]),
  );
  const ms = short ? 800 : 4000;
  await withGenerator(async (generator) => {
    for (const readers of short ? [FEWEST, MOST] : READERS) {
      await contest.play(rounds ?? (short ? 1 : ROUNDS), (entrant) =>
        takeTurn(entrant, generator, readers, async () => {
          const common = { authors: AUTHORS, warmMs: 500, ms };
          const saturated = await generator.perform({ kind: "saturate", inFlight: 1, ...common });
          const paced = await generator.perform({ kind: "pace", perSecond: PACE / readers, ...common });
          return [
            { measure: `${readers} saturated`, answer: saturated },
            { measure: `${readers} paced`, answer: paced },
          ].map(({ measure, answer }) => ({
            measure,
            value: (answer.serverSeconds / answer.delivered) * 1e6,
            answer,
          }));
        }),
      );
    }
  });
  console.log("microseconds of server CPU per delivered message, compared with Fork Chat:");
  printTable(contest, "forkChat", (value) => value.toFixed(2));
  const growth = (kind: string): number =>
    contest.median("forkChat", `${MOST} ${kind}`) / contest.median("forkChat", `${FEWEST} ${kind}`);
  printTargets([
    {
      what: `from ${FEWEST} to ${MOST} readers, saturated: growth`,
      value: growth("saturated"),
      atMost: 1.5,
    },
    { what: `from ${FEWEST} to ${MOST} readers, paced: growth`, value: growth("paced"), atMost: 1.5 },
  ]);
  keepResults("cost", contest.samples);
}
