// What one layer of tests reports to the run of all of them, through a file: the layers are processes of their own,
// one of them inside VS Code. Written by test/support/layerReporter.ts, read by test.ts and testDesktop.ts.
import { writeFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import * as v from "valibot";

const LayerResultSchema = v.object({
  passed: v.number(),
  skipped: v.number(),
  failures: v.array(v.object({ title: v.string(), reason: v.string() })),
});

export type LayerResult = v.InferOutput<typeof LayerResultSchema>;

/** The environment variable that tells a layer where its result is expected. */
export const RESULT_VARIABLE = "FORKCHAT_TEST_RESULT";

/** Writes the result where this layer was told to; does nothing when nobody asked. */
export async function writeLayerResult(result: LayerResult): Promise<void> {
  const path = process.env[RESULT_VARIABLE];
  if (path === undefined) return;
  const partial = `${path}.partial`;
  await writeFile(partial, JSON.stringify(result));
  await rename(partial, path);
}

/** The result in that file, or undefined when the layer did not come as far as writing it. */
export async function readLayerResult(path: string): Promise<LayerResult | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : v.parse(LayerResultSchema, JSON.parse(text));
}

/** Notes the test that begins, so that a layer which hangs or falls can be told where. */
export function noteRunningTest(title: string): void {
  const path = process.env[RESULT_VARIABLE];
  if (path !== undefined) writeFileSync(runningPath(path), title);
}

/** The last test that began in the layer with that result, or undefined when none did. */
export async function readRunningTest(path: string): Promise<string | undefined> {
  return readFile(runningPath(path), "utf8").catch(() => undefined);
}

function runningPath(path: string): string {
  return `${path}.running`;
}
