// Five thousand clients join as fast as they can, compared with a ws server that only accepts them; and whether the last ones
// cost more than the first.
import type { Options } from "../options.ts";
import { Contest } from "./contest.ts";
import { prepare } from "./entrants.ts";
import { requireLinux } from "./pinned.ts";
import { keepResults, printTable, printTargets } from "./report.ts";
import { withGenerator } from "./turn.ts";

const CLIENTS = 5000;
const SHORT_CLIENTS = 2000;
/** On their way at a time: fewer than connections may wait to be accepted. */
const AT_ONCE = 1000;
const ROUNDS = 7;

const SECONDS = "seconds";
const PROCESSOR = "processor seconds";
const FIRST = "us each, first fifth";
const LAST = "us each, last fifth";

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const clients = short ? SHORT_CLIENTS : CLIENTS;
  const contest = new Contest(await prepare(["forkChat", "ws"]));
  await withGenerator(async (generator) => {
    await contest.play(rounds ?? (short ? 1 : ROUNDS), async (entrant) => {
      const { server, stop } = await entrant.start();
      try {
        const answer = await generator.open(server, clients, AT_ONCE);
        const { fifths = [] } = answer;
        const each = (fifth: number): number =>
          (((fifths[fifth] ?? Number.NaN) - (fifths[fifth - 1] ?? 0)) / (clients / 5)) * 1e6;
        return [
          { measure: SECONDS, value: answer.seconds, answer },
          { measure: PROCESSOR, value: answer.serverSeconds, answer },
          { measure: FIRST, value: each(0), answer },
          { measure: LAST, value: each(4), answer },
        ];
      } finally {
        await generator.perform({ kind: "close" });
        await stop();
      }
    });
  });
  console.log(`${clients} clients join, compared with ws that only accepts them:`);
  printTable(contest, "ws", (value) => value.toFixed(value < 10 ? 2 : 0));
  printTargets([
    {
      what: "time until all have joined, compared with ws",
      value: contest.ratio("forkChat", "ws", SECONDS),
      atMost: 3,
    },
  ]);
  keepResults("joins", contest.samples);
}
