// Everything that one reader has heard of a peer, pieced together from looks at a conversation of which only the newest
// lines are kept.
import assert from "node:assert/strict";

export class Heard {
  readonly lines: string[] = [];

  /** @param kept what is kept now, oldest first; it must begin within, or right behind, what was heard before */
  take(kept: readonly string[]): void {
    const [first] = kept;
    if (first === undefined) return;
    const found = this.lines.lastIndexOf(first);
    const from = found < 0 ? this.lines.length : found;
    const again = this.lines.length - from;
    assert.deepEqual(kept.slice(0, again), this.lines.slice(from), "what was heard before has changed");
    this.lines.push(...kept.slice(again));
  }
}
