import assert from "node:assert/strict";
import { readdir, stat } from "node:fs/promises";
import { BUNDLE_LIMITS } from "../../scripts/bundleSizes.ts";

describe("the bundles", () => {
  for (const [path, limit] of Object.entries(BUNDLE_LIMITS)) {
    it(`${path} stays within ${(limit / 1024).toFixed(0)} KB`, async () => {
      const { size } = await stat(path);
      assert.ok(size <= limit, `It has ${(size / 1024).toFixed(1)} KB; the build shows of what.`);
    });
  }

  it("all have a size limit", async () => {
    const files = await readdir("dist", { recursive: true });
    const bundles = files.filter((file) => /\.(?:c?js|css)$/.test(file)).map((file) => `dist/${file}`);
    assert.deepEqual(new Set(bundles), new Set(Object.keys(BUNDLE_LIMITS)));
  });
});
