// Which names a written path has.
import assert from "node:assert/strict";
import { commonNames, likeliest, writtenPath } from "../../../../extension/core/code/referencePath.ts";

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
});

describe("files with the same name", () => {
  const names = (path: string): string[] => path.split("/");

  it("are told apart by the names above them", () => {
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
