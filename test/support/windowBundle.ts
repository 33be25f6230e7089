// The program of a window without VS Code, bundled as the extension is shipped. A process that loads one file starts in a
// fraction of the time that compiling two hundred sources takes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { bundles } from "../../scripts/bundles.ts";

export type WindowBundle = { readonly file: string; readonly metafile: Metafile };

let made: Promise<WindowBundle> | undefined;

/** Built once in a process, and removed when that ends. */
export function windowBundle(): Promise<WindowBundle> {
  made ??= bundleWindow();
  return made;
}

async function bundleWindow(): Promise<WindowBundle> {
  const folder = mkdtempSync(join(tmpdir(), "fork-chat-window-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "window.mjs");
  const { platform = "node", target = "node20", external = [] } = bundles["chatWindow"] ?? {};
  const { metafile } = await build({
    entryPoints: ["test/support/windowProgram.ts"],
    outfile: file,
    platform,
    target,
    external,
    bundle: true,
    minify: true,
    // A module, because it awaits at its top level.
    format: "esm",
    metafile: true,
    logLevel: "warning",
    // The CommonJS libraries in it require Node's modules.
    banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
  });
  return { file, metafile };
}
