// What the fuzzing tests share: how many frames, and a seed that a failure tells.
import assert from "node:assert/strict";

export const LONG = process.env["FORKCHAT_LONG"] !== undefined;

/** Frames for each kind of decoder. */
export const FRAMES = LONG ? 1_000_000 : 100_000;

/**
 * Declares a test with a random seed; `FORKCHAT_SEED` repeats one. A test that searches for the worst it can find takes `usual`
 * instead in the ordinary run, so that it only fails when the code has changed. No test changes what all objects share.
 */
export function fuzz(title: string, test: (seed: number) => Promise<void> | void, usual?: number): void {
  it(title, async function () {
    this.timeout(LONG ? 600_000 : 60_000);
    const random = Date.now() % 2 ** 31;
    const seed = Number(process.env["FORKCHAT_SEED"] ?? (LONG ? random : (usual ?? random)));
    if (LONG) console.log(`      FORKCHAT_SEED=${seed}`);
    try {
      await test(seed);
      assertUnpolluted();
    } catch (error) {
      throw new Error(`with the seed ${seed} (FORKCHAT_SEED=${seed} repeats it)`, { cause: error });
    }
  });
}

function assertUnpolluted(): void {
  for (const prototype of [Object.prototype, Array.prototype, Function.prototype, String.prototype]) {
    assert.deepEqual(Object.keys(prototype), []);
    assert.equal(Reflect.get(prototype, "polluted"), undefined);
  }
}
