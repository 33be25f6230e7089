// Builds the extension that guides newcomers in the windows of `npm start` and F5. It is never shipped.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { packExtension } from "./packExtension.ts";

const SOURCE = fileURLToPath(new URL("tour/extension.ts", import.meta.url));
const CACHE = fileURLToPath(new URL("../.cache/tour/", import.meta.url));

const MANIFEST = {
  name: "fork-chat-tour",
  displayName: "Fork Chat Tour",
  publisher: "fork-chat",
  version: "0.0.1",
  engines: { vscode: "^1.101.0" },
  main: "./extension.cjs",
  activationEvents: ["onStartupFinished"],
  extensionDependencies: ["fork-chat.fork-chat"],
};

/** Writes the extension into a folder. */
export async function buildTour(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify(MANIFEST, undefined, 2));
  const outfile = join(folder, "extension.cjs");
  await build({
    entryPoints: [SOURCE],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["vscode"],
    logLevel: "warning",
  });
}

/** Packs the extension and resolves with the path of the .vsix. */
export async function packTour(): Promise<string> {
  const folder = join(CACHE, "extension");
  const packagePath = join(CACHE, "tour.vsix");
  await buildTour(folder);
  await packExtension(folder, packagePath, ["--allow-missing-repository", "--skip-license"]);
  return packagePath;
}
