// Reads the log: opens what was sealed, hands it to the replica, and compares this server's state with those in the heartbeats of others.
import { Beat, Entry, SnapshotHead } from "../../protocol/cluster.ts";
import type { Log } from "../base/log.ts";
import type { Apply } from "../hall/lobbyLog.ts";
import type { WatchEvent } from "./etcd.ts";
import type { Beginning } from "./genesisStore.ts";
import type { Keys } from "./keys.ts";
import { parseSealed } from "./parseSealed.ts";
import { Replica } from "./replica.ts";
import type { Seal } from "./seal.ts";
import type { Found } from "./snapshots.ts";

/** What ends a life when it is read. */
export type LogEnd =
  /** This server's lease has expired. */
  | "given-up"
  /** The lobby begins anew: another server has found that data are lost. */
  | "new-epoch"
  /** Another server has another state after the same log. */
  | "servers-differ"
  /** A server that began earlier lets in other clients. */
  | "access-differs"
  /** This server cannot read an entry of its own, so its clients would wait for ever. */
  | "own-entry-unreadable";

export type LogReaderDependencies = {
  readonly keys: Keys;
  readonly seal: Seal;
  readonly beginning: Beginning;
  readonly life: number;
  readonly found: Found | undefined;
  readonly apply: Apply;
  readonly check: () => string;
  readonly access: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wallTime: () => number;
  /** This server's own heartbeat was read. `revision`: the engine's, of when this server joined. */
  readonly own: (beat: Beat, revision: number) => void;
  /** Another server needs a snapshot. */
  readonly wanted: () => void;
  readonly end: (end: LogEnd) => void;
};

/** Hashes that are kept to be compared with those of other servers. */
const HASHES = 4_096;

/** Milliseconds that clocks may differ without a warning. */
const CLOCK_MS = 2_000;

export class LogReader {
  readonly #deps: LogReaderDependencies;
  readonly replica: Replica;
  /** By revision, the oldest first. */
  readonly #hashes = new Map<number, string>();
  readonly #warned = new Set<number>();
  #revision: number;
  #hashed = 0;
  /** The revisions of the last own entry that was written, and of the last one that was read. */
  #written = 0;
  #ownRead = 0;
  #head: SnapshotHead | undefined;
  /** Whether this server reads its own heartbeats at once, so that those of others are new as well. */
  #isUpToDate = false;
  #isOver = false;

  constructor(deps: LogReaderDependencies) {
    const { found, beginning, apply, check } = deps;
    this.#deps = deps;
    this.#revision = found?.head.revision ?? beginning.revision;
    this.#head = found?.head;
    this.replica = new Replica({ state: found?.state.replica, apply, check });
  }

  /** The last revision that was read. */
  get revision(): number {
    return this.#revision;
  }

  /** The last revision after which the hash was another one; 0 if it has been the same since this life began. */
  get hashed(): number {
    return this.#hashed;
  }

  /** Where the last snapshot is. */
  get head(): SnapshotHead | undefined {
    return this.#head;
  }

  /** Seals a text for this life of the log. */
  sealed(key: string, text: string): string {
    return this.#deps.seal.seal(this.#place(key), text);
  }

  /** Reads what has happened at a revision. */
  read(revision: number, events: readonly WatchEvent[]): void {
    for (const event of events) if (!this.#isOver) this.#readEvent(event);
    this.#revision = revision;
    // There is a heartbeat every second, so this is noticed in time.
    if (!this.#isOver && this.#ownRead < this.#written && this.#written <= revision)
      this.#end("own-entry-unreadable");
  }

  /** The engine has taken this server's last entry at this revision. It may have been read before. */
  wrote(revision: number): void {
    this.#written = revision;
  }

  #readEvent(event: WatchEvent): void {
    const { keys, seal } = this.#deps;
    const { key } = event;
    if (key === keys.genesis) this.#end("new-epoch");
    else if (key.startsWith(keys.nodes)) this.#readNode(event, Number(key.slice(keys.nodes.length)));
    else if (event.kind === "delete") return;
    else if (key === keys.wanted) this.#deps.wanted();
    else if (key === keys.log) this.#readEntry(event.value, event.modRevision);
    else if (key === keys.snapshot) {
      const head = parseSealed(SnapshotHead, seal, key, event.value);
      if (head === undefined) this.#foreign(event.modRevision);
      else this.replica.saved();
      this.#head = head ?? this.#head;
    }
  }

  #readEntry(value: string, revision: number): void {
    const { keys, seal } = this.#deps;
    const place = this.#place(keys.log);
    const entry = parseSealed(Entry, seal, place, value);
    if (entry?.life === this.#deps.life) this.#ownRead = revision;
    if (entry === undefined) this.#foreign(revision);
    else if (this.replica.entry(entry, value)) this.#keepHash(revision);
  }

  #readNode(event: WatchEvent, life: number): void {
    const { seal, own } = this.#deps;
    if (event.kind === "delete") {
      if (life === this.#deps.life) this.#end("given-up");
      else if (this.replica.lose(life)) this.#keepHash(event.modRevision);
      return;
    }
    const beat = parseSealed(Beat, seal, this.#place(event.key), event.value);
    if (beat?.life !== life) {
      this.#foreign(event.modRevision);
      return;
    }
    this.replica.beat(beat);
    this.#compare(beat);
    if (life === this.#deps.life && this.replica.linkOf(life) !== undefined) own(beat, event.createRevision);
  }

  /** Someone else has written to the engine, or a server with another version. */
  #foreign(revision: number): void {
    this.#deps.log("warn", "foreign-entry", { revision });
  }

  /** With the heartbeat of a server. */
  #compare({ life, applied, hash, at, access }: Beat): void {
    const { log, wallTime } = this.#deps;
    if ((this.#hashes.get(applied) ?? hash) !== hash) this.#end("servers-differ");
    const differs = Math.abs(wallTime() - at);
    // Until this server has caught up, heartbeats of others are old.
    if (life === this.#deps.life) this.#isUpToDate = differs < CLOCK_MS / 2;
    if (!this.#isUpToDate) return;
    if (life < this.#deps.life && access !== this.#deps.access) this.#end("access-differs");
    if (differs < CLOCK_MS || this.#warned.has(life)) return;
    this.#warned.add(life);
    log("warn", "clocks-differ", { life, milliseconds: differs });
  }

  #keepHash(revision: number): void {
    this.#hashes.set(revision, this.replica.hash);
    this.#hashed = revision;
    for (const [oldest] of this.#hashes) {
      if (this.#hashes.size <= HASHES) break;
      this.#hashes.delete(oldest);
    }
  }

  #end(end: LogEnd): void {
    this.#isOver = true;
    this.#deps.end(end);
  }

  #place(key: string): string {
    return `${this.#deps.beginning.epoch} ${key}`;
  }
}
