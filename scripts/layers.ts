// The table of test layers, and how one of them runs.
import { readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readLayerResult, readRunningTest, RESULT_VARIABLE, type LayerResult } from "./layerResult.ts";
import { printLines } from "./printLines.ts";
import { startProcess } from "./processTree.ts";
import { runtimeOptions } from "./runtimeOptions.ts";
import { Unavailable } from "./unavailable.ts";

/** Requirements of a layer. */
export type Need = "package" | "bun" | "chromium" | "etcd" | "nftables" | "vscodeHost";

export interface Layer {
  readonly name: string;
  readonly needs: readonly Need[];
  /** Takes the whole machine; the others run side by side. */
  readonly alone: boolean;
  /** Its tests for mocha, or arguments of Node for a process that runs them in another way. */
  readonly tests: MochaTests | readonly string[];
  /** Whether it does more in long mode. */
  readonly long?: true;
}

interface MochaTests {
  readonly folders: readonly string[];
  /** Timeout per test in seconds, unless a test sets its own. */
  readonly seconds: number;
  /** Runs two files at once, each in its own process with its own browser, server and VS Code host. */
  readonly parallel?: true;
}

/**
 * The selected part of a layer: the files at a path below its folders, without `.test.ts`, and tests with a text in their
 * title.
 */
export interface Selection {
  readonly path?: string;
  readonly grep?: string;
}

/** Set in long mode, in which random searches take long. The tests read it too. */
export const LONG_VARIABLE = "FORKCHAT_LONG";

/** Timeout of a layer: the longest takes half an hour on two busy cores, and more than an hour in long mode. */
const layerTimeoutMs = (): number => (process.env[LONG_VARIABLE] === undefined ? 45 : 90) * 60_000;

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const RESULTS = fileURLToPath(new URL("../.cache/test-results/", import.meta.url));

/** Of those that run side by side, the longest first. */
export const LAYERS: readonly Layer[] = [
  {
    ...{ name: "integration", needs: ["package", "bun"], alone: false },
    tests: { folders: ["test/integration"], seconds: 60 },
  },
  {
    ...{ name: "endurance", needs: ["package"], alone: false, long: true },
    tests: { folders: ["test/fuzz", "test/chaos", "test/soak"], seconds: 120 },
  },
  {
    ...{ name: "conformance", needs: ["package"], alone: false },
    tests: { folders: ["test/conformance"], seconds: 60 },
  },
  {
    ...{ name: "attack", needs: ["package", "chromium"], alone: false, long: true },
    tests: { folders: ["test/attack"], seconds: 60, parallel: true },
  },
  {
    ...{ name: "unit", needs: [], alone: false, long: true },
    tests: { folders: ["test/unit", "test/property"], seconds: 30 },
  },
  {
    ...{ name: "cluster", needs: ["package", "etcd"], alone: false, long: true },
    tests: { folders: ["test/cluster"], seconds: 60 },
  },
  {
    ...{ name: "namespaces", needs: ["package", "nftables"], alone: false },
    tests: { folders: ["test/namespaces"], seconds: 60 },
  },
  {
    ...{ name: "webview", needs: ["package", "chromium"], alone: true },
    tests: { folders: ["test/webview"], seconds: 60, parallel: true },
  },
  {
    ...{ name: "windows", needs: ["package", "chromium", "vscodeHost", "etcd"], alone: true },
    tests: { folders: ["test/vscode/windows"], seconds: 300, parallel: true },
  },
  {
    ...{ name: "host", needs: ["package", "chromium", "vscodeHost"], alone: true },
    tests: ["--import", "tsx", "test/vscode/extensionHost.ts"],
  },
];

/** The parts of a layer that can run side by side: one for each folder. */
export function inFolders(layer: Layer): readonly Layer[] {
  const { tests } = layer;
  if (!("folders" in tests)) return [layer];
  return tests.folders.map((folder) => ({
    ...layer,
    name: folder.slice(folder.lastIndexOf("/") + 1),
    tests: { ...tests, folders: [folder] },
  }));
}

/** Arguments of Node for the process that runs a layer or part of it. Throws if there is no such part. */
function nodeArguments({ name, tests }: Layer, { path, grep }: Selection): readonly string[] {
  if (!("folders" in tests)) {
    if (path === undefined && grep === undefined) return tests;
    throw new Unavailable(`The layer ${name} can only run as a whole.`);
  }
  const { folders, seconds, parallel } = tests;
  const files = folders.flatMap((folder) => testFiles(folder, path));
  if (files.length === 0) throw new Unavailable(`There is no test file ${name}/${path ?? ""}.`);
  return [
    ...runtimeOptions,
    ...["--import", "tsx", "node_modules/mocha/bin/mocha.js", "--forbid-only"],
    ...["--reporter", "test/support/layerReporter.ts", "--timeout", String(seconds * 1000)],
    ...(parallel === true ? ["--parallel", "--jobs", "2"] : []),
    ...(grep === undefined ? [] : ["--grep", grep]),
    ...files,
  ];
}

const TEST_FILE = ".test.ts";

function testFiles(folder: string, path: string | undefined): string[] {
  const all = readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(TEST_FILE))
    .sort();
  const found =
    path === undefined ? all : all.filter((file) => file === path + TEST_FILE || file.startsWith(`${path}/`));
  return found.map((file) => `${folder}/${file}`);
}

/**
 * Runs a layer, or the selected part, in its own process and shows its output. Anything that prevents it counts as a failure.
 */
export async function runLayer(layer: Layer, selection: Selection = {}): Promise<LayerResult> {
  const args = nodeArguments(layer, selection);
  // A separate folder, so that results of earlier runs are not found.
  const folder = `${RESULTS}${layer.name}/`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const path = `${folder}result.json`;
  const env = { ...process.env, [RESULT_VARIABLE]: path };
  const tree = await startProcess(process.execPath, args, {
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

/** The result of a layer that wrote none itself. */
export function couldNotRun(reason: string): LayerResult {
  return { passed: 0, skipped: 0, failures: [{ title: "The layer could not run", reason }] };
}

function judged(result: LayerResult, code: number | "late" | null): LayerResult {
  const reason = doubt(result, code);
  if (reason === undefined) return result;
  return { ...result, failures: [...result.failures, ...couldNotRun(reason).failures] };
}

/** Why a layer failed without a failed test. */
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
