/** Durations of each kind, in milliseconds. */
export class Times {
  readonly #all = new Map<string, number[]>();

  add(kind: string, ms: number): void {
    const known = this.#all.get(kind) ?? [];
    known.push(ms);
    this.#all.set(kind, known);
  }

  print(): void {
    for (const [kind, all] of this.#all) {
      all.sort((a, b) => a - b);
      const at = (part: number): string => (all[Math.floor(part * (all.length - 1))] ?? 0).toFixed(0);
      console.log(`      ${kind}: ${all.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
    }
  }
}
