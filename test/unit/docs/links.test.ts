// Where the documents' links lead: to files and headings that are there; and no picture is kept that none of them shows.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
/** The README is read at other places, too: its links are whole ones, to this repository. */
const OURS = /^https:\/\/github\.com\/fork-chat\/fork-chat\/(?:raw|blob)\/HEAD\//u;

const documents = [
  ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"],
  ...["docs/", "docs/decisions/"].flatMap((folder) =>
    readdirSync(new URL(folder, root))
      .filter((name) => name.endsWith(".md"))
      .map((name) => folder + name),
  ),
];
const read = (path: URL): string => readFileSync(path, "utf8").replace(/^```[^]*?^```/gmu, "");

/** The links of a document to others of ours, and into itself. */
function links(document: string): URL[] {
  const targets = [...read(new URL(document, root)).matchAll(/\]\(([^)\s]+)\)/gu)].map(
    ([, target = ""]) => target,
  );
  return targets.flatMap((target) => {
    if (OURS.test(target)) return [new URL(target.replace(OURS, ""), root)];
    return /^[a-z]+:/u.test(target) ? [] : [new URL(target, new URL(document, root))];
  });
}

/** A heading's name in addresses, as GitHub makes it. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/gu, "-");

describe("the documents", () => {
  for (const document of documents) {
    it(`${document}: every link has a target`, () => {
      for (const { href, hash } of links(document)) {
        const file = new URL(href.replace(/#.*$/u, ""));
        assert.ok(existsSync(file), href);
        if (hash === "") continue;
        const headings = [...read(file).matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) => anchor(heading));
        const marks = [...read(file).matchAll(/<a id="([^"]+)">/gu)].map(([, id = ""]) => id);
        assert.ok([...headings, ...marks].includes(decodeURIComponent(hash.slice(1))), href);
      }
    });
  }

  it("show every picture", () => {
    const shown = new Set(documents.flatMap(links).map(({ href }) => href));
    const pictures = readdirSync(new URL("docs/images/", root));
    assert.deepEqual(
      pictures.filter((name) => !shown.has(new URL(`docs/images/${name}`, root).href)),
      [],
    );
  });
});
