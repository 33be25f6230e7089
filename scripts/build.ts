// Bundles what is shipped into dist/ and prints the size of each bundle and its parts. `npm run build`, optionally with names
// of bundles.
import { writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { bundles, prepareFolder } from "./bundles.ts";
import { describeBundle } from "./bundleSizes.ts";
import { licenceNotices } from "./notices.ts";

async function main(names: string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in bundles));
  if (unknown.length > 0) throw new Error(`No such part: ${unknown.join(", ")}`);
  await prepareFolder();
  const inputs: string[] = [];
  for (const [name, options] of Object.entries(bundles)) {
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
