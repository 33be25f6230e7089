// What each bundle in dist/ is made of: the packaged build and the development build share it.
import { mkdir, writeFile } from "node:fs/promises";
import type { BuildOptions, Plugin } from "esbuild";
import { gemoji } from "gemoji";

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
  charset: "utf8",
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

/** Of gemoji's list, the page needs the emoji and their names: a tenth of it. */
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

/** By the name under which `npm run build` knows it. Paths are relative to the repository. */
export const bundles: Readonly<Record<string, BuildOptions>> = {
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
    plugins: [emojiNames],
    outdir: "dist/webview",
  },
};

/** Makes the folder, and tells Node that what is in it is CommonJS, unlike the repository. */
export async function prepareFolder(): Promise<void> {
  await mkdir("dist", { recursive: true });
  await writeFile("dist/package.json", '{ "type": "commonjs" }\n');
}
