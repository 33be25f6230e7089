// The version that is packed is the one that CHANGELOG.md describes as the newest.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { rawManifest } from "../../support/manifest.ts";

const read = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), "utf8");
const Versioned = v.object({ version: v.string() });
const Lock = v.object({ version: v.string(), packages: v.object({ "": Versioned }) });

describe("the version", () => {
  const { version } = v.parse(Versioned, rawManifest());

  it("in the manifest is the changelog's newest release", () => {
    assert.equal(/^## (\d\S*) - \d{4}-\d{2}-\d{2}$/mu.exec(read("CHANGELOG.md"))?.[1], version);
  });

  it("in the lock file is the manifest's", () => {
    const lock = v.parse(Lock, JSON.parse(read("package-lock.json")));
    assert.deepEqual([lock.version, lock.packages[""].version], [version, version]);
  });
});
