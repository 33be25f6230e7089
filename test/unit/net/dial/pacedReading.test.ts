// The rate at which a WebSocket is read. The clock is the test's.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import {
  paceReading,
  type OpenWebSocket,
  type PacedReading,
} from "../../../../extension/net/dial/pacedReading.ts";

/** One frame of so many bytes, up to 125, with its head of two. */
const frame = (bytes: number): Buffer => Buffer.concat([Buffer.of(0x82, bytes), Buffer.alloc(bytes)]);

describe("the rate of a WebSocket", () => {
  let pauses: number;
  let stream: EventEmitter & { prependListener: EventEmitter["prependListener"] };
  let reading: PacedReading;

  beforeEach(() => {
    pauses = 0;
    stream = new EventEmitter();
    const ws = { pause: () => (pauses += 1), resume: () => undefined };
    const rate = { framesPerSecond: 1, burstFrames: 10, bytesPerSecond: 1_000, burstBytes: 1_000 };
    reading = paceReading({ ws, stream } as unknown as OpenWebSocket, rate, undefined, () => 0);
  });

  afterEach(() => reading.stop());

  it("pauses reading when more frames or bytes come than it allows", () => {
    for (let i = 0; i < 9; i++) stream.emit("data", frame(1));
    assert.equal(pauses, 0);
    stream.emit("data", frame(1));
    assert.equal(pauses, 1);
  });

  it("does not count what is given back, and gives back no more than there was", () => {
    for (let i = 0; i < 100; i++) {
      stream.emit("data", frame(100));
      reading.refund(1, 102);
    }
    assert.equal(pauses, 0);
    for (let i = 0; i < 100; i++) reading.refund(1, 100);
    for (let i = 0; i < 10; i++) stream.emit("data", frame(1));
    assert.equal(pauses, 1);
  });

  it("counts no silence while it is held", () => {
    const told: string[] = [];
    const silence = { touch: () => told.push("touch"), suspend: () => told.push("suspend") };
    const ws = { pause: () => told.push("pause"), resume: () => told.push("resume") };
    const rate = { framesPerSecond: 1, burstFrames: 10, bytesPerSecond: 1_000, burstBytes: 1_000 };
    const held = paceReading({ ws, stream } as unknown as OpenWebSocket, rate, silence, () => 0);
    held.hold();
    held.release();
    held.stop();
    assert.deepEqual(told, ["pause", "suspend", "touch", "resume"]);
  });

  it("counts what is given back once", () => {
    for (let i = 0; i < 9; i++) stream.emit("data", frame(100));
    assert.equal(pauses, 0);
    reading.refund(1, 100);
    stream.emit("data", frame(100));
    assert.equal(pauses, 0);
    stream.emit("data", frame(100));
    assert.equal(pauses, 1);
  });
});
