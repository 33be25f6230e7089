// Places in files as people and tools write them.
import assert from "node:assert/strict";
import fc from "fast-check";
import { limits } from "../../../protocol/limits.ts";
import { findReferences } from "../../../protocol/findReferences.ts";
import { SearchWork } from "../../../protocol/searchWork.ts";
import { almostLinks } from "../../support/almostLinks.ts";
import { stepsOf } from "../../support/regexSteps.ts";
import { toolOutput } from "../../support/toolOutput.ts";

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
    ["..\\x\\y.cs:line 3", "..\\x\\y.cs:line 3 => ..\\x\\y.cs@3"],
    ["\\\\host\\share\\a.cs:3", "\\\\host\\share\\a.cs:3 => \\\\host\\share\\a.cs@3"],
    ["file:///a.ts#L10-L20.", "file:///a.ts#L10-L20 => file:///a.ts@10-20"],
    ["(file:///home/a/b.ts), there", "file:///home/a/b.ts => file:///home/a/b.ts@"],
    ["file:///home/a(1)/b(2).ts", "file:///home/a(1)/b(2).ts => file:///home/a(1)/b(2).ts@"],
    ["file://localhost/a.ts:3", "file://localhost/a.ts:3 => file://localhost/a.ts@3"],
    ["file://localhost/a.ts", "file://localhost/a.ts => file://localhost/a.ts@"],
    ["FILE:///c:/a.ts:3", "FILE:///c:/a.ts:3 => FILE:///c:/a.ts@3"],
    ["a.ts:12:5-20:3", "a.ts:12:5-20:3 => a.ts@12:5-20"],
    ["a.ts:3:5-9", "a.ts:3:5-9 => a.ts@3:5"],
    ["a.ts:3:0", "a.ts:3:0 => a.ts@3"],
    ["a.ts:20-12", "a.ts:20-12 => a.ts@20"],
    [
      "'my folder/a.ts:7', “my folder/b.ts”:8",
      "my folder/a.ts:7 => my folder/a.ts@7",
      "“my folder/b.ts”:8 => my folder/b.ts@8",
    ],
    ['"C:\\My Work\\a.ts:7:5"', "C:\\My Work\\a.ts:7:5 => C:\\My Work\\a.ts@7:5"],
    ["it's in src/a.ts:7'", "src/a.ts:7 => src/a.ts@7"],
    ["请看src/a.ts:12。（b.ts:3）", "src/a.ts:12 => src/a.ts@12", "b.ts:3 => b.ts@3"],
    ["src/a.tsの12と、src/b.ts:3を見て", "src/b.ts:3 => src/b.ts@3"],
    ["文档/a.ts:12", "文档/a.ts:12 => 文档/a.ts@12"],
    ["öffne straße/größe.ts:12", "straße/größe.ts:12 => straße/größe.ts@12"],
    ["a copy (1).ts:3, b(2).ts:4", "b(2).ts:4 => b(2).ts@4"],
    ["packages/@scope/a/index.d.ts:3", "packages/@scope/a/index.d.ts:3 => packages/@scope/a/index.d.ts@3"],
    ["file=src/a.ts:3,line=4", "src/a.ts:3 => src/a.ts@3"],
    ["src/a.ts:12: see b.ts:3", "src/a.ts:12 => src/a.ts@12", "b.ts:3 => b.ts@3"],
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
    ["12:30:05, 2026-11-29T12:30:05.123Z, 12:30:05.log, ratio 3:4 and 1.5:2.5"],
    [
      "server.example.de:8080, db.prod.eu:5432, 10.0.0.1:80, example.com:8080/src/a.ts:3, localhost:3000/a.ts:3",
    ],
    ["https://example.com:8080/src/a.ts:12:5 and https://example.com/?file=src/a.ts:12"],
    ["https://example.com/x,y/a.ts:3 www.example.com/a.ts:12 ftp://example.com/a.ts:3 git://h/a.ts:3"],
    ["https://github.com/anna/app/blob/main/src/a.ts#L10-L20"],
    ["https://gitlab.com/a/b/-/blob/main/a.ts#L3 https://bitbucket.org/a/b/src/c/a.ts#lines-3:5"],
    ["anna@example.rs:12, git@github.com:12, mailto:anna@example.md:3"],
    ["[::1]:8080, fe80::1:12, 2001:db8::a.b:5, http://[::1]:3000/"],
    ["key:12 port:8080 a.b:3 server.port:8080 spring.datasource:3 this.width:100"],
    ["v1.2.3:4 1.2.x:3 node:20 python3.11:3 1.0.0-rc.1:2"],
    ["list.get(3), pool.end(1, 2), .at(4), a/b.of(5), Math.max(3,5)"],
    ["a.ts:12px a.ts:3rd a.ts#L3x a.ts:12345678"],
    ["src/a.ts: 12, src/a.ts :12, : 12, (12), :[1,2]"],
    ["node:internal/a.js:3:5, file://, file:///, file://host/a.ts:3"],
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

describe("the search for places in files", () => {
  /** Steps of its expressions and characters that it looks at itself, for each character. */
  const costOf = (text: string): number => {
    const work = new SearchWork(text.length);
    const steps = stepsOf(() => findReferences(text, work));
    return (steps + work.spent) / text.length;
  };

  for (const [name, piece] of Object.entries(almostLinks)) {
    it(`costs the same for each character, however many there are: ${name}`, () => {
      const [one, four] = [limits.textBytes / 4, limits.textBytes].map((length) =>
        costOf(piece.repeat(Math.ceil(length / piece.length)).slice(0, length)),
      );
      assert.ok(one !== undefined && four !== undefined);
      assert.ok(four < 120, `${four.toFixed(1)} for each character`);
      assert.ok(four < one * 1.5 + 2, `${one.toFixed(1)}, then ${four.toFixed(1)}`);
    });
  }

  it("finds each link of the longest stack traces, and behind a log full of times", () => {
    for (const { text, links } of Object.values(toolOutput)) {
      const times = Math.floor(limits.textBytes / text.length);
      const work = new SearchWork(text.length * times);
      const found = findReferences(`${text}\n`.repeat(times), work);
      assert.equal(found.length, Math.min(350, links.length * times));
      assert.ok(!work.isSpent);
    }
    const log = "2026-11-29T12:30:05.123Z [12:30:05] ratio 3:4 f(12) pool.end(3) key:12\n".repeat(220);
    assert.equal(findReferences(`${log}src/a.ts:12`).length, 1);
  });
});
