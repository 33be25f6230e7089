// The one gate for names of files that a peer sends.
import assert from "node:assert/strict";
import fc from "fast-check";
import { allowedName, nameFault, numberedName, pathFault, pathKey } from "../../../protocol/fileNames.ts";

const FAULTS: Readonly<Record<string, readonly string[]>> = {
  outside: ["", ".", "..", "a/b", "a\\b", "C:", "c:x", "/"],
  git: [
    ".git",
    ".GIT",
    ".Git.",
    ".git ",
    ".git. .",
    "git~1",
    "GIT~12",
    ".g\u200cit",
    ".gıt",
    "．git",
    ".git::$INDEX_ALLOCATION",
  ],
  characters: ["a\0", "a\nb", "a\u202eb", "\u2028", "\ud800", "a\u200bb", "\ufeffa", "a\u00adb"],
  stream: ["file:stream", "file::$DATA"],
  device: ["con", "NUL", "nul.txt", "Aux.c", "com1", "COM¹.log", "lpt9", "prn .txt", "CONIN$", "conout$.x"],
  trailing: ["a.", "a ", " a", "a..", "a\u3000"],
  long: ["a".repeat(256), "日".repeat(86)],
};

describe("a name of a file", () => {
  for (const [fault, names] of Object.entries(FAULTS))
    for (const name of names)
      it(`${JSON.stringify(name.slice(0, 30))} has the fault "${fault}"`, () => {
        assert.equal(nameFault(name, false), fault);
        assert.equal(nameFault(name, true), fault);
      });

  for (const name of [
    "a",
    ".gitignore",
    "git",
    "git~",
    "a.b",
    "console",
    "com",
    "com10",
    "nul1",
    "größe",
    "日本",
    "it's",
    "a".repeat(255),
  ])
    it(`${JSON.stringify(name.slice(0, 30))} is fine`, () => {
      assert.equal(nameFault(name, true), null);
    });

  it("may have some characters on other systems than Windows only", () => {
    for (const name of ['a"b', "a?", "a*", "a<b", "a>b", "a|b"]) {
      assert.equal(nameFault(name, false), null);
      assert.equal(nameFault(name, true), "characters");
    }
  });

  it("has its faults anywhere in a path", () => {
    assert.equal(pathFault("a/b/c.ts", true), null);
    const faults = ["a/../b", "/a", "a//b", "a/.git/hooks/x", "nul/a", "a/b./c", "a/"].map((path) =>
      pathFault(path, false),
    );
    assert.deepEqual(faults, ["outside", "outside", "outside", "git", "device", "trailing", "outside"]);
  });

  it("has the key of the names that can be the same file", () => {
    assert.equal(pathKey("A/é.ts"), pathKey("a/E\u0301.TS"));
    assert.notEqual(pathKey("a/e.ts"), pathKey("a/é.ts"));
  });
});

describe("the name for a file that a peer sends", () => {
  const cases: Readonly<Record<string, string>> = {
    "report.pdf": "report.pdf",
    "日本.txt": "日本.txt",
    "a:b.txt": "a_b.txt",
    "../../etc/passwd": ".._.._etc_passwd",
    "..": "_",
    ".git": "_.git",
    "NUL.txt": "_NUL.txt",
    "photo\u202egnp.exe": "photo_gnp.exe",
    "end. ": "end",
    "": "_",
    "\u200b": "_",
    [`${"a".repeat(300)}.txt`]: `${"a".repeat(196)}.txt`,
  };
  for (const [name, expected] of Object.entries(cases))
    it(`is ${JSON.stringify(expected.slice(0, 30))} for ${JSON.stringify(name.slice(0, 30))}`, () => {
      assert.equal(allowedName(name, true), expected);
    });

  it("passes the gate whatever the peer calls it, also with a number", () => {
    const unit = fc.constantFrom(...Array.from("aé日😀.:/\\*? \u202e\u200b\0\ud800~1gitnulcon"));
    const name = fc.oneof(fc.string({ unit, maxLength: 300 }), fc.string({ unit: "binary", maxLength: 300 }));
    fc.assert(
      fc.property(name, fc.boolean(), (peers, onWindows) => {
        const own = allowedName(peers, onWindows);
        assert.equal(nameFault(own, onWindows), null);
        assert.equal(nameFault(numberedName(own, 1000), onWindows), null);
      }),
      { numRuns: 300 },
    );
  });

  it("gets its number before the extension", () => {
    assert.equal(numberedName("a.txt", 1), "a.txt");
    assert.equal(numberedName("a.txt", 2), "a (2).txt");
    assert.equal(numberedName("a.tar.gz", 3), "a.tar (3).gz");
    assert.equal(numberedName(".env", 2), ".env (2)");
    assert.equal(numberedName("a", 2), "a (2)");
  });
});
