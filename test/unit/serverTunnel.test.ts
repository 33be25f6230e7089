// When a tunnel of the relay finds out that one of its ends is silent. Time is simulated, and so are the sockets.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { WebSocket } from "ws";
import { limits } from "../../protocol/limits.ts";
import { joinEnds, type End } from "../../server/tunnel.ts";
import { FakeTimers } from "../support/fakeTimers.ts";

/** An end that answers pings while it is `awake`, and takes what it is sent while it `reads`. */
class FakeEnd extends EventEmitter {
  readonly OPEN = WebSocket.OPEN;
  readyState: number = WebSocket.OPEN;
  isPaused = false;
  awake = true;
  bufferedAmount = 0;
  ping(): void {
    if (this.awake) this.emit("pong");
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  send(data: Buffer, _options: unknown, taken: () => void): void {
    this.bufferedAmount += data.length;
    this.taken.push(() => {
      this.bufferedAmount -= data.length;
      taken();
    });
  }
  readonly taken: (() => void)[] = [];
  close(): void {
    this.readyState = WebSocket.CLOSING;
  }
  terminate(): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.emit("close");
  }
}

describe("a tunnel of the relay", () => {
  const timers = new FakeTimers();
  let a: FakeEnd;
  let b: FakeEnd;
  let endedAt: number | null;
  let startedAt: number;

  beforeEach(() => {
    timers.install();
    [a, b] = [new FakeEnd(), new FakeEnd()];
    endedAt = null;
    startedAt = timers.now;
    const options = {
      bytesPerSecond: limits.relayBytesPerSecond,
      heartbeatMs: limits.linkHeartbeatMs,
      silenceMs: limits.linkSilenceMs,
      now: () => timers.now,
    };
    joinEnds(endOf(a), endOf(b), options, () => (endedAt = timers.now - startedAt));
  });
  afterEach(() => timers.uninstall());

  it("ends when one side has been silent for as long as is documented, and no later", () => {
    timers.pass(1);
    a.emit("message", Buffer.from("x"), true);
    a.awake = false;
    timers.pass(60_000);
    assert.equal(endedAt, 1 + limits.linkSilenceMs);
    assert.equal(a.readyState, WebSocket.CLOSED);
  });

  it("lasts while both answer", () => {
    timers.pass(600_000);
    assert.equal(endedAt, null);
  });

  it("takes nobody for silent whom it does not read", () => {
    for (let n = 0; n < 20; n++) a.emit("message", Buffer.alloc(limits.relayFrameBytes), true);
    a.awake = false;
    timers.pass(30_000);
    assert.equal(a.isPaused, true, "b has not taken what there is");
    assert.equal(endedAt, null);
    a.awake = true;
    for (const taken of b.taken.splice(0)) taken();
    assert.equal(a.isPaused, false);
    timers.pass(60_000);
    assert.equal(endedAt, null);
  });

  it("cuts both ends when neither answers its closing", () => {
    a.readyState = WebSocket.CLOSING;
    a.emit("error", new Error("too large"));
    assert.equal(endedAt, 0);
    assert.equal(b.readyState, WebSocket.CLOSING);
    timers.pass(5_000);
    assert.deepEqual([a.readyState, b.readyState], [WebSocket.CLOSED, WebSocket.CLOSED]);
  });
});

function endOf(fake: FakeEnd): End {
  return { ws: fake as unknown as WebSocket, socket: new PassThrough(), charge: () => 0 };
}
