// Builds and packs the extension into dist/fork-chat.vsix.
import { cp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listFiles, PackageManager } from "@vscode/vsce";
import { packExtension } from "./packExtension.ts";
import { runCommand } from "./runCommand.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** The largest download; more means that something slipped in. */
const LIMIT_BYTES = 768 * 1024;

export const VSIX = fileURLToPath(new URL("../dist/fork-chat.vsix", import.meta.url));

/** Candidates for packing; .vscodeignore selects from them. */
const PARTS = /^(dist|l10n|media|LICENSE|\.vscodeignore|package(\.nls(\..+)?)?\.json|[A-Z]+\.md)$/;
/** A folder with only these files, because the packer scans every file of the folder, including .cache. */
const STAGE = fileURLToPath(new URL("../.cache/package/", import.meta.url));

/** Builds, packs and checks the size; resolves with the path of the .vsix. */
export async function makePackage(log: (line: string) => void): Promise<string> {
  log("Building and packing …");
  const build = await runCommand(process.execPath, ["--import", "tsx", "scripts/build.ts"], { cwd: ROOT });
  if (build.code !== 0) throw new Error(`The build failed:\n${build.tail}`);
  await stage();
  await packExtension(STAGE, VSIX);
  const { size } = await stat(VSIX);
  if (size > LIMIT_BYTES)
    throw new Error(`The package has ${kilobytes(size)}, but the limit is ${kilobytes(LIMIT_BYTES)}.`);
  return VSIX;
}

/** What was packed, with sizes. */
export async function listPackage(log: (line: string) => void): Promise<void> {
  for (const file of await listFiles({ cwd: STAGE, packageManager: PackageManager.None })) {
    log(`${file.padEnd(36)} ${kilobytes((await stat(`${ROOT}${file}`)).size)}`);
  }
  log(`${"dist/fork-chat.vsix".padEnd(36)} ${kilobytes((await stat(VSIX)).size)} packed`);
}

async function stage(): Promise<void> {
  await rm(STAGE, { recursive: true, force: true });
  for (const part of (await readdir(ROOT)).filter((name) => PARTS.test(name))) {
    await cp(join(ROOT, part), join(STAGE, part), { recursive: true });
  }
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1).padStart(7)} KB`;
}
