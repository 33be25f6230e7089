// What an etcd stores: keys with their history, and leases. Its time is passed in.
import type {
  Compare,
  EtcdError,
  EtcdErrorCode,
  EtcdResult,
  KeyValue,
  Keys,
  Operation,
  RangeOptions,
  WatchEvent,
} from "../../server/cluster/etcd.ts";
import { err, ok } from "../../protocol/result.ts";

/** All events of a revision. */
export type Change = { readonly revision: number; readonly events: readonly WatchEvent[] };

type Lease = { readonly ttlMs: number; readonly granted: number; ends: number };

export type Read = { readonly items: readonly KeyValue[] };

export class MemoryStore {
  #revision = 1;
  #compacted = 0;
  #leaseIds = 0;
  /** The oldest first. Those that were compacted are here too, but are not handed out. */
  #changes: Change[] = [];
  #keys = new Map<string, KeyValue>();
  readonly #leases = new Map<string, Lease>();

  get revision(): number {
    return this.#revision;
  }

  /** What happened from this revision on; undefined: it was compacted. */
  changesFrom(revision: number): readonly Change[] | undefined {
    if (revision < this.#compacted) return undefined;
    return this.#changes.filter((change) => change.revision >= revision);
  }

  get compacted(): number {
    return this.#compacted;
  }

  range(keys: Keys, { revision = 0 }: RangeOptions = {}): EtcdResult<Read> {
    if (revision > this.#revision) return err(refusal("refused", "required revision is a future revision"));
    if (revision > 0 && revision < this.#compacted) return err(refusal("compacted", "compacted"));
    const state = revision > 0 ? this.#stateAt(revision) : this.#keys;
    const items = [...state.values()]
      .filter(({ key }) => isIn(key, keys))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    return ok({ items });
  }

  txn(compare: readonly Compare[], operations: readonly Operation[]): EtcdResult<{ succeeded: boolean }> {
    const put = operations.flatMap((each) => ("put" in each ? [each.put.key] : []));
    const isTwice = put.some((key, n) => put.indexOf(key) < n);
    const isDeleted = operations.some(
      (each) => "delete" in each && put.some((key) => isIn(key, each.delete)),
    );
    if (isTwice || isDeleted) return err(refusal("refused", "duplicate key given in txn request"));
    if (!compare.every((each) => this.#isTrue(each))) return ok({ succeeded: false });
    for (const each of operations) {
      if ("put" in each && each.put.lease !== undefined && !this.#leases.has(each.put.lease))
        return err(refusal("no-lease", "requested lease not found"));
    }
    this.#commit(
      operations.flatMap((each) =>
        "put" in each ? [this.#put(each.put)] : this.#delete((key) => isIn(key, each.delete)),
      ),
    );
    return ok({ succeeded: true });
  }

  grant(now: number, ttlSeconds: number): string {
    const id = String(++this.#leaseIds);
    const ttlMs = ttlSeconds * 1_000;
    this.#leases.set(id, { ttlMs, granted: this.#revision, ends: now + ttlMs });
    return id;
  }

  /** The seconds that it has left; 0: it is gone. */
  keepAlive(now: number, id: string): number {
    const lease = this.#leases.get(id);
    if (lease === undefined) return 0;
    lease.ends = now + lease.ttlMs;
    return lease.ttlMs / 1_000;
  }

  revoke(id: string): void {
    if (!this.#leases.delete(id)) return;
    const gone = [...this.#keys.values()].filter(({ lease }) => lease === id).map(({ key }) => key);
    this.#commit(gone.sort().flatMap((each) => this.#delete((key) => key === each)));
  }

  /** Revokes the leases that are over. */
  expire(now: number): void {
    for (const [id, { ends }] of this.#leases) if (ends <= now) this.revoke(id);
  }

  /** A new leader gives every lease its full time. */
  renewLeases(now: number): void {
    for (const lease of this.#leases.values()) lease.ends = now + lease.ttlMs;
  }

  compact(revision: number): EtcdResult<null> {
    if (revision > this.#revision) return err(refusal("refused", "required revision is a future revision"));
    this.#compacted = Math.max(this.#compacted, revision);
    return ok(null);
  }

  /** Goes back to an older revision, as if it had never written what came later. */
  goBack(now: number, revision: number): void {
    this.#revision = Math.max(1, Math.min(revision, this.#revision));
    this.#compacted = Math.min(this.#compacted, this.#revision);
    this.#changes = this.#changes.filter((change) => change.revision <= this.#revision);
    this.#keys = this.#stateAt(this.#revision);
    for (const [id, { granted }] of this.#leases) if (granted > this.#revision) this.#leases.delete(id);
    this.renewLeases(now);
  }

  #stateAt(revision: number): Map<string, KeyValue> {
    const state = new Map<string, KeyValue>();
    for (const change of this.#changes) {
      if (change.revision > revision) break;
      for (const event of change.events) {
        state.delete(event.key);
        if (event.kind === "delete") continue;
        const { kind: _kind, ...item } = event;
        state.set(event.key, item);
      }
    }
    return state;
  }

  #isTrue(compare: Compare): boolean {
    const item = this.#keys.get(compare.key);
    if ("createRevision" in compare) return (item?.createRevision ?? 0) === compare.createRevision;
    return (item?.modRevision ?? 0) === compare.modRevision;
  }

  #put({ key, value, lease }: { key: string; value: string; lease?: string }): WatchEvent {
    const modRevision = this.#revision + 1;
    const createRevision = this.#keys.get(key)?.createRevision ?? modRevision;
    const item = { key, value, createRevision, modRevision, ...(lease === undefined ? {} : { lease }) };
    this.#keys.set(key, item);
    return { kind: "put", ...item };
  }

  #delete(matches: (key: string) => boolean): WatchEvent[] {
    const gone = [...this.#keys.keys()].filter(matches).sort();
    for (const key of gone) this.#keys.delete(key);
    return gone.map((key) => ({ kind: "delete", key, modRevision: this.#revision + 1 }));
  }

  #commit(events: readonly WatchEvent[]): void {
    if (events.length > 0) this.#changes.push({ revision: ++this.#revision, events });
  }
}

function isIn(key: string, keys: Keys): boolean {
  return "key" in keys ? key === keys.key : key.startsWith(keys.prefix);
}

/** An error after which nothing was done. */
function refusal(code: EtcdErrorCode, message: string): EtcdError {
  return { code, message, inDoubt: false };
}
