// Finds nginx on this machine, or installs it if that needs no questions. For the reverse-proxy tests.
import { delimiter, join } from "node:path";
import { installDebianPackages, isExecutable } from "./debianPackages.ts";
import { runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";

/** Its usual folder, which is often not on the PATH of other users than root. */
const USUAL_FOLDERS = ["/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"];
const WHAT_TO_DO =
  "nginx was not found and could not be installed. Install it, or set FORKCHAT_NGINX to its path.";

/** The path of a working nginx. Throws `Unavailable` with advice if there is none. */
export async function ensureNginx(log: (line: string) => void): Promise<string> {
  const named = process.env["FORKCHAT_NGINX"];
  if (named !== undefined && named !== "") {
    if (await runs(named)) return named;
    throw new Unavailable(`FORKCHAT_NGINX is ${named}, which is not a working nginx.`);
  }
  const found = await find();
  if (found !== undefined) return found;
  await installDebianPackages("nginx", ["nginx"], log);
  const installed = await find();
  if (installed === undefined) throw new Unavailable(WHAT_TO_DO);
  return installed;
}

async function find(): Promise<string | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of [...folders, ...USUAL_FOLDERS]) {
    const path = join(folder, "nginx");
    if (await runs(path)) return path;
  }
  return undefined;
}

async function runs(path: string): Promise<boolean> {
  return (await isExecutable(path)) && (await runCommand(path, ["-v"])).code === 0;
}
