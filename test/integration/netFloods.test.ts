// A peer that sends more than the window reads: reading pauses, nothing is lost, other links are unaffected.
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { WebSocket } from "ws";
import { limits } from "../../protocol/limits.ts";
import type { NetLimits } from "../../extension/net/dial/netLimits.ts";
import { TestKey } from "../support/testKey.ts";
import { cleanUp, closing, passUntil, stopTime, testNetwork, type TestNetwork } from "./netHarness.ts";
import { endOf, frameOf, framesOf, hello, listening, message, startOf, stranger } from "./peerHarness.ts";

const json = (value: unknown): string => JSON.stringify(value);

describe("a peer that floods", () => {
  const [carmen, dora] = [new TestKey(), new TestKey()];

  afterEach(cleanUp);

  type Flood = {
    readonly bobby: TestNetwork;
    readonly ws: WebSocket;
    /** What dora says arrives. */
    readonly assertDoraHeard: () => Promise<void>;
  };

  /** Carmen, who floods, has a link to bobby, `i1`; dora has one, `i2`. Both have said hello. */
  async function flood(change: Partial<NetLimits> = {}): Promise<Flood> {
    const bobby = testNetwork({ limits: change });
    const address = await listening(bobby, carmen, dora);
    const ws = await stranger(address, carmen);
    await startOf(bobby, "i1");
    const other = await stranger(address, dora);
    for (const each of [ws, other]) each.send(json(hello()));
    for (const link of ["i1", "i2"]) await frameOf(bobby, link, ({ type }) => type === "hello");
    let seq = 0;
    const assertDoraHeard = async (): Promise<void> => {
      other.send(json(message(++seq, "and I?")));
      await frameOf(bobby, "i2", (frame) => frame.type === "message" && frame.seq === seq);
    };
    return { bobby, ws, assertDoraHeard };
  }

  it("is read at its own rate, and others at theirs", async () => {
    stopTime();
    const { bobby, ws, assertDoraHeard } = await flood();
    for (let n = 1; n <= 12_000; n++) ws.send(json({ type: "ack", received: n }));
    await frameOf(bobby, "i1", ({ type }) => type === "ack");
    await assertDoraHeard();
    const read = framesOf(bobby, "i1").length;
    assert.ok(read < 8_000, `${String(read)} frames were read at once`);
  });

  for (const [what, frameOfNumber] of [
    ["a line", (n: number) => ({ type: "verified", value: n % 2 === 0 })],
    ["a change of the lists", (n: number) => ({ type: "presence", state: n % 2 === 0 ? "away" : "here" })],
    ["a change of the page", (n: number) => ({ type: "typing", value: n % 2 === 0 })],
    ["a read of a file", (n: number) => ({ type: "fetch", id: "kSZV1s_3AgrrIWi6QvQ-Pw", from: n % 2, n: 1 })],
    [
      "a change on the disk",
      (n: number) => ({
        ...message(n, "👍"),
        about: { kind: "react", of: "yours", seq: 1, on: n % 2 === 0 },
      }),
    ],
  ] as const) {
    it(`is read more slowly when each frame makes ${what}`, async () => {
      stopTime();
      const { bobby, ws, assertDoraHeard } = await flood();
      for (let n = 1; n <= 1_000; n++) {
        ws.send(json(frameOfNumber(n)));
        if (n % 10 === 0) await turn();
      }
      await frameOf(bobby, "i1", ({ type }) => type === frameOfNumber(1).type);
      await assertDoraHeard();
      const read = framesOf(bobby, "i1").length;
      assert.ok(read < 1_000, `${String(read)} frames were read at once`);
    });
  }

  it("is read at a limited byte rate", async () => {
    const burst = 256 * 1024;
    const { bobby, ws } = await flood({ peerBurstBytes: burst });
    const text = "x".repeat(limits.textBytes);
    const start = performance.now();
    for (let n = 1; n <= 100; n++) ws.send(json(message(n, text)));
    await frameOf(bobby, "i1", (frame) => frame.type === "message" && frame.seq === 60);
    const seconds = (performance.now() - start) / 1_000;
    const bytes = framesOf(bobby, "i1").length * text.length;
    const most = burst + limits.peerBytesPerSecond * seconds + 128 * 1024;
    assert.ok(bytes <= most, `${String(bytes)} bytes in ${String(seconds)} s`);
  });

  it("is read to the end, in order, and is never taken for dead", async () => {
    const { bobby, ws } = await flood({
      ...{ peerFramesPerSecond: 2_000, burstSeconds: 0.05 },
      ...{ linkHeartbeatMs: 40, linkSilenceMs: 200 },
    });
    for (let n = 1; n <= 3_000; n++) ws.send(json({ type: "ack", received: n }));
    await frameOf(bobby, "i1", (frame) => frame.type === "ack" && frame.received === 3_000);
    const numbers = framesOf(bobby, "i1").flatMap((frame) => (frame.type === "ack" ? [frame.received] : []));
    assert.deepEqual(
      numbers,
      Array.from({ length: 3_000 }, (_, n) => n + 1),
    );
    assert.ok(!bobby.types().includes("link/closed"));
  });

  for (const kind of ["pings", "pongs"] as const) {
    it(`is read no faster for sending ${kind}`, async () => {
      const time = stopTime();
      const { bobby, ws, assertDoraHeard } = await flood({ burstSeconds: 0.1 });
      // 40 at once may come; as few as leave each ping its answer.
      for (let n = 1; n <= 300; n++) {
        if (kind === "pongs") ws.pong("x".repeat(125));
        else ws.ping();
        if (n % 30 === 0) await turn();
      }
      ws.send(json({ type: "ack", received: 1 }));
      await assertDoraHeard();
      assert.equal(framesOf(bobby, "i1").length, 1);
      const heard = frameOf(bobby, "i1", ({ type }) => type === "ack");
      await passUntil(heard, time, 10);
      assert.ok(time.now >= 500, `after ${String(time.now)} ms`);
    });
  }

  it("is cut when it requests more answers than can be queued", async () => {
    const { bobby, ws, assertDoraHeard } = await flood();
    const closed = closing(ws);
    for (let n = 1; n <= 20_000; n++) ws.ping();
    const { kind, code } = await endOf(bobby, "i1");
    assert.deepEqual([kind, code], ["lost", 1006]);
    assert.equal(await closed, 1006);
    await assertDoraHeard();
  });
});
