// `npm run bench [PART…] [-- --short] [--rounds N] [--minutes N]`: runs the named measurements in sequence, or all of them.
// Short and without names: those that together take less than two minutes. `attack` has two more options: `--attack WORD`
// selects attacks by a word in their names, and `--before COMMIT` also attacks that commit. `files` has `--mebibytes N`.
import { parseArgs } from "node:util";
import { run as activation } from "./activation.ts";
import { run as attack } from "./attack/run.ts";
import { run as cluster } from "./cluster.ts";
import { run as codeMatching } from "./codeMatching.ts";
import { run as files } from "./files/files.ts";
import { run as fileLinks } from "./fileLinks.ts";
import { run as fork } from "./fork.ts";
import { run as cost } from "./lobby/cost.ts";
import { run as idle } from "./lobby/idle.ts";
import { run as joins } from "./lobby/joins.ts";
import { run as latency } from "./lobby/latency.ts";
import { run as memory } from "./lobby/memory.ts";
import { run as slowReader } from "./lobby/slowReader.ts";
import { run as throughput } from "./lobby/throughput.ts";
import { run as openLines } from "./openLines.ts";
import type { Options } from "./options.ts";
import { run as panel } from "./panel.ts";
import { run as session } from "./session.ts";
import { run as slowTexts } from "./slowTexts.ts";
import { run as window } from "./window.ts";

type Part = {
  readonly run: (options: Options) => Promise<void>;
  /** Omitted when all parts are short. */
  readonly long?: true;
};

const parts: Record<string, Part> = {
  fork: { run: fork },
  session: { run: session },
  panel: { run: panel, long: true },
  fileLinks: { run: fileLinks },
  files: { run: files, long: true },
  slowTexts: { run: slowTexts, long: true },
  throughput: { run: throughput },
  latency: { run: latency },
  codeMatching: { run: codeMatching },
  cost: { run: cost, long: true },
  cluster: { run: cluster, long: true },
  idle: { run: idle },
  joins: { run: joins },
  slowReader: { run: slowReader },
  memory: { run: memory, long: true },
  window: { run: window, long: true },
  openLines: { run: openLines, long: true },
  attack: { run: attack, long: true },
  activation: { run: activation, long: true },
};

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: "boolean", default: false },
    rounds: { type: "string" },
    minutes: { type: "string", default: "10" },
    before: { type: "string" },
    attack: { type: "string" },
    mebibytes: { type: "string" },
  },
});
const options: Options = {
  short: values.short,
  rounds: values.rounds === undefined ? undefined : Number(values.rounds),
  minutes: Number(values.minutes),
  before: values.before,
  attack: values.attack,
  mebibytes: values.mebibytes === undefined ? undefined : Number(values.mebibytes),
};
const unknown = names.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`No such part: ${unknown.join(", ")}. The parts are: ${Object.keys(parts).join(", ")}`);
  process.exit(2);
}
for (const [name, { run, long }] of Object.entries(parts)) {
  if (names.length > 0 ? !names.includes(name) : options.short && long === true) continue;
  console.log(`\n== ${name}`);
  await run(options);
}
