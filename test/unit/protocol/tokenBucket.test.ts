import assert from "node:assert/strict";
import { TokenBucket } from "../../../protocol/tokenBucket.ts";

describe("a token bucket", () => {
  it("allows a burst, then as much as flows in", () => {
    const bucket = new TokenBucket(10, 3, 0);
    assert.deepEqual([bucket.take(0), bucket.take(0), bucket.take(0)], [0, 0, 0]);
    assert.equal(bucket.take(0), 100);
    assert.equal(bucket.take(60), 40);
    assert.equal(bucket.take(100), 0);
    assert.equal(bucket.take(100), 100);
  });

  it("charges nothing for what it rejects", () => {
    const bucket = new TokenBucket(10, 1, 0);
    bucket.take(0);
    for (let n = 0; n < 50; n++) assert.equal(bucket.take(0), 100);
    assert.equal(bucket.take(100), 0);
  });

  it("never holds more than its capacity", () => {
    const bucket = new TokenBucket(1_000, 2, 0);
    assert.deepEqual([bucket.take(1e9), bucket.take(1e9), bucket.take(1e9)], [0, 0, 1]);
  });

  it("treats a clock that goes back as one that stands still", () => {
    const bucket = new TokenBucket(10, 1, 1_000);
    assert.equal(bucket.take(1_000), 0);
    assert.equal(bucket.take(0), 100);
    assert.equal(bucket.take(100), 0);
  });

  it("can charge on credit for what has already happened, and says how long until it is paid", () => {
    const bucket = new TokenBucket(10, 3, 0);
    assert.deepEqual(
      [bucket.charge(0), bucket.charge(0), bucket.charge(0), bucket.charge(0)],
      [0, 0, 100, 200],
    );
    assert.equal(bucket.charge(400), 0);
    assert.deepEqual([bucket.charge(1e6), bucket.charge(1e6), bucket.charge(1e6)], [0, 0, 100]);
  });
});
