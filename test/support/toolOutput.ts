// What tools print about places in files, as it is pasted into a message, with the links that are found in it. Each link is
// `text` or, where they differ, `text => path@line:column-last line`.

type Output = { readonly text: string; readonly links: readonly string[] };

export const toolOutput: Readonly<Record<string, Output>> = {
  Node: {
    text: `/home/bob/proj/src/main.js:12
    throw new Error("no *such* cart");
    ^

Error: no *such* cart
    at Cart.__add__ (/home/bob/proj/src/__cart__/main.js:12:11)
    at new Shop (file:///home/bob/proj/src/my%20shop.mjs:3:5)
    at async Promise.all (index 0)
    at async run (/home/bob/proj/node_modules/.pnpm/a@1.2.3_b@4/node_modules/a/dist/run.js:7:3)
    at async file:///home/bob/proj/src/index.mjs:1:1
    at eval (eval at <anonymous> (/home/bob/proj/src/eval.js:4:9), <anonymous>:1:1)
    at [eval]:1:1
    at node:internal/modules/cjs/loader:1554:14
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
    links: [
      "/home/bob/proj/src/main.js:12",
      "/home/bob/proj/src/__cart__/main.js:12:11",
      "file:///home/bob/proj/src/my%20shop.mjs:3:5",
      "/home/bob/proj/node_modules/.pnpm/a@1.2.3_b@4/node_modules/a/dist/run.js:7:3",
      "file:///home/bob/proj/src/index.mjs:1:1",
      "/home/bob/proj/src/eval.js:4:9",
    ],
  },
  "Node on Windows": {
    text: `Error: no
    at run (C:\\Users\\Bob Smith\\proj\\_src\\main.js:12:11)
    at Object.<anonymous> (C:\\proj\\src\\[id]\\main.js:3:5)
    at C:\\proj\\.vscode\\a.js:4:5
    at async file:///C:/proj/src/main.mjs:5:6
    at load (file:///C:/My%20Proj/src/main.mjs:6:7)`,
    links: [
      "C:\\Users\\Bob Smith\\proj\\_src\\main.js:12:11",
      "C:\\proj\\src\\[id]\\main.js:3:5",
      "C:\\proj\\.vscode\\a.js:4:5",
      "file:///C:/proj/src/main.mjs:5:6",
      "file:///C:/My%20Proj/src/main.mjs:6:7",
    ],
  },
  Chrome: {
    text: `Uncaught (in promise) TypeError: Cannot read properties of undefined (reading 'id')
    at Cart (http://localhost:5173/src/Cart.tsx?t=1718000000000:12:5)
    at renderWithHooks (http://localhost:5173/node_modules/.vite/deps/chunk-ABC.js?v=1a2b3c4d:11548:26)
    at https://localhost:3000/js/app.js:4:20
    at App (webpack-internal:///(rsc)/./src/App.tsx:3:5)
    at load (webpack://my-app/./src/load.ts?1a2b:6:7)
    at https://cdn.example.com/lib/react.js:1:2
    at <anonymous>:1:1`,
    links: [
      "http://localhost:5173/src/Cart.tsx?t=1718000000000:12:5 => /src/Cart.tsx@12:5",
      "http://localhost:5173/node_modules/.vite/deps/chunk-ABC.js?v=1a2b3c4d:11548:26 => /node_modules/.vite/deps/chunk-ABC.js@11548:26",
      "https://localhost:3000/js/app.js:4:20 => /js/app.js@4:20",
      "webpack-internal:///(rsc)/./src/App.tsx:3:5 => ./src/App.tsx@3:5",
      "webpack://my-app/./src/load.ts?1a2b:6:7 => ./src/load.ts@6:7",
    ],
  },
  Firefox: {
    text: `render@http://127.0.0.1:8080/js/app.js:4:20
async*load/<@http://localhost:8080/js/load.js:5:6
@file:///home/bob/proj/src/page.js:7:8
setTimeout handler*go@http://[::1]:8080/js/go.js:9:10
onclick@https://example.org/js/app.js:4:20`,
    links: [
      "http://127.0.0.1:8080/js/app.js:4:20 => /js/app.js@4:20",
      "http://localhost:8080/js/load.js:5:6 => /js/load.js@5:6",
      "file:///home/bob/proj/src/page.js:7:8",
      "http://[::1]:8080/js/go.js:9:10 => /js/go.js@9:10",
    ],
  },
  Python: {
    text: `Traceback (most recent call last):
  File "/srv/app/__main__.py", line 42, in <module>
    main(sys.argv)
    ~~~~^^^^^^^^^^
  File "C:\\My App\\cart.py", line 3, in f
    return a[0]
  File "x.py", line 3, in f
  File "<stdin>", line 1, in <module>
  File "<frozen importlib._bootstrap>", line 241, in _call_with_frames_removed
IndexError: list index out of range`,
    links: [
      '"/srv/app/__main__.py", line 42 => /srv/app/__main__.py@42',
      '"C:\\My App\\cart.py", line 3 => C:\\My App\\cart.py@3',
      '"x.py", line 3 => x.py@3',
    ],
  },
  pytest: {
    text: `________________________________ test_add ________________________________

    def test_add():
>       assert add(1, 2) == 4
E       assert 3 == 4
E        +  where 3 = add(1, 2)

tests/test_a.py:12: AssertionError
=========================== short test summary info ===========================
FAILED tests/test_a.py::test_add - assert 3 == 4`,
    links: ["tests/test_a.py:12"],
  },
  "pytest with short traces": {
    text: `tests/__init__/test_a.py:12: in test_add
    assert add(1, 2) == 4
src/app/__init__.py:3: in add
    raise ValueError("no")
E   ValueError: no`,
    links: ["tests/__init__/test_a.py:12", "src/app/__init__.py:3"],
  },
  Java: {
    text: `Exception in thread "main" java.lang.IllegalStateException: no
	at com.example.shop.Cart.<init>(Cart.java:12)
	at com.example.shop.Cart$Item.lambda$add$0(Cart.java:30)
	at java.base/java.util.ArrayList.forEach(ArrayList.java:1597)
	at app//org.example.Main.main(Main.java:3)
	at java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(Native Method)
	at com.example.Gen.run(Unknown Source)
	... 12 more`,
    links: [
      "Cart.java:12 => com/example/shop … Cart.java@12",
      "Cart.java:30 => com/example/shop … Cart.java@30",
      "ArrayList.java:1597 => java/util … ArrayList.java@1597",
      "Main.java:3 => org/example … Main.java@3",
    ],
  },
  Kotlin: {
    text: `Exception in thread "main" java.lang.IllegalStateException
	at pkg.Cls.m(File.kt:12)
	at com.example.MainKt$main$1.invoke(Main.kt:3)
e: file:///home/bob/proj/src/Main.kt:7:5 Unresolved reference 'x'.
e: /home/bob/proj/src/Old.kt: (8, 5): Unresolved reference: x`,
    links: [
      "File.kt:12 => pkg … File.kt@12",
      "Main.kt:3 => com/example … Main.kt@3",
      "file:///home/bob/proj/src/Main.kt:7:5",
      "/home/bob/proj/src/Old.kt: (8, 5) => /home/bob/proj/src/Old.kt@8:5",
    ],
  },
  "C#": {
    text: `Unhandled exception. System.InvalidOperationException: no
   at Shop.Cart.Add(Int32 n) in /src/A.cs:line 12
   at Shop.Cart.<>c.<Add>b__0_0() in C:\\My Shop\\Cart.cs:line 13
   at Shop.Program.<Main>$(String[] args) in ..\\x\\y.cs:line 3
   bei Shop.Cart.Add(Int32 n) in C:\\src\\Cart.cs:Zeile 14.
C:\\src\\Cart.cs(15,7): error CS0103: no [C:\\src\\Shop.csproj]`,
    links: [
      "/src/A.cs:line 12 => /src/A.cs@12",
      "C:\\My Shop\\Cart.cs:line 13 => C:\\My Shop\\Cart.cs@13",
      "..\\x\\y.cs:line 3 => ..\\x\\y.cs@3",
      "C:\\src\\Cart.cs:Zeile 14 => C:\\src\\Cart.cs@14",
      "C:\\src\\Cart.cs(15,7) => C:\\src\\Cart.cs@15:7",
    ],
  },
  Go: {
    text: `panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
main.add(...)
	/path/main.go:12 +0x1d
main.main()
	/home/bob/go/pkg/mod/example.com/a@v1.2.3/_b/b.go:13 +0x25
exit status 2
--- FAIL: TestAdd (0.00s)
    main_test.go:14: got 3
./main.go:15:2: undefined: x`,
    links: [
      "/path/main.go:12",
      "/home/bob/go/pkg/mod/example.com/a@v1.2.3/_b/b.go:13",
      "main_test.go:14",
      "./main.go:15:2",
    ],
  },
  Rust: {
    text: `thread 'main' panicked at src/main.rs:4:5:
index out of bounds: the len is 3 but the index is 5
thread 'main' panicked at 'no', src/old.rs:6:7
stack backtrace:
   0: rust_begin_unwind
             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5
   3: app::main
             at ./src/main.rs:4:5
error[E0425]: cannot find value \`x\` in this scope
 --> src/main.rs:8:9
  |
8 |     x
  |     ^ not found in this scope
panic 'src/main.rs:10:11'`,
    links: [
      "src/main.rs:4:5",
      "src/old.rs:6:7",
      "/rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5",
      "./src/main.rs:4:5",
      "src/main.rs:8:9",
      "src/main.rs:10:11",
    ],
  },
  Ruby: {
    text: `app/models/cart.rb:12:in 'Cart#add': undefined method 'x' for nil (NoMethodError)
	from app/models/cart.rb:13:in \`block in add'
	from /usr/lib/ruby/3.3.0/set.rb:501:in 'Hash#each_key'
	from bin/rails:4:in '<main>'
	from (irb):1:in '<main>'`,
    links: ["app/models/cart.rb:12", "app/models/cart.rb:13", "/usr/lib/ruby/3.3.0/set.rb:501"],
  },
  PHP: {
    text: `PHP Fatal error:  Uncaught Exception: no in /var/www/a.php:11
Stack trace:
#0 /var/www/a.php(12): add()
#1 b.php(13): App\\Cart->add(Array)
#2 {main}
  thrown in /a/b.php on line 14
PHP Warning:  no in C:\\My Site\\a.php on line 15`,
    links: [
      "/var/www/a.php:11",
      "/var/www/a.php(12) => /var/www/a.php@12",
      "b.php(13) => b.php@13",
      "/a/b.php on line 14 => /a/b.php@14",
      "C:\\My Site\\a.php on line 15 => C:\\My Site\\a.php@15",
    ],
  },
  "gcc, clang and MSVC": {
    text: `In file included from src/_a_/a.h:3,
                 from src/a.c:1:
src/main.c:12:5: error: expected ';' before '}' token
   12 |     x
      |     ^
/usr/bin/ld: /tmp/ccX.o: in function \`main':
main.c:(.text+0x1d): undefined reference to \`f'
C:\\src\\main.cpp(13): error C2065: 'x': undeclared identifier
C:\\src\\main.cpp(14,5): error C2065: 'x': undeclared identifier`,
    links: [
      "src/_a_/a.h:3",
      "src/a.c:1",
      "src/main.c:12:5",
      "C:\\src\\main.cpp(13) => C:\\src\\main.cpp@13",
      "C:\\src\\main.cpp(14,5) => C:\\src\\main.cpp@14:5",
    ],
  },
  tsc: {
    text: `a.ts(3,5): error TS2345: Argument of type 'string' is not assignable.
src/__tests__/a.ts:3:5 - error TS2304: Cannot find name 'x'.

3     x;
      ~

Found 2 errors in 2 files.

Errors  Files
     1  a.ts:3
     1  src/__tests__/a.ts:3`,
    links: ["a.ts(3,5) => a.ts@3:5", "src/__tests__/a.ts:3:5", "a.ts:3", "src/__tests__/a.ts:3"],
  },
  ESLint: {
    text: `
/home/bob/proj/src/__a__.ts
   3:5   error    'x' is not defined             no-undef
  10:12  warning  Unexpected any. *Specify* it   @typescript-eslint/no-explicit-any

C:\\My Proj\\src\\b.ts
  4:1  error  no  semi

✖ 3 problems (2 errors, 1 warning)`,
    links: [
      "3:5 => /home/bob/proj/src/__a__.ts@3:5",
      "10:12 => /home/bob/proj/src/__a__.ts@10:12",
      "4:1 => C:\\My Proj\\src\\b.ts@4:1",
    ],
  },
  Stylelint: {
    text: `src/a.css
  3:5  ✖  Unknown property  property-no-unknown
  4:1  ⚠  Empty block`,
    links: ["3:5 => src/a.css@3:5", "4:1 => src/a.css@4:1"],
  },
  Jest: {
    text: ` FAIL  src/a.test.ts
  ● adds › two

    expect(received).toBe(expected) // Object.is equality

    > 12 |     expect(add(1, 2)).toBe(4)
         |                       ^
      13 |   })

      at Object.<anonymous> (a.test.ts:3:5)
      at Object.toBe (src/__tests__/a.test.ts:12:23)`,
    links: ["a.test.ts:3:5", "src/__tests__/a.test.ts:12:23"],
  },
  Vitest: {
    text: ` FAIL  src/a.test.ts > adds > two
AssertionError: expected 3 to be 4 // Object.is equality

- Expected
+ Received

 ❯ a.test.ts:3:5
 ❯ add src/__tests__/a.test.ts:12:23
     10|   it("adds", () => {
     12|     expect(add(1, 2)).toBe(4)
       |                       ^`,
    links: ["a.test.ts:3:5", "src/__tests__/a.test.ts:12:23"],
  },
};
