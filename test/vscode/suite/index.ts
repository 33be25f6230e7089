// What VS Code calls inside its extension host to run the suite: in the web host and on the desktop alike.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LayerReporter } from "../../support/layerReporter.ts";

/** Runs every bundled test file beside this one. Rejects when a test failed, which VS Code tells by its exit code. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import("mocha");
  const mocha = new Mocha({ ui: "bdd", timeout: 30_000, forbidOnly: true, reporter: LayerReporter });
  const names = await readdir(__dirname);
  for (const name of names.filter((name) => name.endsWith(".test.cjs")).sort()) {
    mocha.addFile(join(__dirname, name));
  }
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed`);
}
