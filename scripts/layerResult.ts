// The result that a test layer passes to the whole run through a file. Layers are separate processes, and one runs inside VS
// Code.
import { writeFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import * as v from "valibot";

const LayerResultSchema = v.object({
  passed: v.number(),
  skipped: v.number(),
  failures: v.array(v.object({ title: v.string(), reason: v.string() })),
});

export type LayerResult = v.InferOutput<typeof LayerResultSchema>;

/** The environment variable with the path for a layer's result. */
export const RESULT_VARIABLE = "FORKCHAT_TEST_RESULT";

/** Writes the result to that path; does nothing if there is none. */
export async function writeLayerResult(result: LayerResult): Promise<void> {
  const path = process.env[RESULT_VARIABLE];
  if (path === undefined) return;
  const partial = `${path}.partial`;
  await writeFile(partial, JSON.stringify(result));
  await rename(partial, path);
}

/** The result in that file; undefined if the layer did not write it. */
export async function readLayerResult(path: string): Promise<LayerResult | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : v.parse(LayerResultSchema, JSON.parse(text));
}

/** Records the current test, so that a layer that hangs or crashes can be located. */
export function noteRunningTest(title: string): void {
  const path = process.env[RESULT_VARIABLE];
  if (path !== undefined) writeFileSync(runningPath(path), title);
}

/** The last test that started in that layer; undefined if none did. */
export async function readRunningTest(path: string): Promise<string | undefined> {
  return readFile(runningPath(path), "utf8").catch(() => undefined);
}

function runningPath(path: string): string {
  return `${path}.running`;
}
