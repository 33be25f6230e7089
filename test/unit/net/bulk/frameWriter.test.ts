// Frames of a bulk link as they are written: their heads, how few pieces they make, and how little memory they take.
import assert from "node:assert/strict";
import { Duplex } from "node:stream";
import { createFrameWriter, opcodes, type FrameWriter } from "../../../../extension/net/bulk/frameWriter.ts";
import { CHUNK_BYTES } from "../../../../protocol/bulk.ts";

describe("the writer of frames", () => {
  let written: Buffer[];
  let memory: Set<ArrayBufferLike>;
  /** Lets the stream take what it was given last. */
  let taken: () => void;
  let reports: number;

  const start = (masks: boolean): FrameWriter => {
    written = [];
    memory = new Set();
    reports = 0;
    const stream = new Duplex({
      read: () => undefined,
      write(piece: Buffer, _encoding, done) {
        written.push(Buffer.from(piece));
        memory.add(piece.buffer);
        taken = done;
      },
    });
    return createFrameWriter(stream, masks, () => reports++);
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  for (const [length, head, masked] of [
    [5, "8205", "828500000000"],
    [126, "827e007e", "82fe007e00000000"],
    [CHUNK_BYTES, "827f0000000000010000", "82ff000000000001000000000000"],
  ] as const)
    it(`writes the head of ${length} bytes, with a mask of zeros or none`, () => {
      for (const [masks, expected] of [
        [false, head],
        [true, masked],
      ] as const) {
        const bytes = Buffer.alloc(length, 7);
        start(masks).add(opcodes.binary, bytes);
        assert.deepEqual(written, [Buffer.concat([Buffer.from(expected, "hex"), bytes])]);
      }
    });

  it("writes whole frames, one piece at a time, in their order, and short ones with the one before", async () => {
    const writer = start(false);
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let i = 0; i < 9; i++) {
      // Copied: what is sent next may take its place.
      chunk.fill(i);
      writer.add(opcodes.binary, chunk);
    }
    writer.add(opcodes.text, Buffer.from("end"));
    assert.equal(written.length, 1);
    for (let i = 0; i < 10 && writer.waitingBytes > 0; i++) {
      taken();
      await settle();
    }
    assert.equal(writer.waitingBytes, 0);
    const frame = CHUNK_BYTES + 10;
    assert.deepEqual(
      written.map(({ length }) => length),
      [...Array.from({ length: 8 }, () => frame), frame + 5],
    );
    const all = Buffer.concat(written);
    assert.deepEqual(
      Array.from({ length: 9 }, (_, i) => all[i * frame + 10]),
      [0, 1, 2, 3, 4, 5, 6, 7, 8],
    );
    assert.equal(all.subarray(9 * frame).toString("latin1"), "\x81\x03end");
    assert.equal(reports, written.length);
  });

  it("uses its memory again", async () => {
    const writer = start(true);
    for (let i = 0; i < 100; i++) {
      writer.add(opcodes.binary, Buffer.alloc(CHUNK_BYTES, i));
      taken();
      await settle();
    }
    assert.equal(written.length, 100);
    assert.equal(memory.size, 1);
  });

  it("drops what waits when it is stopped", async () => {
    const writer = start(false);
    for (let i = 0; i < 4; i++) writer.add(opcodes.binary, Buffer.alloc(CHUNK_BYTES));
    writer.stop();
    taken();
    await settle();
    writer.add(opcodes.text, Buffer.from("late"));
    assert.deepEqual([written.length, reports], [1, 0]);
  });
});
