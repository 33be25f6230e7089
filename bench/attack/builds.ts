// The attacked programs: server and window of this tree, or of an earlier commit.
import { cp, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../../scripts/runCommand.ts";
import { buildServer, bundle, CACHE, ROOT } from "../lobby/programs.ts";

export type Build = {
  /** The built server. */
  readonly server: string;
  /** A window, see window.ts. */
  readonly window: string;
  /** The bundle of honest.ts; always of this tree. */
  readonly honest: string;
};

const WINDOW = "bench/attack/window.ts";

export async function currentBuild(): Promise<Build> {
  return {
    server: await buildServer(),
    window: await bundle(WINDOW),
    honest: await bundle("bench/attack/honest.ts"),
  };
}

/** Builds a commit whose protocol and test/support/client.ts match this tree's, as far as the attacks need them. */
export async function buildOf(commit: string): Promise<Build> {
  const tree = join(CACHE, "before");
  await rm(tree, { recursive: true, force: true });
  await mkdir(tree, { recursive: true });
  const archive = join(CACHE, "before.tar");
  await run("git", "archive", "--output", archive, commit);
  await run("tar", "-xf", archive, "-C", tree);
  await symlink(join(ROOT, "node_modules"), join(tree, "node_modules"));
  await cp(join(ROOT, WINDOW), join(tree, WINDOW));
  return {
    server: await bundle("server/main.ts", tree),
    window: await bundle(WINDOW, tree),
    honest: await bundle("bench/attack/honest.ts"),
  };
}

async function run(command: string, ...args: readonly string[]): Promise<void> {
  const { code, tail } = await runCommand(command, args, { cwd: ROOT });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")}:\n${tail}`);
}
