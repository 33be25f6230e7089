// Makes the programs of the benchmark ready to run: bundled as the server itself is, so that what is compared was built
// alike; and installs, once, the peers that are no dependency of this project.
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { npmCommand, runCommand } from "../../scripts/runCommand.ts";
import { Unavailable } from "../../scripts/unavailable.ts";

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const CACHE = join(ROOT, ".cache", "bench");

/** Bun's own program comes in a package for each platform; its postinstall script would only move it. */
const PACKAGES = { bun: "1.4.5", "socket.io": "4.8.4" } as const;

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
    nodePaths: [join(CACHE, packagesFolder(), "node_modules")],
    logLevel: "error",
  });
  return outfile;
}

/** The folder with the packages of the peers, installed unless it is there. */
export async function ensurePeerPackages(): Promise<string> {
  const folder = join(CACHE, packagesFolder());
  if (await exists(folder)) return folder;
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await writeFile(join(partial, "package.json"), '{ "private": true }\n');
  const packages = Object.entries(PACKAGES).map(([name, version]) => `${name}@${version}`);
  console.log(`Installing ${packages.join(" and ")} from npm (about 110 MB, once) …`);
  const npm = npmCommand();
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, tail } = await runCommand(npm.command, [...npm.args, "install", ...quiet, ...packages], {
    cwd: partial,
  });
  if (code !== 0) {
    await rm(partial, { recursive: true, force: true });
    throw new Unavailable(`Bun and Socket.IO could not be installed from npm:\n${tail}`);
  }
  await rename(partial, folder).catch(async (failure: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(folder))) throw failure;
  });
  return folder;
}

/** The program of Bun among the installed packages; undefined where it has none for this machine. */
export async function bunProgram(): Promise<string | undefined> {
  const folder = await ensurePeerPackages();
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  for (const suffix of ["", "-musl", "-baseline", "-musl-baseline"]) {
    const name = `bun-${process.platform}-${arch}${suffix}`;
    const program = join(folder, "node_modules", "@oven", name, "bin", "bun");
    if (!(await exists(program))) continue;
    const { code } = await runCommand(program, ["--version"]).catch(() => ({ code: 1 }));
    if (code === 0) return program;
  }
  return undefined;
}

/** Pinned, so that other versions make another folder. */
function packagesFolder(): string {
  return Object.entries(PACKAGES)
    .map(([name, version]) => `${name}-${version}`)
    .join("_");
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
