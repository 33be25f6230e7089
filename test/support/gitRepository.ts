// A git repository for a test, with files whose functions no two of them share.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The same on every machine, without what its user has set. */
const ENVIRONMENT = {
  ...process.env,
  ...{ GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
  ...{ GIT_AUTHOR_NAME: "Test", GIT_AUTHOR_EMAIL: "test@example.org" },
  ...{ GIT_COMMITTER_NAME: "Test", GIT_COMMITTER_EMAIL: "test@example.org" },
};

/** @returns what git prints */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const options = ["-c", "protocol.file.allow=always", "-c", "core.autocrlf=false"];
  const { stdout } = await run("git", [...options, ...args], { cwd: folder, env: ENVIRONMENT });
  return stdout.trim();
}

/** Writes files by path, and commits them with everything else that has changed. */
export async function commit(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await write(folder, files);
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--message", "change");
}

export async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Rewrites a file. */
export async function edit(folder: string, path: string, change: (text: string) => string): Promise<void> {
  const file = join(folder, path);
  await writeFile(file, change(await readFile(file, "utf8")));
}

/** Functions of six lines each, with a blank line after each. Their words are made of `name`. */
export function functionsOf(name: string, count = 8): string {
  return Array.from({ length: count }, (_, i) => {
    const own = `${name}${"ABCDEFGHIJKLMNOPQRSTUVWXYZ".charAt(i % 26)}${i < 26 ? "" : String(i)}`;
    return [
      `export function ${own}(first: number, second: number): number {`,
      `  const ${own}Sum = first + second * ${i + 2};`,
      `  if (${own}Sum > ${i * 10}) return ${own}Sum - first;`,
      `  const ${own}Rest = ${own}Sum % ${i + 3};`,
      `  return ${own}Rest * second;`,
      "}",
      "",
    ].join("\n");
  }).join("\n");
}
