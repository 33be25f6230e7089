// What the log's entries mean, in their order: which servers are there, which entries count, and at which time. Servers that
// apply the same events are equal. Pure.
import { createHash } from "node:crypto";
import type { Beat, Command, Entry } from "../../protocol/cluster.ts";
import type { ReplicaState } from "../../protocol/clusterSnapshot.ts";
import type { Apply } from "../hall/lobbyLog.ts";

/** A server that is there: the number of its last entry, and where other servers reach it. */
type Node = { n: number; link: string };

/** Servers that begin at the same time may come in another order than their lives are numbered. */
const NEAR = 64;

export type ReplicaDependencies = {
  /** The saved state to continue from; undefined: the log begins. */
  readonly state: ReplicaState | undefined;
  readonly apply: Apply;
  /** A few numbers about what `apply` has led to. They are part of the hash. */
  readonly check: () => string;
};

export class Replica {
  readonly #deps: Pick<ReplicaDependencies, "apply" | "check">;
  readonly #nodes: Map<number, Node>;
  /** The highest life there has been, and those near it that are over: none of these begins again. */
  #newest: number;
  readonly #over: Set<number>;
  /** Lives that are over, whose members may still come back. */
  readonly #gone: Set<number>;
  #at: number;
  #hash: string;
  #entries: number;
  #beats: number;

  constructor({ state, ...deps }: ReplicaDependencies) {
    this.#deps = deps;
    this.#nodes = new Map(state?.nodes.map(([life, node]) => [life, { ...node }]));
    this.#newest = state?.newest ?? 0;
    this.#over = new Set(state?.over);
    this.#gone = new Set(state?.gone);
    this.#at = state?.at ?? 0;
    this.#hash = state?.hash ?? sha256("");
    this.#entries = state?.entries ?? 0;
    this.#beats = state?.beats ?? 0;
  }

  state(): ReplicaState {
    return {
      at: this.#at,
      nodes: [...this.#nodes].map(([life, node]) => [life, { ...node }]),
      newest: this.#newest,
      over: [...this.#over],
      gone: [...this.#gone],
      hash: this.#hash,
      entries: this.#entries,
      beats: this.#beats,
    };
  }

  /** Over everything that was applied. */
  get hash(): string {
    return this.#hash;
  }

  /** Entries and beats since the last snapshot. */
  get sinceSnapshot(): { readonly entries: number; readonly beats: number } {
    return { entries: this.#entries, beats: this.#beats };
  }

  /** The life of the server that has been there for the longest time. */
  get eldest(): number | undefined {
    return this.#nodes.keys().next().value;
  }

  /** Where other servers reach this one; undefined if it is not there. */
  linkOf(life: number): string | undefined {
    return this.#nodes.get(life)?.link;
  }

  /** A server has come, or says that it is still there. */
  beat({ life, link }: Beat): void {
    this.#beats += 1;
    if (this.#nodes.has(life) || this.#over.has(life) || life <= this.#newest - NEAR) return;
    this.#nodes.set(life, { n: 0, link });
    this.#newest = Math.max(this.#newest, life);
    for (const over of this.#over) if (over <= this.#newest - NEAR) this.#over.delete(over);
  }

  /** Servers that are gone, whose missing members have not been removed yet. */
  get gone(): Iterable<number> {
    return this.#gone;
  }

  /** A server is gone. Its members may come back on another one. Returns whether it was there. */
  lost(life: number): boolean {
    if (!this.#nodes.delete(life)) return false;
    this.#over.add(life);
    this.#gone.add(life);
    this.#apply([], `lost ${life}`);
    return true;
  }

  /**
   * The next entry. It counts if its server is there and it is that server's next one: a server in doubt sends one again.
   * @param text the entry as written
   * @returns whether it counts
   */
  entry({ life, n, time, commands }: Entry, text: string): boolean {
    const node = this.#nodes.get(life);
    if (node === undefined || n !== node.n + 1) return false;
    node.n = n;
    this.#entries += 1;
    this.#at = Math.max(this.#at, time);
    this.#apply(commands, text);
    return true;
  }

  /** A snapshot has been saved. */
  saved(): void {
    this.#entries = 0;
    this.#beats = 0;
  }

  #apply(commands: readonly Command[], text: string): void {
    for (const command of commands) {
      if (command.type === "lost") this.#gone.delete(command.life);
      this.#deps.apply(command, this.#at);
    }
    this.#hash = sha256(`${this.#hash} ${this.#deps.check()} ${text}`);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
