import assert from "node:assert/strict";
import { isPartialClone } from "../../../../extension/core/code/partialClone.ts";

const PLAIN = `[core]
\trepositoryformatversion = 1
[remote "origin"]
\turl = https://example.org/promisor.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
`;

describe("A git configuration", () => {
  for (const [what, config, expected] of [
    ["of an ordinary clone", PLAIN, false],
    ["without anything", "", false],
    ["of a partial clone", `${PLAIN}\tpromisor = true\n\tpartialclonefilter = blob:none\n`, true],
    ["of a partial clone by an old git", `[extensions]\n\tpartialClone = origin\n${PLAIN}`, true],
    ["in one line, with CRLF", `[remote "origin"] promisor = true\r\n${PLAIN}`, true],
    ["of a key without a value", `${PLAIN}\tPromisor\n`, true],
    ["of VFS for Git", "[core]\n\tvirtualizeObjects = true\n", true],
    ["of Scalar with a cache server", "[core]\n  useGvfsHelper = true\n", true],
  ] as const)
    it(`${what} is ${expected ? "" : "not "}that of a partial clone`, () => {
      assert.equal(isPartialClone(config), expected);
    });
});
