// A server's part in the cluster: one life after another.
import type { Epoch } from "../../protocol/fields.ts";
import { Beat, type Errand, type Settings } from "../../protocol/cluster.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { ClusterLife } from "./clusterLife.ts";
import type { ClusterLifeDependencies, LifeEnd, LifeStart } from "./lifeDependencies.ts";
import type { EtcdError } from "./etcd.ts";
import { GenesisStore, type Beginning, type Mismatch } from "./genesisStore.ts";
import { keysOf } from "./keys.ts";
import { parseSealed } from "./parseSealed.ts";
import type { Seal } from "./seal.ts";
import { Snapshots } from "./snapshots.ts";

export type ClusterNodeDependencies = Omit<
  ClusterLifeDependencies,
  "keys" | "snapshots" | "opened" | "ended"
> & {
  readonly seal: Seal;
  /** The lobby's name in the engine. */
  readonly lobby: string;
  /** What must be the same on all servers. */
  readonly settings: Settings;
  readonly newEpoch: () => Epoch;
  /** At least 0, and below 1. */
  readonly random: () => number;
};

/** Milliseconds that the first life may take to begin. */
const START_MS = 15_000;

/** Milliseconds until the next try, at random up to the second one, so that servers do not all start at once. */
const AGAIN_MS = [200, 1_000] as const;

/** Ends of a life that need an administrator. */
const ERRORS: ReadonlySet<LifeEnd> = new Set(["own-entry-unreadable", "access-differs", "entry-refused"]);

/** Why a life could not begin: a sentence if trying again does not help. */
type Failure = EtcdError | Mismatch | "damaged" | "lost";

export class ClusterNode {
  readonly #deps: ClusterNodeDependencies;
  readonly #keys: ReturnType<typeof keysOf>;
  readonly #genesis: GenesisStore;
  readonly #snapshots: Snapshots;
  #life: ClusterLife | undefined;
  /** When the engine last confirmed a life that has ended; undefined while the lobby is open. */
  #silentSince: number | undefined;
  #beginning: Beginning | undefined;
  /** The last revision that was read in this epoch. */
  #read = 0;
  /** The beginning of the log that was forgotten before this server could read it. */
  #forgottenBefore: number | undefined;
  /** Lives that have ended because of that, whose keys may still be there. */
  readonly #unread = new Set<number>();
  /** Why the last life has ended, or was not begun. */
  #lastEnd = "";
  /** Why the last life could not begin. */
  #reason = "the engine answers too slowly.";
  #isStopped = false;
  #started: ((result: Result<null, string>) => void) | undefined;

  constructor(deps: ClusterNodeDependencies) {
    this.#deps = deps;
    this.#keys = keysOf(deps.lobby);
    this.#genesis = new GenesisStore(deps.etcd, this.#keys, deps.seal, deps.newEpoch);
    this.#snapshots = new Snapshots(deps.etcd, this.#keys, deps.seal);
  }

  /** Resolves when the lobby is open for the first time, unless it is stopped before. The error is a sentence for the admin. */
  start(): Promise<Result<null, string>> {
    return new Promise((resolve) => {
      const cancel = this.#deps.later(START_MS, () => {
        this.#started?.(err(`The lobby did not open in time: ${this.#reason}`));
      });
      this.#started = (result) => {
        cancel();
        this.#started = undefined;
        resolve(result);
      };
      void this.#begin();
    });
  }

  /** The lobby closes, and no other life begins. */
  stop(): void {
    this.#isStopped = true;
    this.#life?.stop();
  }

  /** Seconds since the engine last confirmed that this server is alive; 0 before it has done so. */
  lagSeconds(): number {
    return this.#silentSince === undefined
      ? (this.#life?.lagSeconds() ?? 0)
      : (this.#deps.now() - this.#silentSince) / 1_000;
  }

  /** The number of this life; 0 while the lobby is closed. */
  get life(): number {
    return this.#life?.number ?? 0;
  }

  /** Another server asks this one to notify a client. */
  asked(errand: Errand): void {
    this.#life?.asked(errand);
  }

  /** Where other servers reach that one; undefined if it is not alive. */
  linkOf(life: number): string | undefined {
    return this.#life?.linkOf(life);
  }

  async #begin(): Promise<void> {
    const start = await this.#prepare();
    if (this.#isStopped) return;
    if (start.ok) this.#live(start.value);
    else this.#failed(start.error);
  }

  #live(start: LifeStart): void {
    const { life, beginning } = start;
    const { log } = this.#deps;
    this.#life = new ClusterLife(
      {
        ...this.#deps,
        keys: this.#keys,
        snapshots: this.#snapshots,
        opened: () => {
          log("info", "cluster-joined", { life, epoch: beginning.epoch });
          this.#forgottenBefore = undefined;
          this.#unread.clear();
          this.#reason = "";
          this.#silentSince = undefined;
          this.#started?.(ok(null));
        },
        ended: (end) => this.#ended(end, beginning.revision),
      },
      start,
    );
  }

  async #prepare(): Promise<Result<LifeStart, Failure>> {
    const beginning = await this.#genesis.open(this.#deps.settings);
    if (!beginning.ok) return beginning;
    const former = this.#beginning?.epoch;
    this.#beginning = beginning.value;
    // Another server may have begun anew, or this one has found an empty engine.
    if (former !== undefined && former !== beginning.value.epoch) {
      this.#deps.log("error", "new-epoch", { reason: this.#lastEnd });
      this.#read = 0;
    }
    if (beginning.value.now < this.#read) return err("lost");
    const access = await this.#checkAccess(beginning.value.epoch);
    if (!access.ok) return access;
    const writable = await this.#checkWritable();
    if (!writable.ok) return writable;
    const life = await this.#nextLife();
    if (!life.ok) return life;
    const found = await this.#snapshots.read(beginning.value.epoch);
    if (!found.ok) return found;
    return ok({ beginning: beginning.value, life: life.value, found: found.value });
  }

  /** A server with another token would let in clients that the others do not. They may change it once none is alive. */
  async #checkAccess(epoch: Epoch): Promise<Result<null, EtcdError | Mismatch>> {
    const { etcd, seal, access } = this.#deps;
    const found = await etcd.range({ prefix: this.#keys.nodes });
    if (!found.ok) return found;
    for (const { key, value } of found.value.items) {
      const theirs = parseSealed(Beat, seal, `${epoch} ${key}`, value)?.access ?? access;
      if (theirs === access) continue;
      return err({
        sentence: `All servers of a lobby need the same token and relay: there is “${theirs}” at another one, and “${access}” here.`,
      });
    }
    return ok(null);
  }

  /** Asks whether the engine takes entries from this server, with a change under conditions that exclude each other. */
  #checkWritable(): Promise<Result<unknown, EtcdError>> {
    const { genesis: key, log } = this.#keys;
    const never = [
      { key, createRevision: 0 },
      { key, modRevision: 1 },
    ];
    return this.#deps.etcd.txn(never, [{ put: { key: log, value: "" } }]);
  }

  /** Numbers lives, so that connections have numbers of their own in each. */
  async #nextLife(): Promise<Result<number, EtcdError>> {
    const { etcd } = this.#deps;
    const key = this.#keys.lives;
    for (;;) {
      const found = await etcd.range({ key });
      if (!found.ok) return found;
      const [item] = found.value.items;
      const life = Number(item?.value ?? 0) + 1;
      const put = await etcd.txn(
        [{ key, modRevision: item?.modRevision ?? 0 }],
        [{ put: { key, value: String(life) } }],
      );
      if (!put.ok) return put;
      if (put.value.succeeded) return ok(life);
    }
  }

  #failed(failure: Failure): void {
    const { log } = this.#deps;
    if (failure === "damaged" || failure === "lost") {
      void this.#beginAnew(failure === "lost" ? "engine-lost-data" : "snapshot-damaged");
      return;
    }
    const reason = "sentence" in failure ? failure.sentence : failure.message;
    const isFinal = "sentence" in failure || failure.code === "unauthenticated";
    if (reason !== this.#reason) log(isFinal ? "error" : "warn", "cluster-unavailable", { reason });
    this.#reason = reason;
    if (isFinal) this.#started?.(err(reason));
    this.#again();
  }

  #ended(end: LifeEnd, revision: number): void {
    this.#read = Math.max(this.#read, this.#life?.revision ?? 0);
    const { life } = this;
    this.#silentSince ??= this.#deps.now() - 1_000 * (this.#life?.lagSeconds() ?? 0);
    this.#life = undefined;
    this.#lastEnd = end;
    if (end === "stopped") return;
    this.#deps.log(ERRORS.has(end) ? "error" : "warn", "cluster-left", { reason: end });
    if (end === "engine-lost-data" || end === "servers-differ") void this.#beginAnew(end);
    else if (end === "log-forgotten") void this.#catchUp(revision, life);
    else this.#again();
  }

  /**
   * The engine has compacted a part of the log that this server has not read. If other servers are alive, one of them saves a
   * snapshot for it. Otherwise the lobby's messages are lost.
   * @param revision of the beginning
   * @param life that has ended
   */
  async #catchUp(revision: number, life: number): Promise<void> {
    const { etcd } = this.#deps;
    const { nodes, wanted } = this.#keys;
    this.#unread.add(life);
    const found = await etcd.range({ prefix: nodes });
    const alive = found.ok ? found.value.items : [];
    const own = alive.filter(({ key }) => this.#unread.has(Number(key.slice(nodes.length))));
    // Otherwise servers that cannot read the log would take each other for some that can.
    if (own.length > 0)
      await etcd.txn(
        [],
        own.map(({ key }) => ({ delete: { key } })),
      );
    const isAlone = found.ok && alive.length === own.length;
    if (isAlone && this.#forgottenBefore === revision) {
      void this.#beginAnew("log-forgotten");
      return;
    }
    if (isAlone) this.#forgottenBefore = revision;
    else await etcd.txn([], [{ put: { key: wanted, value: "" } }]);
    this.#again();
  }

  /** The lobby cannot continue from what the engine has. Its clients are notified of a gap. */
  async #beginAnew(reason: string): Promise<void> {
    this.#lastEnd = reason;
    await this.#genesis.begin(this.#beginning?.revision ?? 0, this.#deps.settings);
    this.#again();
  }

  #again(): void {
    const [least, most] = AGAIN_MS;
    this.#deps.later(least + this.#deps.random() * (most - least), () => void this.#begin());
  }
}
