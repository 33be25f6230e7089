// The beginning of a log's life: its epoch, and the settings that all of its servers share.
import * as v from "valibot";
import { CLUSTER_FORMAT, Genesis, type Settings } from "../../protocol/cluster.ts";
import { Epoch } from "../../protocol/fields.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { Etcd, EtcdError, KeyValue } from "./etcd.ts";
import type { Keys } from "./keys.ts";
import type { Seal } from "./seal.ts";

/** `epoch`: of this beginning alone. `revision` and `now`: the engine's, of the beginning and when it was read. */
export type Beginning = { readonly epoch: Epoch; readonly revision: number; readonly now: number };

/** Why this server cannot take part: a sentence for the administrator. */
export type Mismatch = { readonly sentence: string };

const AnyFormat = v.object({ format: v.number() });

export class GenesisStore {
  readonly #etcd: Etcd;
  readonly #keys: Keys;
  readonly #seal: Seal;
  readonly #newEpoch: () => Epoch;

  constructor(etcd: Etcd, keys: Keys, seal: Seal, newEpoch: () => Epoch) {
    this.#etcd = etcd;
    this.#keys = keys;
    this.#seal = seal;
    this.#newEpoch = newEpoch;
  }

  /** Finds the beginning, or makes it. */
  async open(settings: Settings): Promise<Result<Beginning, EtcdError | Mismatch>> {
    for (;;) {
      const found = await this.#etcd.range({ key: this.#keys.genesis });
      if (!found.ok) return found;
      const [item] = found.value.items;
      if (item !== undefined) return this.#check(item, found.value.revision, settings);
      const made = await this.begin(0, settings);
      if (!made.ok) return made;
    }
  }

  /** Begins a new life of the log, unless another server has done so since this revision. */
  async begin(since: number, settings: Settings): Promise<Result<boolean, EtcdError>> {
    const { genesis: key } = this.#keys;
    const genesis: Genesis = { format: CLUSTER_FORMAT, epoch: this.#newEpoch(), settings };
    const value = this.#seal.seal(key, JSON.stringify(genesis));
    const put = await this.#etcd.txn([{ key, modRevision: since }], [{ put: { key, value } }]);
    return put.ok ? ok(put.value.succeeded) : put;
  }

  #check(
    { value, modRevision: revision }: KeyValue,
    now: number,
    own: Settings,
  ): Result<Beginning, Mismatch> {
    const text = this.#seal.open(this.#keys.genesis, value);
    if (text === undefined) {
      return err({
        sentence: "This etcd has a lobby of servers with another secret. Use their secret, or another etcd.",
      });
    }
    const any = v.safeParse(v.pipe(v.string(), v.parseJson(), AnyFormat), text);
    const format = any.success ? any.output.format : 0;
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Genesis), text);
    if (!parsed.success) {
      return err({
        sentence: `The lobby's data in etcd have format ${format}, and this server writes format ${CLUSTER_FORMAT}.`,
      });
    }
    const genesis = parsed.output;
    const names = new Set([...Object.keys(own), ...Object.keys(genesis.settings)]);
    for (const name of names) {
      const [theirs, mine] = [genesis.settings[name], own[name]];
      if (theirs === mine) continue;
      return err({
        sentence: `All servers of a lobby need the same settings. “${name}” is ${String(theirs)} there, and ${String(mine)} here.`,
      });
    }
    // Someone who can write to the engine could begin a second time with the same text.
    const epoch = v.parse(Epoch, `${genesis.epoch}-${revision.toString(36)}`);
    return ok({ epoch, revision, now });
  }
}
