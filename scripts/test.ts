// `npm test`: every check and every layer of tests: first the light ones, several at a time, then one by one those that take the
// whole machine. What has to be fetched is fetched meanwhile. Arguments choose layers, files of them and titles
// (CONTRIBUTING.md); `npm run test:long` runs what searches by chance, for long. The last line counts over all layers.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { ensureBun } from "./bun.ts";
import { ensureChromium, ensureFont } from "./chromium.ts";
import { ensureEtcd } from "./etcd.ts";
import { inLanes } from "./inLanes.ts";
import {
  couldNotRun,
  LAYERS,
  LONG_VARIABLE,
  runLayer,
  type Layer,
  type Need,
  type Selection,
} from "./layers.ts";
import type { LayerResult } from "./layerResult.ts";
import { makePackage } from "./makePackage.ts";
import { ensureNftables } from "./nftables.ts";
import { staticChecks } from "./staticChecks.ts";
import { describeFailure, Unavailable } from "./unavailable.ts";
import { ensureVsCodeHost } from "./vscodeHost.ts";

/** A layer is a process with servers and windows of its own, which together take more than one core. */
const LANES = Math.max(2, Math.min(4, availableParallelism() - 1));

const log = (line: string): void => console.log(`  ${line}`);

const PROVIDERS: Readonly<Record<Need, () => Promise<unknown>>> = {
  package: () => makePackage(log),
  bun: () => ensureBun(log),
  chromium: async () => {
    await ensureChromium(log);
    await ensureFont(log);
  },
  etcd: () => ensureEtcd(log),
  nftables: () => ensureNftables(log),
  vscodeHost: () => ensureVsCodeHost(log),
};

/** What was prepared in this run, or the reason if it is not available. */
const provided = new Map<Need, Promise<string | undefined>>();

async function provide(need: Need): Promise<string | undefined> {
  let outcome = provided.get(need);
  if (outcome === undefined) {
    outcome = PROVIDERS[need]().then(
      () => undefined,
      (error: unknown) => describeFailure(error),
    );
    provided.set(need, outcome);
  }
  return outcome;
}

/** A layer or part of one. */
type Choice = { readonly layer: Layer; readonly selection: Selection };

async function runWithNeeds({ layer, selection }: Choice): Promise<LayerResult> {
  for (const need of layer.needs) {
    const reason = await provide(need);
    if (reason !== undefined) return couldNotRun(reason);
  }
  return runLayer(layer, selection);
}

async function checkStatically(): Promise<LayerResult> {
  const failed = (await inLanes(1, staticChecks)).filter((name) => name !== undefined);
  return { passed: 0, skipped: 0, failures: failed.map((name) => ({ title: name, reason: "See above." })) };
}

/** Parses `unit`, `unit/core/forks` and so on. Without arguments: all layers, or those with a long mode. */
function chosen(names: readonly string[], grep: string | undefined, isLong: boolean): readonly Choice[] {
  const all = LAYERS.filter((layer) => !isLong || layer.long === true).map(({ name }) => name);
  return (names.length === 0 ? all : names).map((name) => {
    const [first = "", ...rest] = name.split("/");
    const layer = LAYERS.find((each) => each.name === first);
    if (layer === undefined) {
      const known = LAYERS.map((each) => each.name).join(", ");
      throw new Unavailable(`There is no layer ${first}. The layers are ${known}.`);
    }
    const path = rest.join("/").replace(/\.test\.ts$/, "");
    return {
      layer,
      selection: { ...(path === "" ? {} : { path }), ...(grep === undefined ? {} : { grep }) },
    };
  });
}

async function timed(name: string, run: () => Promise<LayerResult>): Promise<LayerResult> {
  console.log(`${name} …`);
  const start = performance.now();
  const result = await run().catch((error: unknown) => couldNotRun(describeFailure(error)));
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${name}: ${counts([result])} in ${seconds} s`);
  return result;
}

function counts(results: readonly LayerResult[]): string {
  const sum = (count: (result: LayerResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const skipped = sum((result) => result.skipped);
  const failed = sum((result) => result.failures.length);
  return `${sum((result) => result.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

async function main(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { grep: { type: "string", short: "g" }, long: { type: "boolean", default: false } },
  });
  if (values.grep !== undefined && positionals.length === 0)
    throw new Unavailable("-g needs a layer to choose from.");
  if (values.long) process.env[LONG_VARIABLE] = "1";
  const choices = chosen(positionals, values.grep, values.long);
  const results = new Map<string, LayerResult>();
  const task = (name: string, run: () => Promise<LayerResult>) => async (): Promise<void> => {
    results.set(name, await timed(name, run));
  };
  const tasks = (alone: boolean) =>
    choices.flatMap((choice, i) =>
      choice.layer.alone === alone
        ? [task(positionals[i] ?? choice.layer.name, () => runWithNeeds(choice))]
        : [],
    );
  for (const need of choices.flatMap(({ layer }) => layer.needs)) void provide(need);
  const isWhole = positionals.length === 0 && !values.long;
  const check = isWhole ? [task("check", checkStatically)] : [];
  await inLanes(LANES, [...check, ...tasks(false)]);
  await inLanes(1, tasks(true));

  console.log("");
  for (const [layer, { failures }] of results) {
    for (const { title, reason } of failures)
      console.log(`✗ ${layer}: ${title}\n${reason.replace(/^/gm, "    ")}`);
  }
  console.log(counts([...results.values()]));
  return [...results.values()].every(({ failures }) => failures.length === 0);
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  console.error(describeFailure(error));
  process.exitCode = 2;
}
