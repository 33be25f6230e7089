// Places in files as people and tools write them.
import assert from "node:assert/strict";
import fc from "fast-check";
import { findReferences } from "../../../protocol/fileReference.ts";

/** `text` of each link, and where it leads. */
function links(text: string): string[] {
  return findReferences(text).map(({ start, end, reference: { path, line, column, toLine, below } }) => {
    const at = [line, column].filter((each) => each !== undefined).join(":");
    return `${text.slice(start, end)} => ${below === undefined ? "" : `${below} … `}${path}@${at}${toLine === undefined ? "" : `-${String(toLine)}`}`;
  });
}

const examples: Readonly<Record<string, readonly (readonly [text: string, ...links: string[]])[]>> = {
  "as people write them": [
    ["see src/a.ts:12 there", "src/a.ts:12 => src/a.ts@12"],
    ["src/a.ts:12:5", "src/a.ts:12:5 => src/a.ts@12:5"],
    ["(src/a.ts:12-20).", "src/a.ts:12-20 => src/a.ts@12-20"],
    ["a.ts#L10-L20", "a.ts#L10-L20 => a.ts@10-20"],
    ["a.ts#L10, b.ts#L3-5", "a.ts#L10 => a.ts@10", "b.ts#L3-5 => b.ts@3-5"],
    ["**src/a.ts:3**", "src/a.ts:3 => src/a.ts@3"],
    ['look at "my folder/a file.ts:7"', "my folder/a file.ts:7 => my folder/a file.ts@7"],
    ['look at "my folder/a file.ts":7', '"my folder/a file.ts":7 => my folder/a file.ts@7'],
    ["app/(shop)/[id]/page.tsx:3", "app/(shop)/[id]/page.tsx:3 => app/(shop)/[id]/page.tsx@3"],
    ["Makefile:3 and .gitignore:1", "Makefile:3 => Makefile@3", ".gitignore:1 => .gitignore@1"],
    ["file:///home/anna/a.ts", "file:///home/anna/a.ts => file:///home/anna/a.ts@"],
    ["file:///C:/work/a%20b.ts:3:1", "file:///C:/work/a%20b.ts:3:1 => file:///C:/work/a%20b.ts@3:1"],
    ["C:\\work\\a.ts:3", "C:\\work\\a.ts:3 => C:\\work\\a.ts@3"],
    ["at d:/work/a.ts:3:9)", "d:/work/a.ts:3:9 => d:/work/a.ts@3:9"],
  ],
  "in stack traces": [
    [
      "    at run (/home/anna/app/src/main.js:12:5)",
      "/home/anna/app/src/main.js:12:5 => /home/anna/app/src/main.js@12:5",
    ],
    ["    at async file:///app/main.mjs:3:1", "file:///app/main.mjs:3:1 => file:///app/main.mjs@3:1"],
    ["    at node:internal/modules/loader:12:5"],
    [
      "    at App (http://localhost:3000/src/App.tsx:12:5)",
      "http://localhost:3000/src/App.tsx:12:5 => /src/App.tsx@12:5",
    ],
    ["    at webpack:///./src/a.ts:12:5", "webpack:///./src/a.ts:12:5 => ./src/a.ts@12:5"],
    [
      "render@http://127.0.0.1:8080/js/app.js:4:20",
      "http://127.0.0.1:8080/js/app.js:4:20 => /js/app.js@4:20",
    ],
    ["run@https://example.org/js/app.js:4:20"],
    ['  File "/srv/app/main.py", line 42, in <module>', '"/srv/app/main.py", line 42 => /srv/app/main.py@42'],
    ["\tat com.example.shop.Cart.add(Cart.java:12)", "Cart.java:12 => com/example/shop … Cart.java@12"],
    ["\tat com.example.MainKt.main(Main.kt:3)", "Main.kt:3 => com/example … Main.kt@3"],
    [
      "   at Shop.Cart.Add(Int32 n) in C:\\src\\Cart.cs:line 12",
      "C:\\src\\Cart.cs:line 12 => C:\\src\\Cart.cs@12",
    ],
    [
      "\t/home/anna/go/src/app/main.go:12 +0x1b",
      "/home/anna/go/src/app/main.go:12 => /home/anna/go/src/app/main.go@12",
    ],
    ["  --> src/main.rs:12:5", "src/main.rs:12:5 => src/main.rs@12:5"],
    ["app/models/cart.rb:12:in 'add'", "app/models/cart.rb:12 => app/models/cart.rb@12"],
    ["PHP Fatal error: x in /var/www/a.php on line 12", "/var/www/a.php on line 12 => /var/www/a.php@12"],
    ["#0 /var/www/a.php(12): add()", "/var/www/a.php(12) => /var/www/a.php@12"],
  ],
  "in the output of tools": [
    ["src/main.c:12:5: error: expected ';'", "src/main.c:12:5 => src/main.c@12:5"],
    ["src/a.ts(12,5): error TS2345: no", "src/a.ts(12,5) => src/a.ts@12:5"],
    ["src/a.ts:12:5 - error TS2345: no", "src/a.ts:12:5 => src/a.ts@12:5"],
    ["[ERROR] /app/src/Cart.java:[12,5] no", "/app/src/Cart.java:[12,5] => /app/src/Cart.java@12:5"],
    [
      "/app/src/a.ts\n  12:5  error  No  no-undef\n  13:1  warning  So  semi\n\nother\n 1:2  error",
      "12:5 => /app/src/a.ts@12:5",
      "13:1 => /app/src/a.ts@13:1",
    ],
    ["tests/test_cart.py:12: AssertionError", "tests/test_cart.py:12 => tests/test_cart.py@12"],
    ["      at Object.<anonymous> (src/cart.test.ts:12:5)", "src/cart.test.ts:12:5 => src/cart.test.ts@12:5"],
    [" ❯ src/cart.test.ts:12:5", "src/cart.test.ts:12:5 => src/cart.test.ts@12:5"],
  ],
  "and nothing else": [
    ["at 12:30, 16:9, a:1, 1.5:30"],
    ["localhost:3000, example.com:8080, http://example.org:80/a"],
    ["v1.2.3:4 and and/or:1 and TCP/IP:80"],
    ["f(12), issue #L, line 3 on line 4"],
    ["src/a.ts:0"],
  ],
};

describe("a place in a file", () => {
  for (const [where, texts] of Object.entries(examples)) {
    for (const [text, ...expected] of texts) {
      it(`${where}: ${text.split("\n", 1).join("").trim()}`, () => assert.deepEqual(links(text), expected));
    }
  }

  it("is read from any text, in order, each part of the text once", () => {
    const pieces = fc.constantFrom(
      ..."ab/.:\\ \n\"'(12)[]#L-@,".split(""),
      "file:///",
      "http://",
      ".ts",
      ":12",
      " line 3",
      "C:\\",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        let end = 0;
        for (const each of findReferences(parts.join(""))) {
          assert.ok(each.start >= end && each.end > each.start);
          end = each.end;
        }
      }),
    );
  });
});
