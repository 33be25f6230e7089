// How long the search for places in files takes in messages of the largest size that are full of what almost is one, as CPU
// time. The counts that the tests hold do not depend on the machine: test/unit/protocol/findReferences.test.ts.
import { findReferences } from "../protocol/findReferences.ts";
import { limits } from "../protocol/limits.ts";
import { almostLinks } from "../test/support/almostLinks.ts";
import { toolOutput } from "../test/support/toolOutput.ts";
import { keepResults, printTargets } from "./lobby/report.ts";
import { medianOf } from "./quantiles.ts";
import type { Options } from "./options.ts";

const MOST_MS = 5;
/** The page reads samples before it reads messages. */
const WARM_UP = 10;

export function run({ rounds }: Options): Promise<void> {
  const results: { text: string; ms: number }[] = [];
  const texts = Object.entries(almostLinks).concat(
    Object.entries(toolOutput).map(([tool, { text }]) => [`output of ${tool}`, `${text}\n`]),
  );
  for (const [name, piece] of texts) {
    const text = piece.repeat(Math.ceil(limits.textBytes / piece.length)).slice(0, limits.textBytes);
    for (let round = 0; round < WARM_UP; round++) findReferences(text);
    const all = Array.from({ length: rounds ?? 15 }, () => {
      const before = process.cpuUsage();
      findReferences(text);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    });
    results.push({ text: name, ms: medianOf(all) });
    console.log(`${name.padEnd(40)} ${medianOf(all).toFixed(2).padStart(6)}`);
  }
  const value = Math.max(...results.map(({ ms }) => ms));
  printTargets([{ what: "milliseconds for the slowest of them", value, atMost: MOST_MS }]);
  keepResults("fileLinks", results);
  return Promise.resolve();
}
