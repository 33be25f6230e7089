// The keyed hashes of code parts. The expected values come from another implementation.
import assert from "node:assert/strict";
import { baseTag, lineHasher } from "../../../../extension/host/code/codeHashes.ts";

const SALT = "c2FsdC1vZi1vbmUtbWVzc2FnZQ";

describe("the hash of a line", () => {
  for (const [line, expected] of [
    ["const a = 1;", "6e01"],
    ["}", "7e52"],
    ["", "534d"],
    ['const größe = "a b";', "38ef"],
  ] as const) {
    it(`is ${expected} for ${JSON.stringify(line)}`, () => {
      assert.equal(lineHasher(SALT)(line).toString(16), expected);
    });
  }

  it("has 16 bits and depends on the salt", () => {
    const lines = Array.from({ length: 1000 }, (_, index) => `line ${String(index)}`);
    const hashes = lines.map(lineHasher(SALT));
    assert.ok(hashes.every((hash) => Number.isInteger(hash) && hash >= 0 && hash <= 0xffff));
    const others = lines.map(lineHasher(`${SALT}x`));
    assert.ok(hashes.filter((hash, index) => hash === others[index]).length < 5);
  });
});

describe("the tag of a base", () => {
  const text = "const a = 1;\nreturn a;\n";

  it("is 16 bytes in base64url", () => {
    assert.equal(baseTag(SALT, text), "BHGvhZe7oMyp0de0rnm0iQ");
    assert.equal(baseTag(SALT, ""), "Id7fvumvocVObBGVmomgKQ");
  });

  it("is the same for other line ends and with a byte order mark", () => {
    for (const same of [text.replaceAll("\n", "\r\n"), text.replaceAll("\n", "\r"), `\ufeff${text}`]) {
      assert.equal(baseTag(SALT, same), baseTag(SALT, text));
    }
  });

  it("differs for another text and another salt", () => {
    const tags = [baseTag(SALT, text), baseTag(SALT, `${text}\n`), baseTag(`${SALT}x`, text)];
    assert.equal(new Set(tags).size, 3);
  });
});
