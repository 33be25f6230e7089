// Installs npm packages into a folder of their own: programs that tests and measurements run, but that not everyone who installs
// this project should download.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ensureFolder } from "./wholeFolder.ts";
import { npmCommand, runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";

/** Fills the folder unless it exists. */
export function ensureNpmFolder(home: string, fill: (partial: string) => Promise<void>): Promise<void> {
  return ensureFolder(home, async (partial) => {
    await writeFile(join(partial, "package.json"), '{ "private": true }\n');
    await fill(partial);
  });
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
