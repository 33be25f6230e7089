// Measures a sender against its rate. The peer link pauses its socket with it, so that nothing is lost.

export type TokenBucket = {
  /**
   * Takes one token, on credit if there is none.
   * @returns milliseconds until the bucket holds a token again: 0 while it does.
   */
  take(): number;
};

/**
 * @param perSecond tokens that flow in
 * @param capacity tokens that it holds at most, and at first
 * @param clock milliseconds that never run backwards
 */
export function createTokenBucket(perSecond: number, capacity: number, clock: () => number): TokenBucket {
  let tokens = capacity;
  let filledAt = clock();
  return {
    take() {
      const now = clock();
      tokens = Math.min(capacity, tokens + ((now - filledAt) * perSecond) / 1000);
      filledAt = now;
      tokens -= 1;
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) * 1000) / perSecond);
    },
  };
}
