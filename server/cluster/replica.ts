// What the log's entries mean, in their order: which servers are alive, which entries count, and at which time. Servers that
// apply the same events are equal. Pure.
import { createHash } from "node:crypto";
import type { Beat, Command, Entry } from "../../protocol/cluster.ts";
import type { ReplicaState } from "../../protocol/clusterSnapshot.ts";
import type { Apply } from "../hall/lobbyLog.ts";

/** A server that is alive: the number of its last entry, and where other servers reach it. */
type Node = { n: number; link: string };

/** Servers that start at the same time may join in another order than their lives are numbered. */
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
  /** The highest life so far, and those near it that are over: none of these joins again. */
  #newest: number;
  readonly #over: Set<number>;
  /** Lives that are over, whose members may still reconnect. */
  readonly #lost: Set<number>;
  #at: number;
  #hash: string;
  #entries: number;
  #characters: number;
  #beats: number;

  constructor({ state, ...deps }: ReplicaDependencies) {
    this.#deps = deps;
    this.#nodes = new Map(state?.nodes.map(([life, node]) => [life, { ...node }]));
    this.#newest = state?.newest ?? 0;
    this.#over = new Set(state?.over);
    this.#lost = new Set(state?.lost);
    this.#at = state?.at ?? 0;
    this.#hash = state?.hash ?? sha256("");
    this.#entries = state?.entries ?? 0;
    this.#characters = state?.characters ?? 0;
    this.#beats = state?.beats ?? 0;
  }

  state(): ReplicaState {
    return {
      at: this.#at,
      nodes: [...this.#nodes].map(([life, node]) => [life, { ...node }]),
      newest: this.#newest,
      over: [...this.#over],
      lost: [...this.#lost],
      hash: this.#hash,
      entries: this.#entries,
      characters: this.#characters,
      beats: this.#beats,
    };
  }

  /** Over everything that was applied. */
  get hash(): string {
    return this.#hash;
  }

  /** Entries with their characters, and beats, since the last snapshot. */
  get sinceSnapshot(): { readonly entries: number; readonly characters: number; readonly beats: number } {
    return { entries: this.#entries, characters: this.#characters, beats: this.#beats };
  }

  /** The life of the server that joined first. */
  get eldest(): number | undefined {
    return this.#nodes.keys().next().value;
  }

  /** Where other servers reach this one; undefined if it is not alive. */
  linkOf(life: number): string | undefined {
    return this.#nodes.get(life)?.link;
  }

  /** A heartbeat: a server has joined, or is still alive. */
  beat({ life, link }: Beat): void {
    this.#beats += 1;
    if (this.#nodes.has(life) || this.#over.has(life) || life <= this.#newest - NEAR) return;
    this.#nodes.set(life, { n: 0, link });
    this.#newest = Math.max(this.#newest, life);
    for (const over of this.#over) if (over <= this.#newest - NEAR) this.#over.delete(over);
  }

  /** Lost servers whose missing members have not been removed yet. */
  get lost(): Iterable<number> {
    return this.#lost;
  }

  /** A server is lost. Its members may reconnect to another one. Returns whether it was alive. */
  lose(life: number): boolean {
    if (!this.#nodes.delete(life)) return false;
    this.#over.add(life);
    this.#lost.add(life);
    this.#apply([], `lost ${life}`);
    return true;
  }

  /**
   * The next entry. It counts if its server is alive and it is that server's next one: a server in doubt sends one again.
   * @param text the entry as written
   * @returns whether it counts
   */
  entry({ life, n, time, commands }: Entry, text: string): boolean {
    const node = this.#nodes.get(life);
    if (node === undefined || n !== node.n + 1) return false;
    node.n = n;
    this.#entries += 1;
    this.#characters += text.length;
    this.#at = Math.max(this.#at, time);
    this.#apply(commands, text);
    return true;
  }

  /** A snapshot has been saved. */
  saved(): void {
    this.#entries = 0;
    this.#characters = 0;
    this.#beats = 0;
  }

  #apply(commands: readonly Command[], text: string): void {
    for (const command of commands) {
      if (command.type === "lost") this.#lost.delete(command.life);
      this.#deps.apply(command, this.#at);
    }
    this.#hash = sha256(`${this.#hash} ${this.#deps.check()} ${text}`);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
