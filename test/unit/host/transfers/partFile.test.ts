// The bytes of a file that is coming, on a disk that fails.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReceivingEvent } from "../../../../extension/core/transfers/receivingState.ts";
import { BLOCK_BYTES, CHUNK_BYTES } from "../../../../protocol/bulk.ts";
import { BlockMemory } from "../../../../extension/host/transfers/blockMemory.ts";
import { hashOf } from "../../../../extension/host/transfers/hashes.ts";
import { PartFile } from "../../../../extension/host/transfers/partFile.ts";

const bytes = Buffer.from("bytes");

describe("a file that is coming", () => {
  let root: string;
  let events: ReceivingEvent[];
  let memory: BlockMemory;
  let part: PartFile;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-part-"));
    events = [];
    memory = new BlockMemory();
    part = new PartFile(join(root, "transfers", "a.part"), memory, (event) => events.push(event));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("reports what is written in one go once, and a block's hash with its last piece", async () => {
    part.write({ index: 0, at: 0, last: false }, bytes);
    part.write({ index: 0, at: bytes.length, last: true }, bytes);
    await part.close();
    const sha256 = hashOf(Buffer.concat([bytes, bytes]));
    assert.deepEqual(events, [{ type: "written", index: 0, bytes: 2 * bytes.length, sha256 }]);
    assert.equal(readFileSync(part.path, "utf8"), "bytesbytes");
  });

  it("has each piece in its place, whatever the order in which they come", async () => {
    const [first, second] = [Buffer.alloc(CHUNK_BYTES, 1), Buffer.alloc(CHUNK_BYTES, 2)];
    part.write({ index: 0, at: 0, last: false }, first);
    part.write({ index: 0, at: CHUNK_BYTES, last: false }, second);
    // A block that comes again, because it was wrong.
    part.write({ index: 0, at: 0, last: true }, second);
    part.write({ index: 1, at: 0, last: true }, bytes);
    await part.close();
    const file = readFileSync(part.path);
    assert.equal(file.length, BLOCK_BYTES + bytes.length);
    assert.ok(file.subarray(0, 2 * CHUNK_BYTES).equals(Buffer.concat([second, second])));
    assert.ok(file.subarray(BLOCK_BYTES).equals(bytes));
    assert.deepEqual(
      events.map((event) => event.type === "written" && [event.index, event.bytes, event.sha256]),
      [
        [0, 2 * CHUNK_BYTES, null],
        [0, CHUNK_BYTES, hashOf(second)],
        [1, bytes.length, hashOf(bytes)],
      ],
    );
  });

  it("copies what comes, into the same memory for each block that follows a written one", async () => {
    const piece = Buffer.alloc(CHUNK_BYTES);
    const places = new Set<Uint8Array>();
    for (const index of [0, 1, 2]) {
      for (let at = 0; at < BLOCK_BYTES; at += CHUNK_BYTES) {
        piece.fill(index + 1);
        part.write({ index, at, last: at + CHUNK_BYTES === BLOCK_BYTES }, piece);
        places.add(memory.blockFor(CHUNK_BYTES).bytes);
      }
      piece.fill(9);
      await part.close();
    }
    assert.equal(places.size, 1);
    const blocks = [1, 2, 3].map((fill) => Buffer.alloc(BLOCK_BYTES, fill));
    assert.ok(readFileSync(part.path).equals(Buffer.concat(blocks)));
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
