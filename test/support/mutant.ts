// Product code with one deliberate fault in its source, to show that a test detects it.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

export type Mutant = {
  readonly name: string;
  /** Its name, or the end of its path. */
  readonly file: string;
  /** A text that occurs exactly once in the source, and its replacement. */
  readonly find: string;
  readonly replace: string;
};

/**
 * Bundles a module with the faulty code, and loads it.
 * @param entry the module's source, which imports from the repository's folder
 * @param folder where the faulty file is
 */
export async function loadMutant(
  entry: string,
  folder: string,
  { name, file, find, replace }: Mutant,
): Promise<unknown> {
  const temporary = await mkdtemp(join(tmpdir(), "fork-chat-mutant-"));
  try {
    const outfile = join(temporary, "mutant.cjs");
    let changed = 0;
    await build({
      stdin: { contents: entry, resolveDir: resolve("."), loader: "ts" },
      bundle: true,
      // One of its packages requires Node.js modules in the CommonJS way.
      format: "cjs",
      platform: "node",
      outfile,
      logLevel: "silent",
      plugins: [
        {
          name: "fault",
          setup: (build) => {
            build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
              const inFolder = relative(resolve(folder), path);
              if (inFolder.startsWith("..") || !`${sep}${inFolder}`.endsWith(`${sep}${file}`))
                return undefined;
              const source = await readFile(path, "utf8");
              changed += source.split(find).length - 1;
              return { contents: source.replace(find, () => replace), loader: "ts" };
            });
          },
        },
      ],
    });
    if (changed !== 1) throw new Error(`“${find}” stands ${changed} times in ${file}, for “${name}”`);
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
