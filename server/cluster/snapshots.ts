// Saved states of the lobby in the engine, in parts that fit into its requests.
import { createHash } from "node:crypto";
import * as v from "valibot";
import { SnapshotHead } from "../../protocol/cluster.ts";
import { ClusterState, type ReplicaState } from "../../protocol/clusterSnapshot.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { HallSnapshot } from "../hall/hall.ts";
import type { Compare, Etcd, EtcdError } from "./etcd.ts";
import type { Keys } from "./keys.ts";
import { parseSealed } from "./parseSealed.ts";
import type { Seal } from "./seal.ts";

/** Characters of a part. The engine takes 1.5 MB in a request, in base64; a character is up to three bytes. */
const PART = 256 * 1024;

export type Found = { readonly head: SnapshotHead; readonly state: ClusterState };

/** What is saved. */
export type Saved = { readonly replica: ReplicaState; readonly hall: HallSnapshot };

export class Snapshots {
  readonly #etcd: Etcd;
  readonly #keys: Keys;
  readonly #seal: Seal;

  constructor(etcd: Etcd, keys: Keys, seal: Seal) {
    this.#etcd = etcd;
    this.#keys = keys;
    this.#seal = seal;
  }

  /** The last one of this epoch; undefined: there is none. `damaged`: it cannot be used. */
  async read(epoch: string): Promise<Result<Found | undefined, EtcdError | "damaged">> {
    const { snapshot, parts } = this.#keys;
    const found = await this.#etcd.range({ key: snapshot });
    if (!found.ok) return found;
    const head = parseSealed(SnapshotHead, this.#seal, snapshot, found.value.items[0]?.value);
    if (head?.epoch !== epoch) return ok(undefined);
    let text = "";
    for (let n = 0; n < head.parts; n++) {
      // As they were then: a newer snapshot may take their place meanwhile.
      const { revision } = found.value;
      const part = await this.#etcd.range({ key: partKey(parts(head.place), n) }, { revision });
      if (!part.ok) return part;
      text += part.value.items[0]?.value ?? "";
    }
    if (hashOf(text) !== head.hash) return err("damaged");
    const state = v.safeParse(v.pipe(v.string(), v.parseJson(), ClusterState), text);
    return state.success ? ok({ head, state: state.output }) : err("damaged");
  }

  /**
   * Saves the state after this revision, if all of that is true at each step. Returns whether it was saved.
   */
  async write(
    { epoch, revision, place, state }: Omit<SnapshotHead, "parts" | "hash"> & { readonly state: Saved },
    condition: readonly Compare[],
  ): Promise<Result<boolean, EtcdError>> {
    const { snapshot, parts } = this.#keys;
    const text = JSON.stringify(state);
    const values = split(text);
    for (const [n, value] of values.entries()) {
      const put = await this.#etcd.txn(condition, [{ put: { key: partKey(parts(place), n), value } }]);
      if (!put.ok) return put;
      if (!put.value.succeeded) return ok(false);
    }
    const head: SnapshotHead = { epoch, revision, place, parts: values.length, hash: hashOf(text) };
    const value = this.#seal.seal(snapshot, JSON.stringify(head));
    const put = await this.#etcd.txn(condition, [{ put: { key: snapshot, value } }]);
    return put.ok ? ok(put.value.succeeded) : put;
  }
}

function split(text: string): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    // Two halves of a character stay together.
    const end = at + PART + (/[\ud800-\udbff]/.test(text.charAt(at + PART - 1)) ? 1 : 0);
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

function partKey(parts: string, n: number): string {
  return `${parts}${String(n).padStart(4, "0")}`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
