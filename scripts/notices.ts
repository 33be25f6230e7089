// The licenses of the bundled libraries, as their authors require.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";

const Manifest = v.object({ name: v.string(), version: v.string(), license: v.string() });
const LICENSE_FILE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/** One text with the licenses of all libraries among these paths, sorted by name. */
export async function licenceNotices(inputs: Iterable<string>): Promise<string> {
  const folders = new Set<string>();
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  const notices = await Promise.all([...folders].map(noticeOf));
  return `Fork Chat is shipped with these libraries.\n\n${notices.sort().join("\n")}`;
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = v.parse(
    Manifest,
    JSON.parse(await readFile(join(folder, "package.json"), "utf8")),
  );
  const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`== ${name} ${version} (${license})`, ...texts.map((text) => text.trim()), ""].join("\n\n");
}
