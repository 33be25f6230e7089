// Prepares the programs of the benchmark: bundles them like the server, so that all are built alike, and installs, once, the
// peers that this project does not depend on.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ensureNpmFolder, npmInstall } from "../../scripts/npmFolder.ts";
import { runCommand } from "../../scripts/runCommand.ts";

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const CACHE = join(ROOT, ".cache", "bench");

/** Pinned, and part of the folder's name, so that other versions get another folder. */
const PACKAGES = ["socket.io@4.8.4"] as const;
const PACKAGES_FOLDER = join(CACHE, PACKAGES.join("_"));

/** Builds the server as it is shipped. */
export async function buildServer(): Promise<string> {
  await buildParts("server");
  return join(ROOT, "dist", "server.js");
}

/** Builds parts of what is shipped, by their names in scripts/build.ts. */
export async function buildParts(...names: readonly string[]): Promise<void> {
  const { code, tail } = await runCommand(
    process.execPath,
    ["--import", "tsx", "scripts/build.ts", ...names],
    { cwd: ROOT },
  );
  if (code !== 0) throw new Error(`${names.join(" and ")} could not be built:\n${tail}`);
}

/** Bundles a program of this project, or of a copy of it in another folder, by its path in it. Returns the bundle's path. */
export async function bundle(program: string, root = ROOT): Promise<string> {
  const outfile = join(root === ROOT ? join(CACHE, "programs") : root, program.replace(/\.ts$/, ".cjs"));
  await build({
    entryPoints: [join(root, program)],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["bufferutil", "utf-8-validate"],
    nodePaths: [join(PACKAGES_FOLDER, "node_modules")],
    logLevel: "error",
  });
  return outfile;
}

/** Installs the packages of the peers unless they are there. */
export async function ensurePeerPackages(): Promise<void> {
  await ensureNpmFolder(PACKAGES_FOLDER, async (folder) => {
    console.log(`Installing ${PACKAGES.join(" and ")} from npm …`);
    await npmInstall(folder, PACKAGES.join(" and "), PACKAGES);
  });
}
