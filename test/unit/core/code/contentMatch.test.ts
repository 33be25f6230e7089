// Lines that are found by their text and by hashes of the lines around them.
import assert from "node:assert/strict";
import { contentPlaces } from "../../../../extension/core/code/contentMatch.ts";
import { linesBeside } from "../../../../extension/core/code/contentPlace.ts";
import { indexLines } from "../../../../extension/core/code/lineIndex.ts";
import { newWork } from "../../../../extension/core/code/lines.ts";
import { finished } from "../../../../extension/core/code/steps.ts";
import { lineHash, wantedFrom } from "../../../support/lineTrials.ts";

const hash = lineHash("salt");
const file = Array.from({ length: 60 }, (_, n) => `const value${n} = read(file${n}, ${n});`);
const range = { from: 20, to: 23 };
const selection = file.slice(20, 24);

function places(target: readonly string[]) {
  const wanted = wantedFrom(file, range, hash);
  const index = finished(indexLines(target, hash));
  const found = finished(contentPlaces(wanted, index, hash, 4, newWork()));
  return { ...found, beside: linesBeside(wanted, index, range) };
}

describe("lines found by content", () => {
  it("have all that was sent in the same file", () => {
    const { found, deserted, beside } = places(file);
    const [best] = found;
    assert.deepEqual(best?.span, range);
    assert.deepEqual([best.inside, best.around, deserted], [1, 1, 0]);
    assert.deepEqual(beside, { above: 8, below: 8 });
  });

  it("are distinguished from a copy by the lines around them", () => {
    const [best] = places([...selection, ...file]).found;
    assert.deepEqual(best?.span, { from: 24, to: 27 });
    assert.ok(best.around > 0.9);
  });

  it("have deserted their surroundings where these stand without them, and have closed up", () => {
    const { found, deserted, closed } = places(file.toSpliced(20, 4));
    assert.deepEqual(found, []);
    assert.ok(deserted > 0.9 && closed);
  });

  it("are scattered where one of them stands elsewhere", () => {
    const [best] = places([...file.toSpliced(23, 1), file[23] ?? ""]).found;
    assert.equal(best?.isScattered, true);
    assert.equal(places(file.toSpliced(23, 1)).found[0]?.isScattered, false);
  });

  it("are repeated where a changed selection stands twice in part", () => {
    const twice = [...file.with(21, "// other"), ...file.slice(22, 24)];
    assert.equal(places(twice).found[0]?.isRepeated, true);
    assert.equal(places(file.with(21, "// other")).found[0]?.isRepeated, false);
  });
});
