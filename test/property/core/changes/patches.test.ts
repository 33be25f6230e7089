// Patches of generated change sets: the real git applies them to the files before, and gets the files after.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import * as v from "valibot";
import { buildChanges, type ChangedFile } from "../../../../extension/core/changes/buildChanges.ts";
import { patchOf } from "../../../../extension/core/changes/patch.ts";
import { Token } from "../../../../protocol/fields.ts";
import { git } from "../../../support/gitRepository.ts";
import { mergeTrial } from "../../../support/mergeTrials.ts";
import { seededRandom } from "../../../support/seededRandom.ts";

const RUNS = process.env["FORKCHAT_LONG"] === undefined ? 12 : 400;
const SEED = Number(process.env["FORKCHAT_SEED"] ?? 1);
const SALT = v.parse(Token, "A".repeat(22));

const NAMES = ["a", "with space", 'with "quotes"', "größe", "日本", "it's", "b.c", "tab"];
const BYTES = Uint8Array.from([0, 255, 1, 2]);

type Files = Map<string, Buffer>;

function trial(seed: number): {
  readonly changes: ChangedFile[];
  readonly before: Files;
  readonly after: Files;
} {
  const random = seededRandom(seed);
  const below = (count: number): number => Math.floor(random() * count);
  const written = (text: string): string => {
    const style = below(3);
    return text.replaceAll("\n", () => (style === 1 || (style === 2 && random() < 0.5) ? "\r\n" : "\n"));
  };
  const [before, after]: [Files, Files] = [new Map(), new Map()];
  const changes = NAMES.map((name, i): ChangedFile => {
    const { base, theirs } = mergeTrial(seed * 100 + i);
    const path = below(2) === 0 ? name : `folder ${below(2)}/${name}`;
    const side = (at: string, text: string) => {
      const bom = random() < 0.2;
      return { path: at, mode: "100644" as const, text: written(text), encoding: "utf8", bom };
    };
    const kind = below(5);
    if (kind === 4) {
      before.set(path, Buffer.from("text"));
      after.set(path, Buffer.from("text"));
      const binary = { path, mode: "100644" as const };
      return { was: { ...binary, bytes: BYTES }, is: { ...binary, bytes: BYTES.slice(1) } };
    }
    const was = kind === 0 ? null : side(path, base);
    const text = kind === 3 && below(2) === 0 ? base : theirs;
    const is = kind === 1 ? null : side(kind === 3 ? `moved/${name}` : path, text);
    for (const [files, file] of [
      [before, was],
      [after, is],
    ] as const)
      if (file !== null) files.set(file.path, Buffer.from((file.bom ? "\ufeff" : "") + file.text));
    return { was, is };
  });
  return { changes, before, after };
}

async function filesIn(folder: string): Promise<Files> {
  const files: Files = new Map();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(folder, path);
    if (entry.isFile() && !name.startsWith(".git/") && name !== "p.patch")
      files.set(name, await readFile(path));
  }
  return files;
}

const sorted = (files: Files) => [...files].sort(([one], [other]) => (one < other ? -1 : 1));

describe(`patches of generated changes (${RUNS}, seed ${SEED})`, function () {
  this.timeout(RUNS * 3_000);

  for (let run = 0; run < RUNS; run += 1) {
    const seed = SEED * 100_003 + run;
    it(`are applied by git (seed ${seed})`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "forkchat-patch-"));
      try {
        const { changes, before, after } = trial(seed);
        const set = buildChanges(SALT, changes);
        assert.ok(set.ok);
        const { text, leftOut } = patchOf(set.value);
        assert.equal(leftOut.length, changes.filter(({ was }) => was !== null && "bytes" in was).length);
        await git(folder, "init", "--quiet");
        for (const [path, bytes] of before) {
          await mkdir(dirname(join(folder, path)), { recursive: true });
          await writeFile(join(folder, path), bytes);
        }
        await writeFile(join(folder, "p.patch"), text);
        if (text !== "") {
          await git(folder, "apply", "--whitespace=nowarn", "--check", "p.patch");
          await git(folder, "apply", "--whitespace=nowarn", "p.patch");
        }
        assert.deepEqual(sorted(await filesIn(folder)), sorted(after));
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
