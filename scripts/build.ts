// Bundles what is shipped into dist/ and prints what each bundle weighs, with its parts. `npm run build`, or with names of parts.
import { mkdir, writeFile } from "node:fs/promises";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { describeBundle } from "./bundleSizes.ts";
import { licenceNotices } from "./notices.ts";

const node = {
  platform: "node",
  format: "cjs",
  target: "node20",
  // `vscode` comes from the host; the others are native accelerators that ws takes when it finds them.
  external: ["vscode", "bufferutil", "utf-8-validate"],
} satisfies BuildOptions;

const page: BuildOptions = {
  platform: "browser",
  format: "iife",
  target: "chrome128",
  jsx: "automatic",
  jsxImportSource: "preact",
};

/** Leaves an import to the bundle that is made of it. */
function bundledApart(source: string, path: string): Plugin {
  return {
    name: `${source} is ${path}`,
    setup: (builder) => {
      builder.onResolve({ filter: /^\.\// }, (found) =>
        found.path === source ? { path, external: true } : undefined,
      );
    },
  };
}

const parts: Record<string, BuildOptions> = {
  server: { ...node, entryPoints: ["server/main.ts"], outfile: "dist/server.js" },
  extension: {
    ...node,
    entryPoints: ["extension/extension.ts"],
    outfile: "dist/extension.cjs",
    // Read in every window; all else when the chat is used in it.
    plugins: [bundledApart("./chatWindow.ts", "./chatWindow.cjs")],
    supported: { "dynamic-import": false },
  },
  chatWindow: {
    ...node,
    entryPoints: ["extension/chatWindow.ts"],
    outfile: "dist/chatWindow.cjs",
    // Half of the code makes certificates, which only a window that joins needs.
    alias: { selfsigned: "./selfsigned.cjs" },
    external: [...node.external, "./selfsigned.cjs"],
    supported: { "dynamic-import": false },
  },
  certificates: {
    ...node,
    stdin: { contents: 'export { generate } from "selfsigned";', resolveDir: "." },
    outfile: "dist/selfsigned.cjs",
  },
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
  const inputs: string[] = [];
  for (const [name, options] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const result = await build({
      ...options,
      bundle: true,
      minify: true,
      metafile: true,
      logLevel: "warning",
    });
    inputs.push(...Object.keys(result.metafile.inputs));
    for (const [file, output] of Object.entries(result.metafile.outputs)) {
      for (const line of describeBundle(file, output)) console.log(line);
    }
  }
  if (names.length === 0) await writeFile("dist/NOTICES.txt", await licenceNotices(inputs));
}

await main(process.argv.slice(2));
