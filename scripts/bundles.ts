// Defines the bundles in dist/, for the packaged build and the development build.
import { mkdir, writeFile } from "node:fs/promises";
import type { BuildOptions, Plugin } from "esbuild";
import { gemoji } from "gemoji";

const node = {
  platform: "node",
  format: "cjs",
  target: "node20",
  // The host provides `vscode`. The others are optional native accelerators of ws.
  external: ["vscode", "bufferutil", "utf-8-validate"],
} satisfies BuildOptions;

const page: BuildOptions = {
  platform: "browser",
  format: "iife",
  target: "chrome128",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
};

/** Keeps an import for the other bundle. */
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

/** The page needs only the emoji and their names: a tenth of gemoji's data. */
const emojiNames: Plugin = {
  name: "names of emoji",
  setup: (builder) => {
    builder.onLoad({ filter: /[\\/]gemoji[\\/]index\.js$/ }, () => {
      const lines = gemoji.map(({ emoji, names }) => [emoji, ...names].join(" ")).join("\n");
      const parse = '(line) => { const [emoji, ...names] = line.split(" "); return { emoji, names }; }';
      return { contents: `export const gemoji = ${JSON.stringify(lines)}.split("\\n").map(${parse});` };
    });
  },
};

/** By the name for `npm run build`. Paths are relative to the repository. */
export const bundles: Readonly<Record<string, BuildOptions>> = {
  server: {
    ...node,
    entryPoints: ["server/main.ts"],
    outfile: "dist/server.js",
    // Only loaded by servers that share their lobby.
    plugins: [bundledApart("./cluster/joinCluster.ts", "./cluster.cjs")],
  },
  cluster: {
    ...node,
    entryPoints: ["server/cluster/joinCluster.ts"],
    outfile: "dist/cluster.cjs",
  },
  extension: {
    ...node,
    entryPoints: ["extension/extension.ts"],
    outfile: "dist/extension.cjs",
    // Loaded in every window; the rest is loaded when the chat is used.
    plugins: [bundledApart("./chatWindow.ts", "./chatWindow.cjs")],
    supported: { "dynamic-import": false },
  },
  chatWindow: {
    ...node,
    entryPoints: ["extension/chatWindow.ts"],
    outfile: "dist/chatWindow.cjs",
    // Half of the code makes certificates, which only windows that join need.
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
    plugins: [emojiNames],
    outdir: "dist/webview",
  },
};

/** Creates the folder, and marks its content as CommonJS for Node, unlike the repository. */
export async function prepareFolder(): Promise<void> {
  await mkdir("dist", { recursive: true });
  await writeFile("dist/package.json", '{ "type": "commonjs" }\n');
}
