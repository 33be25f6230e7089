// One life of a server in the cluster: it reads the snapshot and the log, joins when it has read everything, sends a heartbeat
// every second, and ends when it is no longer sure that the engine has it.
import type { Beat, Errand } from "../../protocol/cluster.ts";
import type { HostedLobby } from "../hall/hostedLobby.ts";
import type { OpenLobbyLog } from "../hall/lobbyLog.ts";
import { Contact, CONTACT_MS, LEASE_SECONDS } from "./contact.ts";
import { EntryWriter } from "./entryWriter.ts";
import type { Compare, EtcdError, Operation, WatchEnd } from "./etcd.ts";
import { LostMembers } from "./lostMembers.ts";
import type { ClusterLifeDependencies, LifeEnd, LifeStart } from "./lifeDependencies.ts";
import { LogReader } from "./logReader.ts";
import { SnapshotKeeper } from "./snapshotKeeper.ts";

const BEAT_MS = 1_000;

/** A server has caught up with the log when it reads its own heartbeat within so many milliseconds. */
const CAUGHT_UP_MS = 2_000;

/** Milliseconds before the log is watched again. */
const WATCH_AGAIN_MS = 200;

export class ClusterLife {
  readonly #deps: ClusterLifeDependencies;
  readonly #start: LifeStart;
  readonly #lobby: HostedLobby;
  readonly #reader: LogReader;
  readonly #writer: EntryWriter;
  readonly #contact: Contact;
  readonly #keeper: SnapshotKeeper;
  readonly #lostMembers: LostMembers;
  readonly #cancels = new Set<() => void>();
  #lease: string | undefined;
  #isJoining = false;
  /** The engine's revision of when this server's key was created; 0 until that is known. */
  #created = 0;
  #isOpen = false;
  /** Since when the engine has refused the entry that is to be put; undefined while it has not. */
  #refusedSince: number | undefined;
  #isOver = false;
  #stopWatch: () => void = () => undefined;

  constructor(deps: ClusterLifeDependencies, start: LifeStart) {
    this.#deps = deps;
    this.#start = start;
    const { beginning, life, found } = start;
    const { epoch } = beginning;
    const later = (ms: number, call: () => void): (() => void) => this.#later(ms, call);
    this.#writer = new EntryWriter({ ...deps, life, later, put: (text) => this.#put(text) });
    let apply: Parameters<OpenLobbyLog>[0] | undefined;
    this.#lobby = deps.host({
      epoch,
      life,
      snapshot: found?.state.hall,
      resumeSecret: deps.seal.derive(`resume ${epoch}`),
      newTicket: () => deps.newTicket(life),
      ask: (other, errand) => {
        const place = this.linkOf(other);
        if (place !== undefined) deps.ask(place, errand);
      },
      openLobbyLog: (applyIt) => {
        apply = applyIt;
        return this.#writer;
      },
    });
    this.#reader = new LogReader({
      ...deps,
      ...start,
      apply: (command, at) => apply?.(command, at),
      check: this.#lobby.check,
      own: (beat, revision) => this.#heartbeatRead(beat, revision),
      wanted: () => this.#keeper.want(),
      end: (end) => this.#end(end),
    });
    this.#keeper = new SnapshotKeeper({
      ...deps,
      later,
      epoch,
      life,
      reader: this.#reader,
      hall: this.#lobby.snapshot,
      condition: () => this.#condition(),
    });
    this.#lostMembers = new LostMembers({
      ...{ later, life, reader: this.#reader, lobbyLog: this.#writer },
      membersOf: this.#lobby.membersOf,
    });
    this.#contact = new Contact(deps.now, later, () => this.#end("no-contact"));
    this.#watch();
  }

  /** Seconds since the engine last confirmed that this server is alive. */
  lagSeconds(): number {
    return this.#contact.silenceMs / 1_000;
  }

  get number(): number {
    return this.#start.life;
  }

  get revision(): number {
    return this.#reader.revision;
  }

  /** Another server asks this one to notify a client. */
  asked(errand: Errand): void {
    this.#lobby.asked(errand);
  }

  /** Where other servers reach that one; undefined if it is not alive. */
  linkOf(life: number): string | undefined {
    return this.#reader.replica.linkOf(life);
  }

  /** The lobby closes. For the others, this server is lost when its lease expires. */
  stop(): void {
    this.#end("stopped");
  }

  #watch(): void {
    const { etcd, keys } = this.#deps;
    const { revision: last } = this.#reader;
    this.#stopWatch = etcd.watch({ prefix: keys.watched }, last + 1, {
      onEvents: (revision, events) => {
        this.#reader.read(revision, events);
        if (!this.#isOpen) this.#contact.confirmed(this.#deps.now());
        else {
          this.#keeper.saveIfDue();
          this.#lostMembers.removeIfDue();
        }
      },
      onAlive: ({ revision }) => {
        // A member may be behind the others for a moment.
        if (revision < this.#reader.revision) void this.#checkRevision();
        else void this.#join();
      },
      onEnd: (end) => this.#watchEnded(end),
    });
  }

  /** Asks what the engine has agreed on, which is never less than what was read, unless it has lost data. */
  async #checkRevision(): Promise<void> {
    const { revision: read } = this.#reader;
    const found = await this.#deps.etcd.range({ key: this.#deps.keys.genesis });
    if (found.ok && found.value.revision < read) this.#end("engine-lost-data");
  }

  #watchEnded({ reason }: WatchEnd): void {
    if (reason === "compacted") this.#end("log-forgotten");
    else this.#later(WATCH_AGAIN_MS, () => this.#watch());
  }

  /**
   * Sends the first heartbeat, and keeps the lease from then on: what this server has missed is read before it, which may take
   * long.
   */
  async #join(): Promise<void> {
    if (this.#isJoining) return;
    this.#isJoining = true;
    const { etcd, keys, now } = this.#deps;
    const { beginning, life } = this.#start;
    // The lease begins now at the earliest.
    const sent = now();
    const granted = await etcd.grantLease(LEASE_SECONDS);
    if (this.#isOver) return;
    if (!granted.ok) {
      this.#end("no-contact");
      return;
    }
    this.#lease = granted.value;
    const put = await etcd.txn(
      [
        { key: keys.node(life), createRevision: 0 },
        { key: keys.genesis, modRevision: beginning.revision },
      ],
      [this.#beat(sent)],
    );
    // In doubt, the key may exist, now or later. Then it expires with its lease.
    if (!put.ok && this.#created === 0) this.#end("no-contact");
    else if (put.ok && !put.value.succeeded) this.#end("new-epoch");
    else if (put.ok) this.#hasJoined(put.value.revision);
  }

  #hasJoined(revision: number): void {
    if (this.#created > 0) return;
    this.#created = revision;
    this.#later(BEAT_MS, () => void this.#sendHeartbeat());
  }

  /** This server has read its own heartbeat in the log. */
  #heartbeatRead({ sent }: Beat, revision: number): void {
    this.#contact.confirmed(sent);
    this.#hasJoined(revision);
    if (this.#isOpen || this.#deps.now() - sent > CAUGHT_UP_MS) return;
    this.#isOpen = true;
    this.#lobby.open();
    this.#deps.opened();
  }

  async #sendHeartbeat(): Promise<void> {
    const { etcd, now } = this.#deps;
    const sent = now();
    const left = await etcd.keepAlive(this.#lease ?? "");
    if (left.ok && left.value === 0) this.#end("given-up");
    if (left.ok) await this.#change(this.#beat(sent));
    this.#later(Math.max(0, sent + BEAT_MS - now()), () => void this.#sendHeartbeat());
  }

  #beat(sent: number): Operation {
    const { keys, wallTime, link, access } = this.#deps;
    const { life } = this.#start;
    const { hashed: applied, replica } = this.#reader;
    const beat: Beat = { life, sent, at: wallTime(), applied, hash: replica.hash, link, access };
    const value = this.#reader.sealed(keys.node(life), JSON.stringify(beat));
    return { put: { key: keys.node(life), value, lease: this.#lease ?? "" } };
  }

  async #put(text: string): Promise<"done" | "again" | "over"> {
    const { keys } = this.#deps;
    const changed = await this.#change({
      put: { key: keys.log, value: this.#reader.sealed(keys.log, text) },
    });
    if (changed === "over") return "over";
    if (typeof changed !== "number") return this.#refused(changed) ? "over" : "again";
    this.#refusedSince = undefined;
    this.#reader.wrote(changed);
    return "done";
  }

  /**
   * An entry was not put. Ends the life if the engine refuses it for as long as it may be silent: heartbeats, which it may take
   * nevertheless, do not show that.
   */
  #refused({ code, message, inDoubt }: EtcdError): boolean {
    const now = this.#deps.now();
    this.#refusedSince = code === "refused" && !inDoubt ? (this.#refusedSince ?? now) : undefined;
    if (this.#refusedSince === undefined || now - this.#refusedSince < CONTACT_MS) return false;
    this.#deps.log("error", "entry-refused", { reason: message });
    this.#end("entry-refused");
    return true;
  }

  /** Changes the log, as long as this server has its part in it. Returns the revision of the change. */
  async #change(operation: Operation): Promise<number | EtcdError | "over"> {
    if (this.#isOver) return "over";
    const { revision: read } = this.#reader;
    const changed = await this.#deps.etcd.txn(this.#condition(), [operation]);
    if (!changed.ok) return changed.error;
    const { succeeded, revision } = changed.value;
    // A change has a revision of its own, above all that was read before.
    if (revision < read + (succeeded ? 1 : 0)) this.#end("engine-lost-data");
    else if (succeeded) return revision;
    else this.#end("given-up");
    return "over";
  }

  /**
   * That this server's lease has not expired, and that the log has not begun anew: an engine that has lost data may never
   * report the new beginning to this server.
   */
  #condition(): Compare[] {
    const { keys } = this.#deps;
    const { life, beginning } = this.#start;
    return [
      { key: keys.node(life), createRevision: this.#created },
      { key: keys.genesis, modRevision: beginning.revision },
    ];
  }

  #later(ms: number, call: () => void): () => void {
    if (this.#isOver) return () => undefined;
    const cancel = this.#deps.later(ms, () => {
      this.#cancels.delete(cancel);
      call();
    });
    this.#cancels.add(cancel);
    return () => {
      this.#cancels.delete(cancel);
      cancel();
    };
  }

  #end(end: LifeEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopWatch();
    this.#writer.stop();
    for (const cancel of this.#cancels) cancel();
    this.#lobby.close();
    this.#deps.ended(end);
  }
}
