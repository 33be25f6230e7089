// Bundles the suite that runs inside an extension host, which cannot load TypeScript. For web and desktop.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** Inside the repository, so that mocha is found in its node_modules. */
const OUT = fileURLToPath(new URL("../.cache/suite", import.meta.url));

/** Resolves with the absolute path of the module that exports `run()`. */
export async function bundleSuite(): Promise<string> {
  await rm(OUT, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["test/vscode/suite/index.ts", "test/vscode/suite/*.test.ts"],
    outdir: OUT,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  return `${OUT}/index.cjs`;
}
