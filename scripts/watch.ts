// `npm run watch`: the development build. Bundles with source maps and readable names, and rebuilds after each change until
// it is stopped. `.vscode/tasks.json` reads its lines to see when a build starts and ends.
import { context, type Plugin } from "esbuild";
import { bundles, prepareFolder } from "./bundles.ts";

const building = new Set<string>(Object.keys(bundles));

/** Reports when building starts, and when everything is built. */
function progress(name: string): Plugin {
  return {
    name: "progress",
    setup: (build) => {
      build.onStart(() => {
        if (building.size === 0) console.log("[watch] build started");
        building.add(name);
      });
      build.onEnd(() => {
        building.delete(name);
        if (building.size === 0) console.log("[watch] build finished");
      });
    },
  };
}

await prepareFolder();
console.log("[watch] build started");
for (const [name, options] of Object.entries(bundles)) {
  const bundle = await context({
    ...options,
    bundle: true,
    sourcemap: true,
    logLevel: "warning",
    plugins: [...(options.plugins ?? []), progress(name)],
  });
  await bundle.watch();
}
