import assert from "node:assert/strict";
import { KnownBases } from "../../../../extension/host/code/knownBases.ts";

describe("Known bases", () => {
  it("are those of one file, the latest first, each once", () => {
    const bases = new KnownBases();
    for (const [file, text] of ["a old", "b other", "a new", "a old"].map((each) => each.split(" ")))
      bases.remember(file ?? "", text ?? "");
    assert.deepEqual(bases.of("a"), ["old", "new"]);
    assert.deepEqual(bases.of("b"), ["other"]);
    assert.deepEqual(bases.of("c"), []);
  });

  it("are forgotten from the oldest when there are too many, or too long ones", () => {
    const bases = new KnownBases();
    for (let n = 0; n < 20; n += 1) bases.remember("a", String(n));
    assert.deepEqual(
      bases.of("a"),
      Array.from({ length: 16 }, (_, n) => String(19 - n)),
    );
    const long = "x".repeat(2 * 1024 * 1024);
    bases.remember("a", `1${long}`);
    bases.remember("a", long);
    assert.deepEqual(bases.of("a"), [long]);
  });
});
