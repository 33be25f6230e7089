// What each step of the fan-out gives: a frame for each client, one frame that all share, what a tick brings corked, and
// joined. Run by main.ts.
import type { Options } from "../options.ts";
import { Contest } from "./contest.ts";
import { prepare } from "./entrants.ts";
import { requireLinux } from "./pinned.ts";
import { keepResults, printTable } from "./report.ts";
import { takeTurn, withGenerator } from "./turn.ts";

const READERS = 500;
const LOADS = [
  { authors: 1, inFlight: 1 },
  { authors: 10, inFlight: 1 },
  { authors: 10, inFlight: 16 },
];
const ROUNDS = 5;

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const contest = new Contest(
    await prepare(["wsNaive", "rawShared", "rawCorked", "wsJoined", "rawJoined", "forkChat"]),
  );
  const times = short ? { warmMs: 300, ms: 500 } : { warmMs: 1000, ms: 3000 };
  await withGenerator((generator) =>
    contest.play(rounds ?? (short ? 1 : ROUNDS), (entrant) =>
      takeTurn(entrant, generator, READERS, async () => {
        const scores = [];
        for (const load of LOADS) {
          const answer = await generator.perform({ kind: "saturate", ...load, ...times });
          const value = answer.delivered / answer.seconds / 1000;
          scores.push({ measure: `${load.authors} x ${load.inFlight}`, value, answer });
        }
        return scores;
      }),
    ),
  );
  console.log(
    `${READERS} readers: thousands of messages delivered a second, in units of ws with one send each:`,
  );
  printTable(contest, "wsNaive", (value) => value.toFixed(0));
  keepResults("variants", contest.samples);
}
