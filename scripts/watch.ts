// `npm run watch`: the development build. Bundles with source maps and readable names, and again after each change, until it is
// stopped. `.vscode/tasks.json` reads its lines to know when a build begins and ends.
import { context, type Plugin } from "esbuild";
import { bundles, prepareFolder } from "./bundles.ts";

let running = 0;

/** Says when building begins, and when everything is built. */
const progress: Plugin = {
  name: "progress",
  setup: (build) => {
    build.onStart(() => {
      running += 1;
      if (running === 1) console.log("[watch] build started");
    });
    build.onEnd(() => {
      running -= 1;
      if (running === 0) console.log("[watch] build finished");
    });
  },
};

await prepareFolder();
for (const options of Object.values(bundles)) {
  const bundle = await context({
    ...options,
    bundle: true,
    sourcemap: true,
    logLevel: "warning",
    plugins: [...(options.plugins ?? []), progress],
  });
  await bundle.watch();
}
