// Packs a small extension of the benchmark, as the project's own is packed. For the parts that run in VS Code.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, ".cache", "bench", "extensions");
export const PUBLISHER = "fork-chat-bench";

export type Manifest = {
  readonly activationEvents: readonly string[];
  readonly contributes?: Readonly<Record<string, unknown>>;
};

/** Bundles `bench/vscode/NAME.ts` and returns the path of the .vsix. */
export async function makeExtension(name: string, manifest: Manifest): Promise<string> {
  const folder = join(FOLDER, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(ROOT, "bench", "vscode", `${name}.ts`)],
    outfile: join(folder, "extension.cjs"),
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    logLevel: "error",
  });
  const description = {
    ...{ name, publisher: PUBLISHER, version: "1.0.0", license: "MIT", main: "./extension.cjs" },
    ...{ engines: { vscode: "^1.101.0" }, repository: "https://example.org/bench.git", ...manifest },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(description));
  await writeFile(join(folder, "README.md"), `Part of a benchmark: ${name}\n`);
  await writeFile(join(folder, "LICENSE"), "MIT\n");
  const packagePath = join(folder, `${name}.vsix`);
  await createVSIX({ cwd: folder, dependencies: false, packagePath });
  return packagePath;
}
