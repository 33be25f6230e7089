// What it would give to share the sockets among two workers: bare sockets in one process against the same in two, with a
// third that puts the messages into one row. All on one core, so that what is compared is work: with a core for each
// process the busiest one would be the limit. Run by main.ts.
import type { Options } from "../options.ts";
import { Contest } from "./contest.ts";
import { prepare } from "./entrants.ts";
import { requireLinux } from "./pinned.ts";
import { keepResults, printTable } from "./report.ts";
import { takeTurn, withGenerator } from "./turn.ts";

const READERS = 2000;
/** Deliveries a second where each message goes out alone. */
const PACE = 60_000;
const ROUNDS = 5;

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const contest = new Contest(await prepare(["rawJoined", "twoWorkers"]));
  const times = short ? { warmMs: 500, ms: 800 } : { warmMs: 1000, ms: 4000 };
  await withGenerator((generator) =>
    contest.play(rounds ?? (short ? 1 : ROUNDS), (entrant) =>
      takeTurn(entrant, generator, READERS, async () => {
        const common = { authors: 10, ...times };
        const answers = {
          "each alone": await generator.perform({ kind: "pace", perSecond: PACE / READERS, ...common }),
          "10 x 16": await generator.perform({ kind: "saturate", inFlight: 16, ...common }),
        };
        return Object.entries(answers).flatMap(([load, answer]) => {
          const perSecond = (seconds: number): number => answer.delivered / seconds / 1000;
          return [
            { measure: `${load}, all work`, value: perSecond(answer.serverSeconds), answer },
            { measure: `${load}, busiest`, value: perSecond(answer.busiestSeconds), answer },
          ];
        });
      }),
    ),
  );
  console.log(`${READERS} readers: thousands of messages delivered for each second of processor time`);
  console.log("of all processes, and of the busiest one, in units of one process:");
  printTable(contest, "rawJoined", (value) => value.toFixed(0));
  keepResults("workers", contest.samples);
}
