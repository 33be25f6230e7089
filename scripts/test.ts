// `npm test`: every check and every layer of tests: at first in two lanes that run at once, then, one after the other, those
// that take the whole machine. What has to be fetched is fetched meanwhile. `npm test -- unit windows` runs just those layers, and `npm run test:long` those that search by
// chance, for long. It fetches what it needs, and its last line counts over all layers.
import { ensureChromium, ensureFont } from "./chromium.ts";
import { couldNotRun, LAYERS, LONG_VARIABLE, runLayer, type Layer, type Need } from "./layers.ts";
import type { LayerResult } from "./layerResult.ts";
import { makePackage } from "./makePackage.ts";
import { ensureNftables } from "./nftables.ts";
import { runStaticChecks } from "./staticChecks.ts";
import { describeFailure, Unavailable } from "./unavailable.ts";
import { ensureVsCodeHost } from "./vscodeHost.ts";

const log = (line: string): void => console.log(`  ${line}`);

const PROVIDERS: Readonly<Record<Need, () => Promise<unknown>>> = {
  package: () => makePackage(log),
  chromium: async () => {
    await ensureChromium(log);
    await ensureFont(log);
  },
  nftables: () => ensureNftables(log),
  vscodeHost: () => ensureVsCodeHost(log),
};

/** What was provided or not, once per run: a reason when it cannot be had. */
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

async function runWithNeeds(layer: Layer): Promise<LayerResult> {
  for (const need of layer.needs) {
    const reason = await provide(need);
    if (reason !== undefined) return couldNotRun(reason);
  }
  return runLayer(layer);
}

async function checkStatically(): Promise<LayerResult> {
  const failed = await runStaticChecks();
  return { passed: 0, skipped: 0, failures: failed.map((name) => ({ title: name, reason: "See above." })) };
}

function chosen(names: readonly string[]): readonly Layer[] {
  const unknown = names.filter((name) => !LAYERS.some((layer) => layer.name === name));
  if (unknown.length > 0) {
    const known = LAYERS.map(({ name }) => name).join(", ");
    throw new Unavailable(`There is no layer ${unknown.join(", ")}; there are ${known}.`);
  }
  return names.length === 0 ? LAYERS : LAYERS.filter(({ name }) => names.includes(name));
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
  const isLong = args.includes("--long");
  if (isLong) process.env[LONG_VARIABLE] = "1";
  const given = args.filter((name) => name !== "--long");
  const names =
    isLong && given.length === 0 ? LAYERS.filter(({ long }) => long === true).map(({ name }) => name) : given;
  const results = new Map<string, LayerResult>();
  const run = async (layers: readonly Layer[]): Promise<void> => {
    for (const layer of layers) results.set(layer.name, await timed(layer.name, () => runWithNeeds(layer)));
  };
  const layers = chosen(names);
  const inLane = (lane: Layer["lane"]): readonly Layer[] => layers.filter((layer) => layer.lane === lane);
  for (const need of layers.flatMap(({ needs }) => needs)) void provide(need);
  const second = run(inLane("second"));
  if (names.length === 0) results.set("check", await timed("check", checkStatically));
  await run(inLane("first"));
  await second;
  await run(inLane("alone"));

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
