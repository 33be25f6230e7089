// No text of others becomes a link that runs a command.
import assert from "node:assert/strict";
import { iconless, listedName, plainText } from "../../../../extension/host/vscode/plainText.ts";

describe("text in notifications", () => {
  for (const [given, expected] of [
    ["No one named [x](command:a.b?%22%22) is online", "No one named [x] - (command:a.b?%22%22) is online"],
    ["[a] (command:b) [c]\n(command:d)", "[a] - (command:b) [c] - (command:d)"],
    ["a\u202Eb\u0007c", "a b c"],
    ["a\u061cb\u200ec\u2068d\u2069e", "a b c d e"],
    ["a\u200bb\u2028c\u2029d\u00ade\ufeffd\u2060f\u180eg\u3164h\u115fi\ufff9j", "a b c d e d f g h i j"],
    ["\u{e0001}a\u{1d173}b\u206ac", " a b c"],
    ["[x]\u061c(command:a) [y]\u200b(command:b)", "[x] - (command:a) [y] - (command:b)"],
    ["a\u{e0061}\u{e0062}b", "a  b"],
    [
      "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
      "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    ],
    ["👩\u200d👧 ❤\ufe0f می\u200cخواهم", "👩\u200d👧 ❤\ufe0f می\u200cخواهم"],
    ["ordinary (text) [as it is]", "ordinary (text) [as it is]"],
  ] as const) {
    it(`${JSON.stringify(given)} is harmless`, () => assert.equal(plainText(given), expected));
  }
});

describe("text in lists", () => {
  it("shows no pictures", () => assert.equal(iconless("a $(sync~spin) $5 (b)"), "a \\$(sync~spin) $5 (b)"));

  it("names what is hidden in the name of a file", () => {
    assert.equal(listedName("photo\u202egnp.exe"), "photo[U+202E]gnp.exe");
    assert.equal(listedName("$\u200b(verified) a.txt"), "$[U+200B](verified) a.txt");
    assert.equal(listedName("$(verified) a.txt"), "\\$(verified) a.txt");
    assert.equal(listedName("دليل المستخدم.pdf"), "دليل المستخدم.pdf");
  });

  it("shows the end of a file's name, where a list would cut off what follows many blanks", () => {
    for (const blank of [" ", "\u00a0", "\u2003", "\u2800", "\u3000"])
      assert.equal(listedName(`photo.png${blank.repeat(100)}.exe`), "photo.png … .exe");
    assert.equal(listedName("my photo.png"), "my photo.png");
  });

  it("names what is hidden between blanks, which would make no run of them", () => {
    for (const blank of ["\u00a0", "\u2003", "\u2800", "\u3000"])
      assert.equal(
        listedName(`photo.png${`${blank}\u200d`.repeat(2)}.exe`),
        `photo.png${`${blank}[U+200D]`.repeat(2)}.exe`,
      );
  });
});
