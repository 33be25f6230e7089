// The token that a server may ask for.
import assert from "node:assert/strict";
import { readAccessToken } from "../../../../server/admission/accessToken.ts";

const TOKEN = "k9ZQ-xp3Vb7-Tm2Ls8-Wd4";

describe("a server's token", () => {
  it("matches itself and nothing else", () => {
    const token = readAccessToken(TOKEN);
    assert.ok(token.ok);
    assert.equal(token.value.fits(TOKEN), true);
    for (const shown of [
      undefined,
      "",
      TOKEN.slice(1),
      `${TOKEN}x`,
      ` ${TOKEN}`,
      TOKEN.toLowerCase(),
      "\u0000",
      "x".repeat(1e5),
    ]) {
      assert.equal(token.value.fits(shown), false, shown?.slice(0, 30));
    }
  });

  it("is the content of the file without surrounding blanks", () => {
    for (const text of [`${TOKEN}\n`, `\r\n  ${TOKEN}\t\n`, `\ufeff${TOKEN}`]) {
      const token = readAccessToken(text);
      assert.ok(token.ok && token.value.fits(TOKEN), JSON.stringify(text));
    }
  });

  it("has 22 to 256 characters", () => {
    assert.deepEqual(
      [21, 22, 256, 257].map((length) => readAccessToken("x".repeat(length)).ok),
      [false, true, true, false],
    );
  });

  it("is one word of printable characters", () => {
    for (const text of [
      "",
      "\n",
      `${TOKEN} ${TOKEN}`,
      `${TOKEN}\n${TOKEN}`,
      `${TOKEN}\u00e4`,
      `${TOKEN}\u0007`,
    ]) {
      const token = readAccessToken(text);
      assert.equal(
        !token.ok && token.error.includes("one line of printable characters"),
        true,
        JSON.stringify(text),
      );
    }
  });

  it("appears in no error text", () => {
    for (const text of ["twenty-one-characters", `${TOKEN} and more`]) {
      const token = readAccessToken(text);
      assert.ok(!token.ok && !token.error.includes(text.slice(0, 8)));
    }
  });

  it("has a mark that tells it from others, for each key another one", () => {
    const [first, second, other] = [TOKEN, `${TOKEN}\n`, `${TOKEN}x`].map((text) => {
      const token = readAccessToken(text);
      assert.ok(token.ok);
      return token.value;
    });
    const [key, otherKey] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const mark = first?.mark(key);
    assert.equal(second?.mark(key), mark);
    assert.match(mark ?? "", /^[\w-]{11}$/);
    assert.notEqual(other?.mark(key), mark);
    assert.notEqual(first?.mark(otherKey), mark);
  });

  it("reveals nothing when it is printed", () => {
    const token = readAccessToken(TOKEN);
    assert.ok(token.ok);
    assert.ok(!`${JSON.stringify(token)}${Object.keys(token.value).join()}`.includes(TOKEN));
  });
});
