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
  /** Of the last number; 0: there is none. */
  #revision = 0;

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
    const before = { key, modRevision: this.#revision };
    const written = await this.#etcd.txn([before], [{ put: { key, value } }]);
    const found = written.ok && !written.value.succeeded ? await this.#etcd.range({ key }) : written;
    if (!found.ok) {
      this.failures.push(found.error.code);
      return false;
    }
    const item = "items" in found.value ? found.value.items[0] : { value, modRevision: found.value.revision };
    // An attempt in doubt may have been made after all.
    this.#revision = item?.modRevision ?? 0;
    if (item?.value === value) return true;
    throw new Error(`Found ${item?.value ?? "nothing"} instead of ${value}`);
  }
}
