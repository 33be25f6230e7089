// What applying a change set would do to one's own files.
import assert from "node:assert/strict";
import * as v from "valibot";
import { buildChanges, type FileSide } from "../../../../extension/core/changes/buildChanges.ts";
import { planOf, type FileHere, type OwnFile } from "../../../../extension/core/changes/plan.ts";
import type { ChangeSet, FileMode } from "../../../../protocol/changes.ts";
import { Token } from "../../../../protocol/fields.ts";

const SALT = v.parse(Token, "A".repeat(22));
const text = (of: string, encoding = "utf8", bom = false) => ({ text: of, encoding, bom });
const side = (path: string, content: OwnFile, mode: FileMode = "100644"): FileSide => ({
  path,
  mode,
  ...content,
});

const BASE = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join("");
const THEIRS = BASE.replace("line 10\n", "their line\n");

function change(was: FileSide | null, is: FileSide | null): ChangeSet {
  const set = buildChanges(SALT, [{ was, is }]);
  assert.ok(set.ok);
  return set.value;
}

function plan(
  set: ChangeSet,
  files: Readonly<Record<string, FileHere>>,
  bases: Readonly<Record<string, string>> = {},
) {
  const own = {
    files: new Map(Object.entries(files)),
    bases: new Map(Object.entries(bases)),
    onWindows: false,
  };
  const [planned] = planOf(set, own);
  assert.ok(planned);
  return planned;
}

const outcome = (...given: Parameters<typeof plan>) => plan(...given).outcome;
const clean = (file: OwnFile | null, from: string | null = null) => ({ kind: "clean", file, from });
const edit = change(side("a.ts", text(BASE)), side("a.ts", text(THEIRS)));

describe("a modified file", () => {
  it("is merged into one's own, whose line endings, encoding and byte order mark stay", () => {
    const mine = BASE.replace("line 2\n", "my line\n").replaceAll("\n", "\r\n");
    const merged = THEIRS.replace("line 2\n", "my line\n").replaceAll("\n", "\r\n");
    const own = { "a.ts": text(mine, "windows1252", true) };
    assert.deepEqual(outcome(edit, own, { "a.ts": BASE }), clean(text(merged, "windows1252", true)));
  });

  it("is merged without its base where the place of each hunk is sure", () => {
    const mine = `// mine\n${BASE}`;
    assert.deepEqual(outcome(edit, { "a.ts": text(mine) }), clean(text(`// mine\n${THEIRS}`)));
    assert.deepEqual(outcome(edit, { "a.ts": text(`// mine\n${THEIRS}`) }), { kind: "already" });
  });

  it("needs its base where that is not sure", () => {
    const missing = { kind: "missingBase", path: "a.ts" };
    for (const mine of [
      BASE + BASE,
      BASE.replace("line 9\n", "my line\n"),
      THEIRS + BASE,
      THEIRS + THEIRS,
      "",
    ])
      assert.deepEqual(outcome(edit, { "a.ts": text(mine) }), missing, mine);
    const both = change(side("a.ts", text(BASE)), side("a.ts", text(THEIRS.replace("line 1\n", "x\n"))));
    const [start, end] = [BASE.slice(0, BASE.indexOf("line 6\n")), BASE.slice(BASE.indexOf("line 6\n"))];
    assert.deepEqual(outcome(both, { "a.ts": text(end + start) }), missing, "in another order");
    // A base that is not the one of the hunks is none.
    const own = { "a.ts": text(BASE.replace("line 9\n", "my line\n")) };
    assert.deepEqual(outcome(edit, own, { "a.ts": BASE.replace("line 9", "x") }), missing);
    assert.deepEqual(outcome(edit, own, { "a.ts": `${BASE}x\n` }), missing);
  });

  it("conflicts where the same lines were changed, and says where", () => {
    const mine = BASE.replace("line 10\n", "my line\nanother\n");
    const found = outcome(edit, { "a.ts": text(mine) }, { "a.ts": BASE });
    assert.ok(found.kind === "conflict" && found.conflict.why === "lines");
    const { conflicts, marked } = found.conflict.merge;
    const lines = (count: number) => ({ from: 10, lines: count });
    assert.deepEqual(conflicts, [{ base: lines(1), mine: lines(2), theirs: lines(1) }]);
    assert.equal(
      marked({ mine: "mine", theirs: "anna" }),
      BASE.replace("line 10\n", "<<<<<<< mine\nmy line\nanother\n=======\ntheir line\n>>>>>>> anna\n"),
    );
  });

  it("gets line endings, a byte order mark or an encoding that the change has changed", () => {
    const crlf = THEIRS.replaceAll("\n", "\r\n");
    const set = change(side("a.ts", text(BASE)), side("a.ts", text(crlf, "utf16le", true)));
    const mine = BASE.replace("line 2\n", "my line\n");
    const merged = crlf.replace("line 2\r\n", "my line\r\n");
    const bases = { "a.ts": BASE };
    assert.deepEqual(outcome(set, { "a.ts": text(mine) }, bases), clean(text(merged, "utf16le", true)));
    assert.deepEqual(outcome(set, { "a.ts": text(mine) }), { kind: "missingBase", path: "a.ts" });
    const encoded = change(side("a.ts", text(BASE)), side("a.ts", text(BASE, "windows1252")));
    assert.deepEqual(outcome(encoded, { "a.ts": text(mine) }, bases), clean(text(mine, "windows1252")));
  });

  it("gets no byte order mark that was there before the change", () => {
    const set = change(side("a.ts", text(BASE, "utf8", true)), side("a.ts", text(THEIRS, "utf8", true)));
    const mine = BASE.replace("line 2\n", "my line\n");
    const merged = THEIRS.replace("line 2\n", "my line\n");
    assert.deepEqual(outcome(set, { "a.ts": text(mine) }, { "a.ts": BASE }), clean(text(merged)));
  });

  it("keeps a missing final line break", () => {
    const open = BASE.trimEnd();
    assert.deepEqual(outcome(edit, { "a.ts": text(open) }, { "a.ts": BASE }), clean(text(THEIRS.trimEnd())));
  });

  it("has to be here, and to be text", () => {
    assert.deepEqual(outcome(edit, {}), { kind: "conflict", conflict: { why: "gone" } });
    const own = { "a.ts": { bytes: Uint8Array.of(0) } };
    assert.deepEqual(outcome(edit, own), { kind: "conflict", conflict: { why: "changed" } });
  });
});

describe("other changes", () => {
  const [bytes, others] = [{ bytes: Uint8Array.of(0, 255, 254) }, { bytes: Uint8Array.of(1, 2, 3, 4) }];

  it("create a file, unless another one is there", () => {
    for (const content of [text("new\n", "utf8", true), bytes]) {
      const set = change(null, side("a", content));
      assert.deepEqual(outcome(set, {}), clean(content));
      assert.deepEqual(outcome(set, { a: content }), { kind: "already" });
      assert.deepEqual(outcome(set, { a: others }), { kind: "conflict", conflict: { why: "exists" } });
    }
    const same = { a: text("new\r\n") };
    assert.deepEqual(outcome(change(null, side("a", text("new\n"))), same), { kind: "already" });
  });

  it("delete a file, unless it is another one here", () => {
    for (const content of [text("old\n"), bytes]) {
      const set = change(side("a", content), null);
      assert.deepEqual(outcome(set, { a: content }), clean(null));
      assert.deepEqual(outcome(set, {}), { kind: "already" });
      assert.deepEqual(outcome(set, { a: others }), { kind: "conflict", conflict: { why: "changed" } });
    }
  });

  it("replace bytes, unless they are others here", () => {
    const set = change(side("a", bytes), side("a", others));
    assert.deepEqual(outcome(set, { a: bytes }), clean(others));
    assert.deepEqual(outcome(set, { a: others }), { kind: "already" });
    const third = { a: { bytes: Uint8Array.of(9) } };
    assert.deepEqual(outcome(set, third), { kind: "conflict", conflict: { why: "changed" } });
  });

  it("move a file, with or without a change", () => {
    const moved = change(side("a", text(BASE)), side("b", text(BASE)));
    const both = change(side("a", text(BASE)), side("b", text(THEIRS)));
    const own = text(`mine\n${BASE}`);
    assert.deepEqual(outcome(moved, { a: own }), clean(own, "a"));
    assert.deepEqual(outcome(both, { a: own }), clean(text(`mine\n${THEIRS}`), "a"));
    assert.deepEqual(outcome(both, { b: own }), clean(text(`mine\n${THEIRS}`)));
    assert.deepEqual(outcome(both, { b: text(THEIRS) }), { kind: "already" });
    assert.deepEqual(outcome(both, { a: text(BASE + BASE) }), { kind: "missingBase", path: "a" });
    assert.deepEqual(outcome(both, {}), { kind: "conflict", conflict: { why: "gone" } });
    const edited = outcome(both, { a: text(BASE.replace("line 10", "my line")) }, { a: BASE });
    assert.ok(edited.kind === "conflict" && edited.conflict.why === "lines");
    assert.equal(edited.conflict.from, "a");
    assert.deepEqual(outcome(both, { a: own, b: own }), { kind: "conflict", conflict: { why: "exists" } });
  });
});

describe("a refused file", () => {
  const file = (path: string, mode: FileMode = "100644") => ({ was: null, is: side(path, text("a"), mode) });

  function refusals(...files: Parameters<typeof buildChanges>[1]) {
    const set = buildChanges(SALT, files);
    assert.ok(set.ok);
    const planned = planOf(set.value, { files: new Map(), bases: new Map(), onWindows: true });
    return planned.map(({ outcome: { kind, ...rest } }) => ("refusal" in rest ? rest.refusal : kind));
  }

  it("is a link, a submodule, or becomes executable", () => {
    assert.deepEqual(refusals(file("a", "120000")), ["link"]);
    assert.deepEqual(refusals(file("a", "160000")), ["submodule"]);
    assert.deepEqual(refusals(file("a", "100755")), ["executable"]);
    const modes = (was: FileMode, is: FileMode) => ({
      was: side("a", text("a"), was),
      is: side("a", text("b"), is),
    });
    assert.deepEqual(refusals(modes("100644", "100755")), ["executable"]);
    assert.deepEqual(refusals(modes("120000", "100644")), ["link"]);
    assert.deepEqual(refusals(modes("100755", "100755")), ["conflict"]);
    assert.deepEqual(refusals({ was: side("a", text("a"), "160000"), is: null }), ["submodule"]);
  });

  it("has a name that does not pass the gate, before or after", () => {
    assert.deepEqual(refusals(file("x/.GIT/config"), file("nul.txt"), file("ab:c"), file("a.")), [
      ...["git", "device", "stream", "trailing"],
    ]);
    assert.deepEqual(refusals(file("a?")), ["characters"]);
    const moved = { was: side(".git/config", text("a")), is: side("b", text("a")) };
    assert.deepEqual(refusals(moved), ["git"]);
  });

  it("can be the same file as another one of the set, or the folder of one", () => {
    assert.deepEqual(refusals(file("A.ts"), file("a.ts"), file("b")), ["twin", "twin", "clean"]);
    assert.deepEqual(refusals(file("é"), file("e\u0301")), ["twin", "twin"]);
    assert.deepEqual(refusals(file("a"), file("A/b"), file("c/d")), ["twin", "twin", "clean"]);
    const deleted = { was: side("README", text("a")), is: null };
    assert.deepEqual(refusals(deleted, file("readme")), ["twin", "twin"]);
    assert.deepEqual(refusals(deleted, file("README/a")), ["already", "clean"]);
  });

  it("is made of the same file as another one", () => {
    const was = side("a", text("a"));
    const [moved, gone] = [
      { was, is: side("b", text("a")) },
      { was, is: null },
    ];
    assert.deepEqual(refusals(moved, gone), ["twin", "twin"]);
    assert.deepEqual(refusals(moved, { was, is: side("a", text("b")) }), ["twin", "twin"]);
    assert.deepEqual(refusals(moved, { was, is: side("c", text("a")) }), ["twin", "twin"]);
    assert.deepEqual(refusals(moved, file("a")), ["conflict", "clean"]);
  });

  it("has a short name of Windows, which can be that of another file", () => {
    for (const path of ["vscode~1/tasks.json", "a/PACKAG~1.JSO", "GITHUB~1/x.yml", "PA1F2C~1.JSO", "~1"])
      assert.deepEqual(refusals(file(path)), ["short"], path);
    for (const path of ["a~b.ts", "a~1.html", "longer-name~1", "~", "a.ts~1"])
      assert.deepEqual(refusals(file(path)), ["clean"], path);
  });

  it("is none that is renamed to other case, or that changes places with another", () => {
    const moved = (from: string, to: string) => ({ was: side(from, text("a")), is: side(to, text("a")) });
    assert.deepEqual(refusals(moved("a", "A")), ["conflict"]);
    assert.deepEqual(refusals(moved("a", "b"), moved("b", "a")), ["conflict", "conflict"]);
  });
});

describe("a file here that is not read", () => {
  const large = { size: 1_000_000_000 };

  it("is never written over, and moves only as it is", () => {
    const unread = { kind: "conflict", conflict: { why: "unread" } };
    assert.deepEqual(outcome(edit, { "a.ts": large }), unread);
    assert.deepEqual(outcome(change(side("a.ts", text(BASE)), null), { "a.ts": large }), unread);
    const exists = { kind: "conflict", conflict: { why: "exists" } };
    assert.deepEqual(outcome(change(null, side("a.ts", text(BASE))), { "a.ts": large }), exists);
    const moved = change(side("a.ts", text(BASE)), side("b.ts", text(BASE)));
    assert.deepEqual(outcome(moved, { "a.ts": text(BASE), "b.ts": large }), exists);
    assert.deepEqual(outcome(moved, { "a.ts": large }), { kind: "clean", file: large, from: "a.ts" });
  });
});

describe("a risk", () => {
  const RISKS: Readonly<Record<string, readonly string[]>> = {
    editor: [
      ".vscode/tasks.json",
      "x/.VSCode/settings.json",
      "a.code-workspace",
      ".devcontainer/x",
      ".envrc",
      "tsconfig.json",
      "app/tsconfig.base.json",
      "AGENTS.md",
      "a.sublime-project",
    ],
    git: [
      ".gitattributes",
      ".gitmodules",
      "a/.gitignore",
      ".husky/pre-commit",
      ".githooks/x",
      "lefthook.yml",
      "x/HEAD",
    ],
    ci: [
      ...[".github/workflows/a.yml", ".GitHub/Workflows/a.yml", ".gitlab-ci.yml", "azure-pipelines.yml"],
      ...["azure-pipelines-1.yaml", ".circleci/config.yml", "Jenkinsfile", ".travis.yml"],
    ],
    scripts: [
      ...["package.json", "a/Package.json", "Makefile", "GNUmakefile", "x.mk", "build.gradle", ".npmrc"],
      ...["vite.config.ts", ".eslintrc.js", "setup.py", ".cargo/config.toml", "CMakeLists.txt"],
      ...[
        "karma.conf.js",
        "node_modules/eslint/lib/api.js",
        "package-lock.json",
        "bunfig.toml",
        "Cargo.toml",
      ],
      ...["rust-toolchain", "rust-toolchain.toml", "go.mod", "requirements-dev.txt", "x.pth", "Gemfile"],
      ...["gradle.properties", "a.sln", "Properties/launchSettings.json", "flake.nix", "BUILD", "defs.bzl"],
      ...["Dockerfile", "docker-compose.yml", "Vagrantfile", "configure", "wscript"],
    ],
    hidden: [
      ...[".env", "a/.ENV.local", ".bashrc", ".zshenv", ".profile", ".claude/settings.json", ".mcp.json"],
      ...[".eslintrc.json", ".eslintrc", ".mocharc.yml", ".config/fish/config.fish", ".ssh/authorized_keys"],
      ...[".storybook/main.ts", ".vs/x", "desktop.ini", "a.lnk"],
    ],
  };

  for (const [risk, paths] of Object.entries(RISKS))
    for (const path of paths)
      it(`of the kind "${risk}" is ${path}`, () => {
        assert.equal(plan(change(null, side(path, text("a"))), {}).risk, risk);
      });

  it("is no other file, and stays when it is moved away", () => {
    for (const path of [
      "src/a.ts",
      "vscode/a",
      "package.json.md",
      "github/workflows/a.yml",
      "make.ts",
      "git.ts",
      ...[".editorconfig", ".prettierignore", ".changeset/a.md", "docs/head.md", "a/b.env", "build/a.ts"],
      ...["src/configure.ts", "Dockerfiles.md", "config.json"],
    ])
      assert.equal(plan(change(null, side(path, text("a"))), {}).risk, null, path);
    const moved = change(side(".vscode/a.json", text("a")), side("b.json", text("a")));
    assert.equal(plan(moved, {}).risk, "editor");
  });
});

describe("building changes", () => {
  it("leaves out files without a difference", () => {
    const same = side("a", text(BASE));
    assert.ok(!buildChanges(SALT, [{ was: same, is: same }]).ok);
    const files = [
      { was: same, is: same },
      { was: null, is: side("b", text("")) },
    ];
    const set = buildChanges(SALT, files);
    assert.ok(set.ok);
    assert.deepEqual(
      set.value.files.map(({ path }) => path),
      ["b"],
    );
  });

  it("refuses what cannot travel", () => {
    const invalid = [
      { was: null, is: side("../a", text("a")) },
      { was: null, is: side("a", text("\ud800")) },
      { was: null, is: side("a", text("a".repeat(9_000_000))) },
      { was: side("a", text("a")), is: side("a", { bytes: Uint8Array.of(0) }) },
    ];
    for (const file of invalid) assert.ok(!buildChanges(SALT, [file]).ok);
  });
});
