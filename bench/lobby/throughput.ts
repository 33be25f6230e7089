// Saturated: the total number of messages delivered per second at the server's maximum. All clients read. Some write, each with
// a fixed number of messages in flight.
import { fileURLToPath } from "node:url";
import { launchChromium } from "../../test/vscode/driver/vscodeBrowser.ts";
import type { Options } from "../options.ts";
import { Contest, type Score } from "./contest.ts";
import { drawThroughput, HEIGHT, WIDTH } from "./chart.ts";
import { prepare, type Entrant, type EntrantName } from "./entrants.ts";
import type { LoadGenerator } from "./loadGenerator.ts";
import { keepResults, printTable, printTargets } from "./report.ts";
import { requireLinux } from "./pinned.ts";
import { takeTurn, withGenerator } from "./turn.ts";

type Scenario = { readonly authors: number; readonly inFlight: number };

const TEN: Scenario = { authors: 10, inFlight: 1 };
const FULL: readonly Scenario[] = [{ authors: 1, inFlight: 16 }, TEN, { authors: 10, inFlight: 16 }];

/** The scenarios for each number of readers. The chart shows ten authors at all of them. */
const PROGRAM: readonly { readonly readers: number; readonly scenarios: readonly Scenario[] }[] = [
  { readers: 50, scenarios: [TEN] },
  { readers: 200, scenarios: [TEN] },
  { readers: 500, scenarios: FULL },
  { readers: 1000, scenarios: [TEN] },
  { readers: 2000, scenarios: FULL },
];
const SHORT_PROGRAM = [{ readers: 500, scenarios: [TEN, { authors: 10, inFlight: 16 }] }];

const ALL: readonly EntrantName[] = ["forkChat", "ws", "bareSockets", "socketIo", "bun", "nats"];
const SHORT: readonly EntrantName[] = ["forkChat", "ws", "bareSockets", "socketIo", "bun"];

const ROUNDS = 5;

export async function run({ short, rounds }: Options): Promise<void> {
  requireLinux();
  const contest = new Contest(await prepare(short ? SHORT : ALL));
  await withGenerator(async (generator) => {
    for (const { readers, scenarios } of short ? SHORT_PROGRAM : PROGRAM) {
      const times = short ? { warmMs: 400, ms: 1000 } : { warmMs: 1000, ms: 3000 };
      await contest.play(rounds ?? (short ? 1 : ROUNDS), (entrant) =>
        turn(entrant, generator, readers, scenarios, times),
      );
    }
  });
  console.log("thousands of messages delivered per second, compared with ws:");
  printTable(contest, "ws", (value) => value.toFixed(0));
  printTargets(targets(contest));
  keepResults("throughput", contest.samples);
  if (!short) await draw(contest);
}

const PICTURE = fileURLToPath(new URL("../../docs/images/throughput.png", import.meta.url));

async function draw(contest: Contest): Promise<void> {
  const lines = contest.entrants.map(({ name, label }) => ({
    label,
    isOwn: name === "forkChat",
    points: PROGRAM.map(({ readers }) => ({
      readers,
      perSecond: 1000 * contest.median(name, measureOf(readers, TEN)),
    })).filter(({ perSecond }) => perSecond > 0),
  }));
  await savePicture(drawThroughput(lines, "Messages delivered a second, ten people speaking, one core"));
  console.log(`drawn: ${PICTURE}`);
}

/** As pixels: a package's README may show no SVG. */
async function savePicture(svg: string): Promise<void> {
  const browser = await launchChromium();
  try {
    const viewport = { width: WIDTH, height: HEIGHT };
    const page = await browser.newPage({ viewport, deviceScaleFactor: 2 });
    await page.setContent(`<body style="margin: 0; background: white">${svg}</body>`);
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}

function turn(
  entrant: Entrant,
  generator: LoadGenerator,
  readers: number,
  scenarios: readonly Scenario[],
  times: { readonly warmMs: number; readonly ms: number },
): Promise<Score[]> {
  return takeTurn(entrant, generator, readers, async () => {
    const scores: Score[] = [];
    for (const scenario of scenarios) {
      const answer = await generator.perform({ kind: "saturate", ...scenario, ...times });
      const value = answer.delivered / answer.seconds / 1000;
      scores.push({ measure: measureOf(readers, scenario), value, answer });
    }
    return scores;
  });
}

/** Readers, authors and messages in flight of each. */
function measureOf(readers: number, { authors, inFlight }: Scenario): string {
  return `${readers} < ${authors} x ${inFlight}`;
}

function targets(contest: Contest) {
  const at = (readers: number, inFlight: number) => measureOf(readers, { authors: 10, inFlight });
  const ratio = (other: EntrantName, measure: string) => contest.ratio("forkChat", other, measure);
  return [
    { what: "2,000 readers, compared with Socket.IO", value: ratio("socketIo", at(2000, 1)), atLeast: 12 },
    {
      what: "2,000 readers, compared with bare sockets",
      value: ratio("bareSockets", at(2000, 1)),
      atLeast: 0.9,
    },
    {
      what: "500 readers, compared with bare sockets",
      value: ratio("bareSockets", at(500, 1)),
      atLeast: 0.85,
    },
    { what: "2,000 readers, compared with Bun", value: ratio("bun", at(2000, 1)), atLeast: 1 },
    { what: "500 readers, 16 in flight, compared with Bun", value: ratio("bun", at(500, 16)), atLeast: 1.5 },
  ];
}
