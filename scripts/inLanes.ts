// Runs tasks side by side, a bounded number at a time.

/** Starts them in this order, so the longest should come first. Returns their results in the same order. */
export async function inLanes<T>(lanes: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const waiting = tasks.entries();
  // All lanes take from one iterator.
  const work = async (): Promise<void> => {
    for (const [index, task] of waiting) results[index] = await task();
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return results;
}
