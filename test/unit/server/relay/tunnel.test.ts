// When a tunnel of the relay finds out that one of its ends is silent, and what frames count for. Time is simulated, and so are the
// sockets.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { startClock } from "../../../../server/base/clock.ts";
import { createTally } from "../../../../server/base/tally.ts";
import type { EndOwner } from "../../../../server/relay/relayEnd.ts";
import { joinEnds, type TunnelSide } from "../../../../server/relay/tunnel.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

/** An end that answers pings while it is `awake`, and takes what it is sent on demand. */
class FakeEnd implements TunnelSide {
  owner: EndOwner | undefined = undefined;
  state: "open" | "closed" | "cut" = "open";
  isPaused = true;
  awake = true;
  backlog = 0;
  sends = 0;
  readonly taken: (() => void)[] = [];

  ping(): void {
    if (this.awake) this.owner?.beat();
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  send(bytes: Buffer, taken: () => void): void {
    this.sends += 1;
    const { length } = bytes;
    this.backlog += length;
    this.taken.push(() => {
      this.backlog -= length;
      taken();
    });
  }
  close(): void {
    if (this.state !== "open") return;
    this.state = "closed";
    this.owner?.over();
  }
  terminate(): void {
    this.state = "cut";
    this.owner?.over();
  }
  /** So many frames come in one piece, as far as they are read. Returns how many those were. */
  says(frames: number, bytes: number): number {
    let read = 0;
    for (; read < frames && !this.isPaused; read++) this.owner?.received(Buffer.alloc(bytes), 1);
    this.owner?.pieceRead();
    return read;
  }
}

describe("a relay tunnel", () => {
  const timers = new FakeTimers();
  let a: FakeEnd;
  let b: FakeEnd;
  let endedAt: number | null;
  let startedAt: number;
  let clock: ReturnType<typeof startClock>;

  beforeEach(() => {
    timers.install();
    clock = startClock();
    [a, b] = [new FakeEnd(), new FakeEnd()];
    endedAt = null;
    startedAt = timers.now;
    const options = {
      bytesPerSecond: limits.relayBytesPerSecond,
      leastFrameBytes: limits.leastRelayFrameBytes,
      heartbeatMs: limits.linkHeartbeatMs,
      silenceMs: limits.linkSilenceMs,
      now: clock.now,
      tally: createTally(),
    };
    const [one, other] = [a, b].map((side) => ({ side, charge: () => 0 }));
    assert.ok(one !== undefined && other !== undefined);
    joinEnds(one, other, options, () => (endedAt = timers.now - startedAt));
  });
  afterEach(() => {
    clock.stop();
    timers.uninstall();
  });

  it("ends when one side has been silent for the documented time, and no earlier", () => {
    timers.pass(1);
    a.says(1, 1);
    a.awake = false;
    timers.pass(60_000);
    assert.equal(endedAt, 1 + limits.linkSilenceMs);
    assert.equal(a.state, "cut");
  });

  it("lasts while both answer", () => {
    timers.pass(600_000);
    assert.equal(endedAt, null);
  });

  it("lasts while the server's process stands still, however long, but not longer than a side is silent afterwards", () => {
    [a.awake, b.awake] = [false, false];
    timers.pass(9_000);
    timers.standStill(60_000);
    assert.equal(endedAt, null);
    [a.awake, b.awake] = [true, true];
    timers.pass(60_000);
    assert.equal(endedAt, null);
    a.awake = false;
    timers.standStill(60_000);
    timers.pass(limits.linkSilenceMs);
    assert.equal(a.state, "cut");
  });

  it("does not treat a side as silent while it is not being read", () => {
    for (let n = 0; n < 20; n++) a.says(1, limits.relayFrameBytes);
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

  it("closes the other side when one ends, with that side's last frames", () => {
    a.owner?.received(Buffer.from("last words"), 1);
    a.close();
    assert.equal(endedAt, 0);
    assert.deepEqual([b.state, b.sends], ["closed", 1]);
  });

  for (const bytes of [0, 1]) {
    it(`reads frames of ${bytes} bytes no faster than they count, and forwards a fragment at once`, () => {
      const most = limits.relayBytesPerSecond / limits.leastRelayFrameBytes;
      let read = a.says(10_000, bytes);
      assert.ok(read <= most + 1, `${read} frames at once`);
      assert.ok(b.sends <= 1, `${b.sends} sends`);
      for (let ms = 0; ms < 2_000; ms++) {
        timers.pass(1);
        for (const taken of b.taken.splice(0)) taken();
        read += a.says(10_000, bytes);
      }
      assert.ok(read <= 3 * most + 100 && read > 2.8 * most, `${read} frames in two seconds`);
      assert.ok(b.sends <= 201, `${b.sends} sends`);
    });
  }

  it("counts pings as frames", () => {
    let pings = 0;
    while (!a.isPaused && pings < 10_000) {
      a.owner?.beat();
      pings += 1;
    }
    assert.ok(pings <= limits.relayBytesPerSecond / limits.leastRelayFrameBytes + 1, `${pings} pings`);
  });
});
