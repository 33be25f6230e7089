// How sent lines of code are found again: wrong answers and answered ones over changed files (counts), and the time for files of
// 500, 5,000 and 20,000 lines, compared with a plain line diff of the same two files. Times are CPU time of the whole process,
// which other load on the machine does not change much.
import { diffArrays } from "diff";
import { linesOf } from "../extension/core/code/lines.ts";
import { locate } from "../extension/core/code/locate.ts";
import { lineHasher } from "../extension/host/code/codeHashes.ts";
import { mutate } from "../test/support/lineMutations.ts";
import { runTrial, sourceFiles, wantedFrom } from "../test/support/lineTrials.ts";
import { seededRandom } from "../test/support/seededRandom.ts";
import { keepResults, printTargets } from "./lobby/report.ts";
import { medianOf, p95Of } from "./quantiles.ts";
import type { Options } from "./options.ts";

/** Different from those that the tests use. */
const SEED = 20_261_129;
const SIZES = [500, 5_000, 20_000];
const MOST_MS = 300;

/** The library needs minutes for files that differ much. */
const MOST_DIFF_MS = 2_000;

export function run({ short, rounds }: Options): Promise<void> {
  const files = sourceFiles();
  const sources = files.map(({ text }) => linesOf(text));
  const trials = short ? 500 : 10_000;
  const counts = { base: { answered: 0, all: 0 }, content: { answered: 0, all: 0 }, wrong: 0 };
  for (let i = 0; i < trials; i += 1) {
    const { answers, isSingle } = runTrial(files, sources, SEED + i);
    for (const { hasBase, verdict } of answers) {
      if (verdict === "wrong") counts.wrong += 1;
      if (!isSingle) continue;
      const share = hasBase ? counts.base : counts.content;
      share.all += 1;
      if (verdict === "right") share.answered += 1;
    }
  }
  const times = SIZES.map((size) => timesFor(size, sources, rounds ?? (short ? 10 : 60)));
  for (const { size, base, content, diff } of times)
    console.log(
      `${String(size).padStart(6)} lines: with the base ${cell(base, diff)}, without ${cell(content, diff)}`,
    );
  const [largest] = times.slice(-1);
  printTargets([
    { what: `wrong answers in ${trials} changed files`, value: counts.wrong, atMost: 0 },
    { what: "answered with the base", value: counts.base.answered / counts.base.all, atLeast: 0.95 },
    { what: "answered without", value: counts.content.answered / counts.content.all, atLeast: 0.8 },
    { what: "ms at 20,000 lines with the base (p95)", value: p95Of(largest?.base ?? []), atMost: MOST_MS },
    { what: "ms at 20,000 lines without (p95)", value: p95Of(largest?.content ?? []), atMost: MOST_MS },
  ]);
  keepResults("codeMatching", { counts, times });
  return Promise.resolve();
}

type Times = {
  readonly size: number;
  readonly base: number[];
  readonly content: number[];
  readonly diff: number[];
};

function timesFor(size: number, sources: readonly (readonly string[])[], rounds: number): Times {
  const all = sources.flat();
  const text = Array.from({ length: size }, (_, i) => all[i % all.length] ?? "").join("\n");
  const times: Times = { size, base: [], content: [], diff: [] };
  for (let round = 0; round < rounds; round += 1) {
    const { base, range, target } = mutate(text, sources, 1 + (round % 3), seededRandom(SEED + round));
    const wanted = wantedFrom(base, range, lineHasher(String(round)));
    const timed = (kind: "base" | "content" | "diff", work: () => void): void => {
      const start = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(start);
      times[kind].push((user + system) / 1_000);
    };
    timed("base", () => locate(wanted, range, target, { lines: base, range }, lineHasher(String(round))));
    timed("content", () => locate(wanted, range, target, null, lineHasher(String(round))));
    timed("diff", () => diffArrays([...base], [...target], { timeout: MOST_DIFF_MS }));
  }
  return times;
}

function cell(values: readonly number[], reference: readonly number[]): string {
  const ratio = medianOf(values) / medianOf(reference);
  return `${medianOf(values).toFixed(0)} ms (p95 ${p95Of(values).toFixed(0)} ms), ${ratio.toFixed(2)} of a diff`;
}
