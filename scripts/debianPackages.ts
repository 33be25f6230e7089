// Installs packages on Debian and Ubuntu if that needs no questions: as root, with apt-get.
import { access, constants } from "node:fs/promises";
import { runCommand } from "./runCommand.ts";

const APT_GET = "/usr/bin/apt-get";

/** Runs one apt-get at a time, because a second one would not wait for the package lists. */
let last: Promise<unknown> = Promise.resolve();

/** Resolves with whether this machine has apt-get and root. Its errors go to `log`. */
export async function installDebianPackages(
  what: string,
  packages: readonly string[],
  log: (line: string) => void,
): Promise<boolean> {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !(await isExecutable(APT_GET))) {
    return false;
  }
  const installed = last.then(() => install(what, packages, log));
  last = installed.catch(() => undefined);
  await installed;
  return true;
}

async function install(
  what: string,
  packages: readonly string[],
  log: (line: string) => void,
): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const wait = ["-o", "DPkg::Lock::Timeout=300"];
  log(`Installing ${what} with apt-get (once) …`);
  const update = await runCommand(APT_GET, [...wait, "update"], { env });
  if (update.code !== 0) log(`apt-get update failed:\n${update.tail}`);
  const args = [...wait, "install", "-y", "--no-install-recommends", ...packages];
  const result = await runCommand(APT_GET, args, { env });
  if (result.code !== 0) log(`apt-get install failed:\n${result.tail}`);
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
