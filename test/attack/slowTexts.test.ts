// Texts made to be slow: whatever someone writes, reading and coloring it takes a bounded number of steps. These are steps of
// regular expressions, not time. The ordinary run breeds from one seed; `FORKCHAT_LONG` breeds from random ones for eight minutes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { fuzz, LONG } from "../fuzz/fuzz.ts";
import type { Search, Worst } from "../support/slowTextSearch.ts";
import { slowTexts, slowToColor, slowToRead } from "../support/slowTexts.ts";

/** Of a message of the largest size, six for each character that may be scanned; and of a block of code that gets colors. */
const MARKDOWN_STEPS = 6_000_000;
const COLOR_STEPS = 4_000_000;

const PROGRAM = fileURLToPath(new URL("../support/slowTextSearch.ts", import.meta.url));

const LARGEST = 16 * 1024;
const LARGEST_CODE = 4000;

const languages = [
  ...["bash", "c", "cpp", "css", "diff", "go", "java", "javascript"],
  ...["json", "markdown", "python", "rust", "sql", "typescript", "xml", "yaml"],
];

/** Loops of the counting matcher are calls. */
const STACK_MB = 200;

/** Bundled because workers cannot load TypeScript. */
let program = "";

before(async () => {
  const bundle = { bundle: true, write: false, platform: "node", format: "cjs", target: "node20" } as const;
  const { outputFiles } = await build({ entryPoints: [PROGRAM], ...bundle });
  program = outputFiles[0]?.text ?? "";
});

async function assertBounded(search: Search): Promise<void> {
  const worker = new Worker(program, {
    eval: true,
    workerData: search,
    resourceLimits: { stackSizeMb: STACK_MB },
  });
  try {
    const [found] = (await once(worker, "message")) as [Worst[]];
    for (const { language, steps, most, text } of found) {
      const shown = JSON.stringify(text.slice(0, 200));
      assert.ok(
        steps <= most,
        `${language ?? "a message"}: ${steps} steps, more than ${Math.floor(most)}, with the seed ${search.seed}: ${shown}`,
      );
    }
  } finally {
    await worker.terminate();
  }
}

/** The long form begins again with the next seed until this many milliseconds have passed. */
const BREEDING_MS = LONG ? 480_000 : 0;

async function breed(search: Search): Promise<void> {
  const end = Date.now() + BREEDING_MS;
  for (let { seed } = search; ; seed += 1) {
    await assertBounded({ ...search, seed });
    if (Date.now() >= end) return;
  }
}

const ORDINARY_SEED = 1;

const markdown = { languages: [null], small: 1000, large: LARGEST, limit: MARKDOWN_STEPS, known: [] };
const code = { languages, small: LONG ? 600 : 300, large: LARGEST_CODE, limit: COLOR_STEPS, known: [] };

describe("a text that was found to be slow", () => {
  it("is read within the steps that are charged for it", async () => {
    const known = [...Object.values(slowTexts), ...slowToRead].map((text) => ({ language: null, text }));
    await assertBounded({ ...markdown, languages: [], known, seed: 0, generations: 0 });
  });

  it("is colored within a bounded number of steps", async () => {
    const known = slowToColor.map(([language, text]) => ({ language, text }));
    await assertBounded({ ...code, languages: [], known, seed: 0, generations: 0 });
  });
});

describe("a text that is bred to be slow", () => {
  fuzz(
    "is read within the steps that are charged for it",
    (seed) => breed({ ...markdown, seed, generations: LONG ? 16 : 4 }),
    ORDINARY_SEED,
  );

  fuzz(
    "is colored within a bounded number of steps, in each language",
    (seed) => breed({ ...code, seed, generations: LONG ? 2 : 1 }),
    ORDINARY_SEED,
  );
});
