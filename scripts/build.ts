// Bundles what is shipped into dist/ and prints what each bundle weighs, with its parts. `npm run build`, or with names of parts.
import { mkdir, writeFile } from "node:fs/promises";
import { build, type BuildOptions } from "esbuild";
import { describeBundle } from "./bundleSizes.ts";

const node: BuildOptions = {
  platform: "node",
  format: "cjs",
  target: "node20",
  // `vscode` comes from the host; the others are native accelerators that ws takes when it finds them.
  external: ["vscode", "bufferutil", "utf-8-validate"],
};

const page: BuildOptions = {
  platform: "browser",
  format: "iife",
  target: "chrome128",
  jsx: "automatic",
  jsxImportSource: "preact",
};

const parts: Record<string, BuildOptions> = {
  server: { ...node, entryPoints: ["server/main.ts"], outfile: "dist/server.js" },
  extension: { ...node, entryPoints: ["extension/extension.ts"], outfile: "dist/extension.cjs" },
  webview: {
    ...page,
    entryPoints: [
      { in: "webview/main.tsx", out: "panel" },
      { in: "webview/panel.css", out: "panel" },
    ],
    outdir: "dist/webview",
  },
};

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in parts));
  if (unknown.length > 0) throw new Error(`No such part: ${unknown.join(", ")}`);
  await mkdir("dist", { recursive: true });
  // The repository is a module package; what is shipped is CommonJS, which node has to be told.
  await writeFile("dist/package.json", '{ "type": "commonjs" }\n');
  for (const [name, options] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const result = await build({
      ...options,
      bundle: true,
      minify: true,
      metafile: true,
      logLevel: "warning",
    });
    for (const [file, output] of Object.entries(result.metafile.outputs)) {
      for (const line of describeBundle(file, output)) console.log(line);
    }
  }
}

await main(process.argv.slice(2));
