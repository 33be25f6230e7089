// Writes numbers to one key of etcd, each once, as a log does: what is in doubt is looked up and sent again.
import type { Etcd } from "../../server/cluster/etcd.ts";

/** Between two attempts, so that members that are away are not asked without a pause. */
const PAUSE_MS = 20;

export class ResendingWriter {
  readonly #etcd: Etcd;
  readonly #key: string;
  /** Codes of the failures, in order. */
  readonly failures: string[] = [];
  #last = 0;

  constructor(etcd: Etcd, key: string) {
    this.#etcd = etcd;
    this.#key = key;
  }

  /** Resolves when the next number is written. */
  async writeNext(): Promise<void> {
    const value = String(this.#last + 1);
    for (;;) {
      if (await this.#write(value)) break;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#last += 1;
  }

  async #write(value: string): Promise<boolean> {
    const key = this.#key;
    const before = this.#last === 0 ? { key, createRevision: 0 } : { key, value: String(this.#last) };
    const result = await this.#etcd.txn([before], [{ put: { key, value } }], [{ range: { key } }]);
    if (!result.ok) {
      this.failures.push(result.error.code);
      return false;
    }
    if (result.value.succeeded) return true;
    const found = result.value.ranges[0]?.[0]?.value;
    // An attempt in doubt was made after all.
    if (found === value) return true;
    throw new Error(`Found ${found ?? "nothing"} instead of ${value}`);
  }
}
