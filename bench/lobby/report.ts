// The report of a measurement: a table of medians and ratios, whether its targets are met, and a file with all samples.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release } from "node:os";
import { fileURLToPath } from "node:url";
import type { Contest } from "./contest.ts";
import type { EntrantName } from "./entrants.ts";

const FOLDER = fileURLToPath(new URL("../../.cache/bench/results/", import.meta.url));

export type Target = {
  readonly what: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
};

/** Prints a row for each entrant: the median of each measure, and how many times that of `reference` it is. */
export function printTable(
  contest: Contest,
  reference: EntrantName,
  format: (value: number) => string,
): void {
  const measures = contest.measures();
  console.log(["".padEnd(30), ...measures.map((measure) => measure.padStart(24))].join(""));
  for (const { name, label } of contest.entrants) {
    const cells = measures.map((measure) => {
      const median = contest.median(name, measure);
      if (Number.isNaN(median)) return "–".padStart(24);
      const ratio = `${contest.ratio(name, reference, measure).toFixed(2)} x`;
      const mark = contest.isDisturbed(name, measure) ? "?" : contest.isLimited(name, measure) ? "*" : " ";
      return `${format(median)}${mark} ${ratio.padStart(8)}`.padStart(24);
    });
    console.log([label.padEnd(30), ...cells].join(""));
  }
  const all = contest.entrants.flatMap(({ name }) => measures.map((measure) => ({ name, measure })));
  if (all.some(({ name, measure }) => contest.isLimited(name, measure)))
    console.log("* the load generator was the limit");
  if (all.some(({ name, measure }) => contest.isDisturbed(name, measure)))
    console.log("? every round was disturbed by other load");
}

export function printTargets(targets: readonly Target[]): void {
  for (const { what, value, atLeast, atMost } of targets) {
    if (Number.isNaN(value)) continue;
    const met = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
    const bound = atLeast === undefined ? `at most ${String(atMost)}` : `at least ${atLeast}`;
    console.log(`${met ? "met   " : "MISSED"} ${what}: ${value.toFixed(2)} (target: ${bound})`);
  }
}

/** Keeps everything that a part has measured; its path is printed. */
export function keepResults(part: string, results: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  const path = `${FOLDER}${part}.json`;
  const [cpu] = cpus();
  const machine = { cpu: cpu?.model.trim(), cores: cpus().length, system: release(), node: process.version };
  writeFileSync(
    path,
    `${JSON.stringify({ part, at: new Date().toISOString(), machine, results }, undefined, 1)}\n`,
  );
  console.log(`everything measured: ${path}`);
}
