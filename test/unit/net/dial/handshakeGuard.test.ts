// What reaches TLS before a handshake is done: counted bytes, one piece in each turn of the event loop.
import assert from "node:assert/strict";
import { Duplex, PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { createTurns, guardHandshake, TOO_LONG } from "../../../../extension/net/dial/handshakeGuard.ts";

const BOUNDS = { hello: 100, flight: 10 };

describe("the handshake guard", () => {
  /** A guarded stream, what TLS got of it, and how it ended. */
  function guarded(turns = createTurns()) {
    const coming = new PassThrough();
    const stream = Duplex.from({ readable: coming, writable: new PassThrough().resume() });
    const guard = guardHandshake(stream, BOUNDS, turns);
    const seen = { bytes: 0, code: "" };
    guard.stream.on("data", (chunk: Buffer) => (seen.bytes += chunk.length));
    guard.stream.on("error", (error) => {
      if ("code" in error) seen.code = String(error.code);
    });
    const come = async (bytes: number): Promise<void> => {
      coming.write(Buffer.alloc(bytes));
      for (let n = 0; n < 10; n++) await turn();
    };
    return { guard, seen, come };
  }

  it("passes what fits, in any pieces, and ends the stream with the first byte too many", async () => {
    const { seen, come } = guarded();
    for (let n = 0; n < 100; n++) await come(1);
    assert.deepEqual(seen, { bytes: 100, code: "" });
    await come(1);
    assert.deepEqual(seen, { bytes: 100, code: TOO_LONG });
  });

  it("passes each piece in its own turn", async () => {
    const jobs: (() => void)[] = [];
    const { seen, come } = guarded((job) => {
      jobs.push(job);
      return () => undefined;
    });
    await come(10);
    await come(20);
    assert.deepEqual([seen.bytes, jobs.length], [0, 1]);
    jobs.shift()?.();
    await come(0);
    assert.deepEqual([seen.bytes, jobs.length], [10, 1]);
    jobs.shift()?.();
    await come(0);
    assert.equal(seen.bytes, 30);
  });

  it("passes no more of one large piece", async () => {
    const { seen, come } = guarded();
    await come(60_000);
    assert.deepEqual(seen, { bytes: 100, code: TOO_LONG });
  });

  it("starts counting again with each answer", async () => {
    const { guard, seen, come } = guarded();
    await come(90);
    guard.stream.write("an answer");
    await come(10);
    guard.stream.write("another answer");
    await come(11);
    assert.deepEqual(seen, { bytes: 110, code: TOO_LONG });
  });

  it("passes everything once the handshake is done, including data that came with its last bytes", async () => {
    const { guard, seen, come } = guarded();
    guard.stream.once("data", () => guard.lift());
    await come(60_000);
    await come(60_000);
    assert.deepEqual(seen, { bytes: 120_000, code: "" });
  });
});

describe("turns", () => {
  it("run one job each, in order, and no canceled one", async () => {
    const turns = createTurns();
    const ran: number[] = [];
    const cancels = [1, 2, 3, 4].map((n) => turns(() => void ran.push(n)));
    cancels[1]?.();
    await turn();
    assert.deepEqual(ran, [1]);
    await turn();
    assert.deepEqual(ran, [1, 3]);
    turns(() => void ran.push(5));
    for (let n = 0; n < 3; n++) await turn();
    assert.deepEqual(ran, [1, 3, 4, 5]);
  });
});
