import assert from "node:assert/strict";
import fc from "fast-check";
import { TokenBucket } from "../../../protocol/tokenBucket.ts";

const settings = fc.record({
  perSecond: fc.integer({ min: 1, max: 1_000 }),
  capacity: fc.integer({ min: 1, max: 500 }),
  pauses: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000 })), {
    maxLength: 200,
    size: "max",
  }),
});

describe("a token bucket", () => {
  it("never lets more pass than its capacity plus what flows in meanwhile", () => {
    fc.assert(
      fc.property(settings, ({ perSecond, capacity, pauses }) => {
        const bucket = new TokenBucket(perSecond, capacity, 0);
        const passed: number[] = [];
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          if (bucket.take(now) === 0) passed.push(now);
        }
        for (const [first, from] of passed.entries()) {
          for (const [n, until] of passed.slice(first).entries()) {
            // A hair's breadth for the rounding of fractions.
            assert.ok(n + 1 <= capacity + ((until - from) * perSecond) / 1_000 + 1e-6);
          }
        }
      }),
    );
  });

  it("lets through what arrives after the wait it asked for, and nothing earlier", () => {
    fc.assert(
      fc.property(settings, fc.boolean(), ({ perSecond, capacity, pauses }, onCredit) => {
        const bucket = new TokenBucket(perSecond, capacity, 0);
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          const wait = onCredit ? bucket.charge(now) : bucket.take(now);
          if (wait === 0) continue;
          if (wait > 1) assert.ok(bucket.take(now + wait - 1) > 0);
          now += wait;
          assert.equal(bucket.take(now), 0);
        }
      }),
    );
  });
});
