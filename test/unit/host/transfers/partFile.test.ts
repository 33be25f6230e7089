// The bytes of a file that is coming, on a disk that fails.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReceivingEvent } from "../../../../extension/core/transfers/receiving.ts";
import { hashOf } from "../../../../extension/host/transfers/hashes.ts";
import { PartFile } from "../../../../extension/host/transfers/partFile.ts";

const bytes = Buffer.from("bytes");

describe("a file that is coming", () => {
  let root: string;
  let events: ReceivingEvent[];
  let part: PartFile;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-part-"));
    events = [];
    part = new PartFile(join(root, "transfers", "a.part"), (event) => events.push(event));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("reports each write, and a block's hash with its last one", async () => {
    part.write({ index: 0, at: 0, last: false }, bytes);
    part.write({ index: 0, at: bytes.length, last: true }, bytes);
    await part.close();
    const sha256 = hashOf(Buffer.concat([bytes, bytes]));
    assert.deepEqual(events, [
      { type: "written", index: 0, bytes: bytes.length, sha256: null },
      { type: "written", index: 0, bytes: bytes.length, sha256 },
    ]);
    assert.equal(readFileSync(part.path, "utf8"), "bytesbytes");
  });

  it("reports a failure once, and writes nothing of what waited then", async () => {
    writeFileSync(join(root, "transfers"), "in the way");
    for (const at of [0, 1, 2]) part.write({ index: 0, at, last: false }, bytes);
    await part.close();
    assert.deepEqual(events, [{ type: "diskFailed", reason: "failed" }]);
    rmSync(join(root, "transfers"));
    part.write({ index: 0, at: 0, last: true }, bytes);
    await part.close();
    assert.deepEqual(events.at(-1), {
      ...{ type: "written", index: 0, bytes: bytes.length },
      sha256: hashOf(bytes),
    });
  });
});
