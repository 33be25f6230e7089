// Which committed texts stand for a file in Git LFS.
import assert from "node:assert/strict";
import { isLfsPointer } from "../../../../extension/core/changes/lfsPointer.ts";

const POINTER = `version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345
`;

describe("a pointer of Git LFS", () => {
  for (const [what, text, expected] of [
    ["is one", POINTER, true],
    ["is not a text about it", `A pointer: ${POINTER}`, false],
    ["is not a long text that begins like one", POINTER.padEnd(1024, "\n"), false],
    ["is not its beginning", "version https", false],
    ["is not empty", "", false],
  ] as const)
    it(what, () => {
      assert.equal(isLfsPointer(Buffer.from(text)), expected);
    });
});
