// The core with one deliberate fault in its source, to show that a test detects it.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { CoreModule } from "./resumeModel.ts";

export type Mutant = {
  readonly name: string;
  /** Relative to extension/core. */
  readonly file: string;
  /** A text that occurs exactly once in the source, and its replacement. */
  readonly find: string;
  readonly replace: string;
};

const ENTRY = `
export { initialState } from "./extension/core/model/state.ts";
export { update } from "./extension/core/update.ts";
export { saveWindow, restoreWindow } from "./extension/core/saved/savedWindow.ts";
export { changesBetween, applyChange } from "./extension/core/saved/savedChanges.ts";
`;

/** Bundles the faulty core, and loads it. */
export async function loadMutant({ name, file, find, replace }: Mutant): Promise<CoreModule> {
  const folder = await mkdtemp(join(tmpdir(), "fork-chat-mutant-"));
  try {
    const outfile = join(folder, "core.cjs");
    let changed = 0;
    await build({
      stdin: { contents: ENTRY, resolveDir: resolve("."), loader: "ts" },
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
            build.onLoad({ filter: /extension.core.[\w/\\]+\.ts$/ }, async ({ path }) => {
              const source = await readFile(path, "utf8");
              if (basename(path) !== file) return { contents: source, loader: "ts" };
              changed = source.split(find).length - 1;
              return { contents: source.replace(find, () => replace), loader: "ts" };
            });
          },
        },
      ],
    });
    if (changed !== 1) throw new Error(`“${find}” stands ${changed} times in ${file}, for “${name}”`);
    return (await import(pathToFileURL(outfile).href)) as CoreModule;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
