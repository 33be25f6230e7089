// The bytes that wait in the reader of one client's WebSocket: the bound on those of all clients counts them.
import assert from "node:assert/strict";
import { FrameReader } from "../../../../server/websocket/frameReader.ts";
import { clientFrame } from "../../../conformance/rawClient.ts";

const TEXT = 0x81;
const FIRST_FRAGMENT = 0x01;

describe("the bytes that wait in a reader of frames", () => {
  let frames = Infinity;
  let received = 0;
  let reader: FrameReader;

  beforeEach(() => {
    frames = Infinity;
    received = 0;
    reader = new FrameReader({
      frameBytes: 100_000,
      mayRead: () => frames-- > 0,
      received: () => (received += 1),
      pinged: () => undefined,
      ponged: () => undefined,
      closeReceived: () => undefined,
      broken: () => undefined,
    });
  });

  it("are none after whole messages", () => {
    reader.read(clientFrame(TEXT, "hello"));
    assert.deepEqual([received, reader.waiting], [1, 0]);
  });

  it("are those of an incomplete frame", () => {
    reader.read(clientFrame(TEXT, "x".repeat(50_000)).subarray(0, 40_000));
    assert.equal(reader.waiting, 40_000);
  });

  it("are those of an incomplete message", () => {
    reader.read(clientFrame(FIRST_FRAGMENT, "x".repeat(50_000)));
    assert.equal(reader.waiting, 50_000);
  });

  it("are those that came while it was paused", () => {
    const frame = clientFrame(TEXT, "x".repeat(1_000));
    frames = 1;
    reader.read(Buffer.concat(Array<Buffer>(60).fill(frame)));
    assert.deepEqual([received, reader.waiting], [1, 59 * frame.length]);
    reader.read(frame.subarray(0, 500));
    assert.equal(reader.waiting, 59 * frame.length + 500);
    frames = 50;
    reader.resume();
    assert.deepEqual([received, reader.waiting], [51, 9 * frame.length + 500]);
    frames = Infinity;
    reader.resume();
    assert.deepEqual([received, reader.waiting], [60, 500]);
  });
});
