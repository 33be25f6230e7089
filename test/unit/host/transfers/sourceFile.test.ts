// A file that the user sends, as it is read.
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashOf } from "../../../../extension/host/transfers/hashes.ts";
import { lookAt, lookInside, SourceReader } from "../../../../extension/host/transfers/sourceFile.ts";

describe("a file that is sent", () => {
  let root: string;
  let path: string;
  let reader: SourceReader;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-source-"));
    path = join(root, "a.txt");
    writeFileSync(path, "0123456789");
    reader = new SourceReader();
  });
  afterEach(async () => {
    await reader.close();
    rmSync(root, { recursive: true, force: true });
  });

  it("is read in blocks, with its hash and what it was around that", async () => {
    const { bytes, sha256, before, after } = await reader.read(path, 2, 3);
    assert.equal(Buffer.from(bytes).toString(), "234");
    assert.equal(sha256, hashOf(Buffer.from("234")));
    assert.deepEqual(before, await lookAt(path));
    assert.deepEqual(after, before);
  });

  it("is read into the memory of two blocks, by turns", async () => {
    const blocks = [];
    for (const at of [0, 3, 6, 9]) blocks.push((await reader.read(path, at, at < 9 ? 3 : 1)).bytes);
    const texts = blocks.map((bytes) => Buffer.from(bytes).toString());
    assert.deepEqual(texts, ["678", "945", "678", "9"], "the last two are whole");
    assert.equal(new Set(blocks.map(({ buffer }) => buffer)).size, 2);
    await reader.close();
    await reader.read(path, 0, 3);
    assert.equal(Buffer.from(blocks[3] ?? []).toString(), "9", "what was read last stays");
  });

  it("counts as gone when it does not give the bytes that it should have", async () => {
    const { before, after } = await reader.read(path, 5, 10);
    assert.notEqual(before, null);
    assert.equal(after, null);
  });

  it("is looked at around each of its blocks, also when another file takes its place", async () => {
    const first = await reader.read(path, 0, 3);
    const second = await reader.read(path, 3, 3);
    assert.deepEqual([second.before, second.after], [first.after, first.after]);
    writeFileSync(join(root, "b.txt"), "9876543210!");
    renameSync(join(root, "b.txt"), path);
    const { before, after } = await reader.read(path, 6, 3);
    assert.deepEqual(before, first.after);
    assert.equal(after?.size, 11);
    await reader.close();
    assert.equal(Buffer.from((await reader.read(path, 6, 3)).bytes).toString(), "321");
  });

  it("is looked at for secrets where its path leads, and no further than so many bytes", async () => {
    const real = realpathSync(root);
    const [secret, link] = [join(real, "id_rsa"), join(real, "notes.txt")];
    writeFileSync(secret, "x".repeat(100));
    symlinkSync(secret, link);
    assert.deepEqual(await lookInside(link, 10), { path: secret, text: "x".repeat(10) });
    // Also where the name of the link is the one that says so.
    const env = join(real, ".env");
    symlinkSync(path, env);
    assert.deepEqual(await lookInside(env, 100), { path: env, text: "0123456789" });
    assert.deepEqual(await lookInside(join(real, "gone"), 10), { path: join(real, "gone"), text: "" });
  });

  for (const encoding of ["utf-8", "utf-16le"] as const)
    it(`is looked at in ${encoding}`, async () => {
      writeFileSync(path, Buffer.from("\ufeffTOKEN=1", encoding));
      assert.equal((await lookInside(path, 100)).text, "TOKEN=1");
    });

  it("is no folder, and nothing that is not there", async () => {
    mkdirSync(join(root, "folder"));
    assert.equal(await lookAt(join(root, "folder")), null);
    assert.equal(await lookAt(join(root, "missing")), null);
    assert.equal((await reader.read(join(root, "missing"), 0, 1)).before, null);
  });
});
