// A file that the user sends, as it is read.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashOf } from "../../../../extension/host/transfers/hashes.ts";
import { lookAt, readBlock } from "../../../../extension/host/transfers/sourceFile.ts";

describe("a file that is sent", () => {
  let root: string;
  let path: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-source-"));
    path = join(root, "a.txt");
    writeFileSync(path, "0123456789");
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("is read in blocks, with its hash and what it was around that", async () => {
    const { bytes, sha256, before, after } = await readBlock(path, 2, 3);
    assert.equal(Buffer.from(bytes).toString(), "234");
    assert.equal(sha256, hashOf(Buffer.from("234")));
    assert.deepEqual(before, await lookAt(path));
    assert.deepEqual(after, before);
  });

  it("counts as gone when it does not give the bytes that it should have", async () => {
    const { before, after } = await readBlock(path, 5, 10);
    assert.notEqual(before, null);
    assert.equal(after, null);
  });

  it("is no folder, and nothing that is not there", async () => {
    mkdirSync(join(root, "folder"));
    assert.equal(await lookAt(join(root, "folder")), null);
    assert.equal(await lookAt(join(root, "missing")), null);
    assert.equal((await readBlock(join(root, "missing"), 0, 1)).before, null);
  });
});
