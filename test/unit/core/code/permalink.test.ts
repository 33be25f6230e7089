// Links to lines on code forges, and whose clone an open folder is.
import assert from "node:assert/strict";
import {
  parsePermalink,
  readings,
  refsOf,
  remoteKey,
  remotesIn,
} from "../../../../extension/core/code/permalink.ts";
import { stepsOf } from "../../../support/regexSteps.ts";

describe("a link to lines on a forge", () => {
  for (const [link, repository, rest, line, toLine] of [
    [
      "https://github.com/Anna/App/blob/abc123/src/a.ts#L1-L5",
      "github.com/anna/app",
      "abc123/src/a.ts",
      1,
      5,
    ],
    ["https://github.com/anna/app/blob/main/a%20b.ts#L7", "github.com/anna/app", "main/a b.ts", 7],
    [
      "https://github.com/anna/app/blob/main/a.ts?plain=1#L3C2-L4C9",
      "github.com/anna/app",
      "main/a.ts",
      3,
      4,
    ],
    ["https://gitlab.com/a/b/c/-/blob/main/x/a.ts#L10-12", "gitlab.com/a/b/c", "main/x/a.ts", 10, 12],
    [
      "https://codeberg.org/anna/app/src/commit/abc/src/a.ts#L1-L5",
      "codeberg.org/anna/app",
      "abc/src/a.ts",
      1,
      5,
    ],
    ["https://git.example/anna/app/src/branch/main/a.ts#L2", "git.example/anna/app", "main/a.ts", 2],
    [
      "https://bitbucket.org/anna/app/src/abc/src/a.ts#lines-1:5",
      "bitbucket.org/anna/app",
      "abc/src/a.ts",
      1,
      5,
    ],
    ["https://bitbucket.org/anna/app/src/abc/a.ts#lines-4", "bitbucket.org/anna/app", "abc/a.ts", 4],
    ["https://github.com/anna/app/blob/main/a.ts", "github.com/anna/app", "main/a.ts"],
  ] as const) {
    it(link, () => {
      const found = parsePermalink(link);
      assert.deepEqual(
        [found?.repository, found?.rest.join("/"), found?.line, found?.toLine],
        [repository, rest, line, toLine],
      );
    });
  }

  for (const link of [
    "https://github.com/anna/app",
    "https://github.com/anna/app/blob/main",
    "https://github.com/anna/app/issues/3#L1",
    "https://github.com/anna/app/blob/main/%2e%2e/%2e%2e/a.ts",
    "https://github.com/anna/app/blob/main/a%2fb.ts",
    "https://github.com/anna/app/blob/main/%zz",
    "ftp://github.com/anna/app/blob/main/a.ts",
    "file:///anna/app/blob/main/a.ts",
    `https://github.com/anna/app/blob/main/${"a".repeat(2_100)}`,
  ]) {
    it(`not ${link.slice(0, 70)}`, () => {
      const found = parsePermalink(link);
      assert.ok(found === null || !found.rest.includes(".."));
      if (!link.includes("%2e")) assert.equal(found, null);
    });
  }

  it("is read with each revision that it may mean", () => {
    const found = parsePermalink("https://github.com/a/b/blob/feature/x/a.ts");
    assert.ok(found !== null);
    assert.deepEqual(
      [...readings(found)].map(({ revision, path }) => `${revision} ${path}`),
      ["feature x/a.ts", "feature/x a.ts"],
    );
  });

  it("costs a time that grows with its length alone", () => {
    for (const piece of ["/", "-/", "blob/", "src/", ":", "@", "a@", ".git", "/."]) {
      const steps = stepsOf(() => {
        remoteKey(`https://x/${piece.repeat(1_000)}`.slice(0, 2_000));
        parsePermalink(`https://x/${piece.repeat(1_000)}`.slice(0, 2_000));
      });
      assert.ok(steps < 60_000, `${piece}: ${String(steps)}`);
    }
  });
});

describe("a remote", () => {
  for (const [address, key] of [
    ["https://github.com/Anna/App.git", "github.com/anna/app"],
    ["https://anna:secret@github.com/anna/app/", "github.com/anna/app"],
    ["ssh://git@github.com:22/anna/app.git", "github.com/anna/app"],
    ["git@github.com:anna/app.git", "github.com/anna/app"],
    ["git@gitlab.com:a/b/c.git", "gitlab.com/a/b/c"],
    ["/srv/git/app.git", null],
    ["C:\\git\\app", null],
    ["file:///srv/app.git", null],
  ] as const) {
    it(address, () => assert.equal(remoteKey(address), key));
  }

  it("is read from a configuration", () => {
    const config =
      '[core]\n\turl = no\n[remote "origin"]\n\turl = git@github.com:anna/app.git\n\tfetch = +refs\n[submodule "x"]\n\turl = https://github.com/x/y\n[remote "up"]\r\n\turl = "https://github.com/bob/app"\r\n';
    assert.deepEqual(remotesIn(config), [
      { name: "origin", key: "github.com/anna/app" },
      { name: "up", key: "github.com/bob/app" },
    ]);
  });
});

describe("a revision on a forge", () => {
  const commit = "0123456789".repeat(4);
  for (const [revision, remote, ...refs] of [
    ["main", "origin", "refs/remotes/origin/main", "main"],
    ["topic/a", "team/up", "refs/remotes/team/up/topic/a", "topic/a"],
    [commit, "origin", commit],
    ["main", "--all", "main"],
    ["--all", "origin", "refs/remotes/origin/--all"],
    ["--all", "", ...[]],
  ] as const)
    it(`${revision} of ${remote}`, () => assert.deepEqual(refsOf(revision, remote), refs));
});
