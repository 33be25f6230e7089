// A URL's path without needless escapes.
import assert from "node:assert/strict";
import fc from "fast-check";
import { withoutNeedlessEscapes } from "../../../protocol/urlPath.ts";

/** Decodes once, and again until nothing changes. */
function bySteps(path: string): string {
  const decoded = path.replace(/%[0-9a-f]{2}/giu, (escape) => {
    const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
    return /[A-Za-z0-9_.~-]/u.test(character) ? character : escape.toUpperCase();
  });
  return decoded === path ? decoded : bySteps(decoded);
}

describe("a path without needless escapes", () => {
  it("is decoded until nothing changes", () => {
    const part = fc.constantFrom("%", "%6", "%61", "%%", "3", "1", "a", "F", "/", "ü", "%c3", "%2f", "%25");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const path = parts.join("");
        const decoded = withoutNeedlessEscapes(path);
        assert.equal(decoded, bySteps(path));
        assert.equal(withoutNeedlessEscapes(decoded), decoded);
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes one pass, however often decoding makes an escape", () => {
    const depth = 200_000;
    assert.equal(withoutNeedlessEscapes(`/${"%3".repeat(depth)}31`), "/31");
  });
});
