// The one table of test layers, and how one of them is run. For test.ts and check.ts.
import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readLayerResult, readRunningTest, RESULT_VARIABLE, type LayerResult } from "./layerResult.ts";
import { printLines } from "./printLines.ts";
import { startProcess } from "./processTree.ts";

/** What has to be there before a layer can run. */
export type Need = "package" | "chromium" | "nftables" | "vscodeHost";

export interface Layer {
  readonly name: string;
  readonly needs: readonly Need[];
  /** The first two run at once; the static checks go before the first. */
  readonly lane: "first" | "second" | "alone";
  /** Arguments of Node for the process that runs the layer. */
  readonly args: readonly string[];
  /** Whether it does more in the long mode. */
  readonly long?: true;
}

/** Set in the long mode: what searches by chance then searches for long. The tests read it as well. */
export const LONG_VARIABLE = "FORKCHAT_LONG";

/** Each layer ends within this time or counts as failed. */
const layerTimeoutMs = (): number => (process.env[LONG_VARIABLE] === undefined ? 25 : 60) * 60_000;

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** Each file in a process of its own, with its own browser, server and VS Code host. */
const TWO_FILES_AT_ONCE = ["--parallel", "--jobs", "2"];
const RESULTS = fileURLToPath(new URL("../.cache/test-results/", import.meta.url));

export const LAYERS: readonly Layer[] = [
  { name: "unit", needs: [], lane: "first", args: mocha(30, "test/unit", "test/property"), long: true },
  { name: "conformance", needs: ["package"], lane: "first", args: mocha(60, "test/conformance") },
  { name: "integration", needs: ["package"], lane: "second", args: mocha(60, "test/integration") },
  {
    ...{ name: "namespaces", needs: ["package", "nftables"], lane: "second" },
    args: mocha(60, "test/namespaces"),
  },
  {
    name: "endurance",
    needs: ["package"],
    lane: "second",
    args: mocha(120, "test/fuzz", "test/chaos", "test/soak"),
    long: true,
  },
  {
    ...{ name: "attack", needs: ["package", "chromium"], lane: "second" },
    args: mocha(60, "test/attack"),
    long: true,
  },
  {
    ...{ name: "webview", needs: ["package", "chromium"], lane: "alone" },
    args: [...mocha(60, "test/webview"), ...TWO_FILES_AT_ONCE],
  },
  {
    ...{ name: "windows", needs: ["package", "chromium", "vscodeHost"], lane: "alone" },
    args: [...mocha(300, "test/vscode/windows"), ...TWO_FILES_AT_ONCE],
  },
  {
    name: "host",
    needs: ["package", "chromium", "vscodeHost"],
    lane: "alone",
    args: ["--import", "tsx", "test/vscode/extensionHost.ts"],
  },
];

/** Arguments for mocha over the `*.test.ts` of some folders, with a time limit in seconds for each test. */
function mocha(seconds: number, ...folders: readonly string[]): string[] {
  const options = ["--reporter", "test/support/layerReporter.ts", "--timeout", String(seconds * 1000)];
  const files = folders.map((folder) => `${folder}/**/*.test.ts`);
  return ["--import", "tsx", "node_modules/mocha/bin/mocha.js", "--forbid-only", ...options, ...files];
}

/** Runs a layer in a process of its own, showing what it prints. Whatever keeps it from running is a failure in it. */
export async function runLayer(layer: Layer): Promise<LayerResult> {
  // A folder of its own, so that nothing of an earlier run is taken for this one's.
  const folder = `${RESULTS}${layer.name}/`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const path = `${folder}result.json`;
  const env = { ...process.env, [RESULT_VARIABLE]: path };
  const tree = await startProcess(process.execPath, layer.args, {
    ...{ cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] },
  });
  printLines(tree.child, layer.name);
  const code = await endedInTime(tree.ended);
  await tree.stop();
  const result = await readLayerResult(path);
  if (result !== undefined) return judged(result, code);
  const test = await readRunningTest(path);
  const where = test === undefined ? "before its first test" : `in "${test}" or after it`;
  const what =
    code === "late" ? `did not end in ${layerTimeoutMs() / 60_000} minutes` : `ended with code ${code}`;
  return couldNotRun(`It ${what}, ${where}.`);
}

/** The result of a layer that brought none of its own. */
export function couldNotRun(reason: string): LayerResult {
  return { passed: 0, skipped: 0, failures: [{ title: "The layer could not run", reason }] };
}

function judged(result: LayerResult, code: number | "late" | null): LayerResult {
  const reason = doubt(result, code);
  if (reason === undefined) return result;
  return { ...result, failures: [...result.failures, ...couldNotRun(reason).failures] };
}

/** Why a layer without a failed test failed all the same. */
function doubt({ passed, skipped, failures }: LayerResult, code: number | "late" | null): string | undefined {
  if (code === "late") return "Its tests ended, its process did not: something was left open.";
  if (failures.length > 0) return undefined;
  if (passed + skipped === 0) return "There was no test in it.";
  return code === 0 ? undefined : `Its process ended with code ${code}.`;
}

async function endedInTime(ended: Promise<number | null>): Promise<number | "late" | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), layerTimeoutMs());
  });
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}
