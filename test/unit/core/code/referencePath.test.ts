// Which names a written path has.
import assert from "node:assert/strict";
import {
  commonNames,
  isPlainOnWindows,
  isSurelyMeant,
  likeliest,
  writtenPath,
} from "../../../../extension/core/code/referencePath.ts";

describe("a written path", () => {
  for (const [path, expected] of [
    ["src/a.ts", "src/a.ts"],
    ["./src/a.ts", "src/a.ts"],
    ["../../src/a.ts", "src/a.ts"],
    ["src/../lib/a.ts", "lib/a.ts"],
    ["src\\lib\\a.ts", "src/lib/a.ts"],
    ["/home/anna/a.ts", "/home/anna/a.ts"],
    ["C:\\work\\a.ts", "/C:/work/a.ts"],
    ["file:///C:/work/a%20b.ts", "/C:/work/a b.ts"],
    ["file:///home/%E0%A4%A/a.ts", "/home/%E0%A4%A/a.ts"],
  ] as const) {
    it(path, () => {
      const written = writtenPath({ path });
      assert.equal(`${written?.isAbsolute === true ? "/" : ""}${written?.names.join("/") ?? ""}`, expected);
    });
  }

  it("has the folders of a package above it", () => {
    assert.deepEqual(writtenPath({ path: "Cart.java", below: "com/example" })?.names, [
      "com",
      "example",
      "Cart.java",
    ]);
  });

  it("is none without a name", () => assert.equal(writtenPath({ path: "../.." }), null));

  it("is none with characters that its reader does not see", () => {
    for (const path of ["src/a\u202est.ts", "src/a\u200b.ts", "file:///w/%E2%80%AEa.ts", "file:///w/a%0A.ts"])
      assert.equal(writtenPath({ path }), null, path);
  });
});

describe("files with the same name", () => {
  const names = (path: string): string[] => path.split("/");

  it("are distinguished by the names above them", () => {
    const files = ["/x/core/src/a.ts", "/x/web/src/a.ts", "/x/web/test/a.ts"];
    assert.deepEqual(likeliest(names("web/src/a.ts"), files, names), ["/x/web/src/a.ts"]);
    assert.deepEqual(likeliest(names("src/a.ts"), files, names), files.slice(0, 2));
    assert.deepEqual(likeliest(names("b.ts"), files, names), []);
  });

  it("share names from their own upwards", () => {
    assert.equal(commonNames(names("/home/anna/app/src/a.ts"), names("/work/app/src/a.ts")), 3);
    assert.equal(commonNames(names("src/a.ts"), names("src/b.ts")), 0);
  });
});

describe("a file that is not at the written path", () => {
  const isSure = (path: string, file: string): boolean =>
    isSurelyMeant(writtenPath({ path }) ?? assert.fail(path), file.split("/"));

  for (const [path, file, expected] of [
    ["a.ts", "/w/src/a.ts", true],
    ["src/a.ts", "/w/web/src/a.ts", true],
    ["/home/bob/shop/src/a.ts", "/w/src/a.ts", true],
    ["/home/bob/shop/a.ts", "/w/shop/a.ts", true],
    ["src/a.ts", "/w/test/a.ts", false],
    ["web/src/x/a.ts", "/w/core/src/x/a.ts", false],
    ["/app/node_modules/x/lib/index.js", "/w/lib/index.js", false],
    ["/app/node_modules/x/lib/index.js", "/w/node_modules/x/lib/index.js", true],
    ["/home/bob/shop/src/a.ts", "/w/test/a.ts", false],
    ["C:\\Users\\bob\\a.ts", "/w/a.ts", false],
    ["\\\\host\\share\\a.ts", "/w/a.ts", false],
    ["\\\\?\\C:\\w\\a.ts", "/v/a.ts", false],
    ["file://host/share/a.ts", "/w/a.ts", false],
    ["/passwd", "/w/deploy/passwd", false],
  ] as const) {
    it(`${path} ${expected ? "can be" : "is perhaps not"} ${file}`, () =>
      assert.equal(isSure(path, file), expected));
  }
});

describe("a path on Windows", () => {
  for (const path of ["/src/a.ts", "/.github/a b.yml", "/console.ts", "/com10/a.ts", "/auxiliary.c"])
    it(`is ${path}`, () => assert.ok(isPlainOnWindows(path)));
  for (const path of [
    ...["/src/a.ts:stream", "/src/a.ts::$DATA", "/src/a.ts.", "/src /a.ts", "/CON", "/con.ts", "/a/nul.txt"],
    ...["/COM1", "/lpt9.log", "/aux .c", "/C:/a.ts", "/a?.ts", "/CONIN$", "/com\u00b9"],
  ])
    it(`is not ${path}`, () => assert.ok(!isPlainOnWindows(path)));
});
