// Frames are counted correctly, however their bytes are split.
import assert from "node:assert/strict";
import fc from "fast-check";
import { FrameCounter } from "../../../../extension/net/dial/frameCounter.ts";

/** A frame of RFC 6455 with the shortest head that its length allows. */
function frameOf(length: number, isMasked: boolean): Buffer {
  const mask = isMasked ? 0x80 : 0;
  const head = Buffer.alloc(length < 126 ? 2 : length < 0x1_0000 ? 4 : 10);
  head[1] = mask | (length < 126 ? length : length < 0x1_0000 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  // What is in it looks like heads.
  return Buffer.concat([head, Buffer.alloc((isMasked ? 4 : 0) + length, 0x7e)]);
}

describe("the frame counter", () => {
  const length = fc.oneof(fc.constantFrom(0, 1, 125, 126, 65_535, 65_536), fc.nat(300));

  it("counts each frame once, however it is split", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(length, fc.boolean()), { maxLength: 12 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 70_000 })), {
          minLength: 1,
          maxLength: 40,
        }),
        (frames, sizes) => {
          const bytes = Buffer.concat(frames.map(([size, isMasked]) => frameOf(size, isMasked)));
          const counter = new FrameCounter();
          let count = 0;
          let at = 0;
          for (const size of sizes) {
            count += counter.count(bytes.subarray(at, at + size));
            at += size;
          }
          count += counter.count(bytes.subarray(at));
          assert.equal(count, frames.length);
        },
      ),
    );
  });

  it("counts nothing twice when a length is impossibly large", () => {
    const counter = new FrameCounter();
    const head = Buffer.from([0x82, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    assert.equal(counter.count(head), 1);
    assert.equal(counter.count(Buffer.alloc(100_000)), 0);
  });
});
