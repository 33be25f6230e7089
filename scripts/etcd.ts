// Finds etcd on this machine, or unpacks Debian's package into `.cache/`. It is not installed, because that would start a
// service at etcd's usual ports.
import { readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isExecutable } from "./debianPackages.ts";
import { runCommand } from "./runCommand.ts";
import { Unavailable } from "./unavailable.ts";
import { ensureFolder } from "./wholeFolder.ts";

const DEBIAN_PACKAGE = "etcd-server";
const HOME = fileURLToPath(new URL("../.cache/etcd/debian/", import.meta.url));
const UNPACKED = join(HOME, "usr", "bin", "etcd");

/** The first version with the gateway's paths, `/v3/…`, and with watches in fragments. */
const OLDEST = { major: 3, minor: 4 };

const WHAT_TO_DO =
  `etcd ${OLDEST.major}.${OLDEST.minor} or later was not found, and Debian's package ${DEBIAN_PACKAGE} could not be downloaded. ` +
  "Install etcd, or set FORKCHAT_ETCD to its path.";

/** The path of a working etcd. Throws `Unavailable` with advice if there is none. */
export async function ensureEtcd(log: (line: string) => void): Promise<string> {
  const named = process.env["FORKCHAT_ETCD"];
  if (named !== undefined && named !== "") {
    if (await runs(named)) return named;
    throw new Unavailable(`FORKCHAT_ETCD is ${named}, which is not a working etcd 3.4 or later.`);
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const path of folders.map((folder) => join(folder, "etcd"))) {
    if (await runs(path)) return path;
  }
  await ensureFolder(HOME, (folder) => unpack(folder, log));
  if (!(await runs(UNPACKED))) throw new Unavailable(WHAT_TO_DO);
  return UNPACKED;
}

async function runs(path: string): Promise<boolean> {
  if (!(await isExecutable(path))) return false;
  const { code, tail } = await runCommand(path, ["--version"]);
  const [, major = "0", minor = "0"] = /etcd Version: (\d+)\.(\d+)\./.exec(tail) ?? [];
  if (code !== 0 || Number(major) < OLDEST.major) return false;
  return Number(major) > OLDEST.major || Number(minor) >= OLDEST.minor;
}

/** Needs apt-get, but not root, unless this machine has no package lists yet. */
async function unpack(folder: string, log: (line: string) => void): Promise<void> {
  log(`Downloading ${DEBIAN_PACKAGE} with apt-get (once) …`);
  const download = (): Promise<boolean> => succeeds("apt-get", ["download", DEBIAN_PACKAGE], folder, log);
  const isHere =
    (await download()) || ((await succeeds("apt-get", ["update"], folder, log)) && (await download()));
  const file = (await readdir(folder)).find((name) => name.endsWith(".deb"));
  if (!isHere || file === undefined) throw new Unavailable(WHAT_TO_DO);
  if (!(await succeeds("dpkg-deb", ["-x", file, "."], folder, log))) throw new Unavailable(WHAT_TO_DO);
}

async function succeeds(
  program: string,
  args: readonly string[],
  cwd: string,
  log: (line: string) => void,
): Promise<boolean> {
  const result = await runCommand(program, args, { cwd }).catch(() => undefined);
  if (result?.code === 0) return true;
  log(`${program} ${args.join(" ")} failed:\n${result?.tail ?? "It was not found."}`);
  return false;
}
