// Installs Bun from npm into `.cache/`. Its TLS library is BoringSSL, like that of desktop VS Code.
//
// Not a dependency of this project: npm refuses to install a project on platforms that a dependency does not support, and
// `npm start` does not need another 100 MB.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNpmFolder, npmInstall } from "./npmFolder.ts";
import { runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";

const VERSION = "1.4.5";
const HOME = fileURLToPath(new URL(`../.cache/bun/bun-${VERSION}/`, import.meta.url));

/** The path of the executable; undefined on a platform that Bun is not built for. Throws `Unavailable` when it does not run. */
export async function ensureBun(log: (line: string) => void): Promise<string | undefined> {
  await ensureNpmFolder(HOME, async (folder) => {
    log(`Installing Bun ${VERSION} from npm (about 100 MB, once) …`);
    await npmInstall(folder, "Bun", [`bun@${VERSION}`]);
  });
  // npm has already chosen the build for this platform; an install script would only move it.
  const builds = join(HOME, "node_modules", "@oven");
  const names = await readdir(builds).catch(() => []);
  if (names.length === 0) return undefined;
  for (const name of names) {
    const program = join(builds, name, "bin", process.platform === "win32" ? "bun.exe" : "bun");
    if (await runs(program)) return program;
  }
  throw new Unavailable(`Bun ${VERSION} is installed in ${HOME}, but it does not run on this machine.`);
}

async function runs(program: string): Promise<boolean> {
  return runCommand(program, ["--version"]).then(
    ({ code, tail }) => code === 0 && tail.trim() === VERSION,
    () => false,
  );
}
