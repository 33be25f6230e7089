// Installs npm packages into a folder of their own: programs that tests and measurements run, but that not everyone who installs
// this project should download.
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isAlive } from "./processTree.ts";
import { npmCommand, runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";

const PARTIAL = "partial-";

/**
 * Fills the folder unless it exists. Concurrent callers each fill a folder of their own, and the first one to finish renames
 * it: a folder with the final name is always complete. Interrupted installs are removed.
 */
export async function ensureNpmFolder(home: string, fill: (partial: string) => Promise<void>): Promise<void> {
  if (await exists(home)) return;
  await mkdir(dirname(home), { recursive: true });
  await removeLeftovers(dirname(home));
  const partial = join(dirname(home), `${PARTIAL}${process.pid}-${basename(home)}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    await writeFile(join(partial, "package.json"), '{ "private": true }\n');
    await fill(partial);
    await rename(partial, home);
  } catch (failure) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(home))) throw failure;
  }
}

/** Runs `npm install` in a folder, without install scripts. Throws `Unavailable` when it fails. */
export async function npmInstall(cwd: string, what: string, args: readonly string[]): Promise<void> {
  const npm = npmCommand();
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, tail } = await runCommand(npm.command, [...npm.args, "install", ...quiet, ...args], {
    cwd,
    env: installEnvironment(),
  });
  if (code !== 0) {
    throw new Unavailable(
      `${what} could not be installed from npm. Check that the registry is reachable.\n${tail}`,
    );
  }
}

/** `npm run` passes its own settings (--prefix, --global, …) on in the environment. They must not affect this install. */
function installEnvironment(): NodeJS.ProcessEnv {
  const kept = /^npm_config_(registry|cache|proxy|https_proxy|noproxy|cafile|userconfig|globalconfig)$/i;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || kept.test(name)),
  );
}

/** Keeps what running installs still need. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^partial-(\d+)/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
