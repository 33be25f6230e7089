// An etcd in memory with fake time: several processes reach it over ways that are slow, lose calls and answers, or are cut.
import type { Etcd, EtcdResult, Header, Keys, WatchHandlers } from "../../server/cluster/etcd.ts";
import { err, ok } from "../../protocol/result.ts";
import type { FakeProcess, FakeTime } from "./fakeTime.ts";
import { MemoryStore, type Change } from "./memoryStore.ts";

/** As the client of the real one. */
const CALL_MS = 1_500;
const KEEP_ALIVE_MS = 1_000;

/** A silent watch asks again after so many milliseconds, and gives up when there is no answer. */
const SILENCE_MS = 2_000;
const BEGIN_MS = 1_000;

/** A watch that begins in the past is looked after so much later. */
const SYNC_MS = 100;

/** How often those who wait for an engine that does not answer try again. */
const POLL_MS = 50;

/** How often it looks which leases are over. */
const LEASES_MS = 500;

/** What happens to a call on its way. */
export type Fate =
  | "arrives"
  /** It never comes. Its caller cannot know. */
  | "lost"
  /** It is done, but no answer comes. */
  | "unanswered"
  /** It is done after its caller has given up. */
  | "late"
  /** There is no connection, which its caller knows. */
  | "refused";

export type WayOptions = {
  /** Milliseconds that a call, an answer or an event takes. */
  readonly delay: () => number;
  readonly fate: () => Fate;
};

export class MemoryEngine {
  readonly store = new MemoryStore();
  readonly time: FakeTime;
  /** Called with each change, before anyone is told. */
  onChange: (change: Change) => void = () => undefined;
  readonly #ways = new Set<Way>();
  /** Nothing is answered until then. */
  #pausedUntil = 0;

  constructor(time: FakeTime) {
    this.time = time;
    const expire = (): void => {
      time.later(LEASES_MS, expire);
      if (this.isUp) this.change(() => this.store.expire(time.now));
    };
    expire();
  }

  get isUp(): boolean {
    return this.time.now >= this.#pausedUntil;
  }

  /** How a process reaches it. */
  open(process: FakeProcess, options: WayOptions): Way {
    const way = new Way(this, process, options);
    this.#ways.add(way);
    return way;
  }

  /** Does something to the store, and tells those who watch. */
  change<T>(change: () => T): T {
    const { revision } = this.store;
    const result = change();
    for (const event of this.store.changesFrom(revision + 1) ?? []) {
      this.onChange(event);
      for (const way of this.#ways) way.tell(event);
    }
    return result;
  }

  /** It answers nothing for so long, and then has another leader. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.time.now + ms);
    for (const way of this.#ways) way.cutWatches();
    this.time.later(ms, () => this.store.renewLeases(this.time.now));
  }

  /** It loses its last revisions, or everything. */
  lose(revisions: number): void {
    this.store.goBack(this.time.now, this.store.revision - revisions);
    for (const way of this.#ways) way.cutWatches();
  }
}

export class Way implements Etcd {
  isCut = false;
  /** Revisions by which the member is behind that says that a watch is alive. */
  behind = 0;
  readonly #engine: MemoryEngine;
  readonly #process: FakeProcess;
  readonly #options: WayOptions;
  readonly #watches = new Set<MemoryWatch>();

  constructor(engine: MemoryEngine, process: FakeProcess, options: WayOptions) {
    this.#engine = engine;
    this.#process = process;
    this.#options = options;
  }

  range: Etcd["range"] = (keys, options) =>
    this.#call(true, () => {
      const read = this.#engine.store.range(keys, options);
      return read.ok ? ok({ ...this.#header(), ...read.value }) : read;
    });

  txn: Etcd["txn"] = (compare, operations) =>
    this.#call(false, () => {
      const done = this.#engine.change(() => this.#engine.store.txn(compare, operations));
      return done.ok ? ok({ ...this.#header(), ...done.value }) : done;
    });

  grantLease: Etcd["grantLease"] = (ttlSeconds) =>
    this.#call(false, () => ok(this.#engine.store.grant(this.#engine.time.now, ttlSeconds)));

  keepAlive: Etcd["keepAlive"] = (lease) =>
    this.#call(true, () => ok(this.#engine.store.keepAlive(this.#engine.time.now, lease)), KEEP_ALIVE_MS);

  compact: Etcd["compact"] = (revision) => this.#call(true, () => this.#engine.store.compact(revision));

  watch: Etcd["watch"] = (keys, fromRevision, handlers) => {
    const watch = new MemoryWatch(this, this.#engine, keys, fromRevision, {
      onEvents: handlers.onEvents,
      onAlive: (header) => handlers.onAlive?.(header),
      onEnd: (end) => {
        this.#watches.delete(watch);
        handlers.onEnd(end);
      },
    });
    this.#watches.add(watch);
    return () => {
      this.#watches.delete(watch);
      watch.stop();
    };
  };

  /** Also for a process that has ended. */
  close = (): void => {
    for (const watch of this.#watches) watch.stop();
    this.#watches.clear();
  };

  /** Something comes from the engine, after those things that were sent before it. */
  deliver(call: () => void, after: number): number {
    const { time } = this.#engine;
    const at = Math.max(after, time.now + this.#options.delay());
    time.later(at - time.now, () => this.#process.call(call));
    return at;
  }

  tell(change: Change): void {
    for (const watch of this.#watches) watch.tell(change);
  }

  /** The streams break, which this end notices. */
  cutWatches(): void {
    for (const watch of this.#watches) watch.lose(0);
  }

  /** No event comes, which this end notices after a while. */
  stallWatches(): void {
    for (const watch of this.#watches) watch.lose(SILENCE_MS + BEGIN_MS);
  }

  cut(): void {
    this.isCut = true;
    this.stallWatches();
  }

  heal(): void {
    this.isCut = false;
  }

  #header(): Header {
    return { revision: this.#engine.store.revision };
  }

  async #call<T>(isRead: boolean, act: () => EtcdResult<T>, timeoutMs = CALL_MS): Promise<EtcdResult<T>> {
    const { time } = this.#engine;
    const { delay } = this.#options;
    const rolled = this.#options.fate();
    const fate = this.isCut && rolled !== "refused" ? "lost" : rolled;
    return new Promise((resolve) => {
      const failed = (code: "timeout" | "unreachable", inDoubt: boolean): void =>
        this.#process.call(() => resolve(err({ code, message: code, inDoubt: inDoubt && !isRead })));
      if (fate === "refused") {
        time.later(delay(), () => failed("unreachable", false));
        return;
      }
      time.later(timeoutMs, () => failed("timeout", true));
      if (fate === "lost") return;
      const arrives = (): void => {
        if (!this.#engine.isUp) {
          time.later(POLL_MS, arrives);
          return;
        }
        const answer = act();
        if (fate === "arrives" && !this.isCut)
          time.later(delay(), () => this.#process.call(() => resolve(answer)));
      };
      time.later(fate === "late" ? timeoutMs + delay() : delay(), arrives);
    });
  }
}

class MemoryWatch {
  readonly #way: Way;
  readonly #engine: MemoryEngine;
  readonly #keys: Keys;
  readonly #handlers: Required<WatchHandlers>;
  #next: number;
  /** When the last event that was sent comes. */
  #last = 0;
  #isOpen = false;
  #isBroken = false;
  #isOver = false;
  #heard: number;

  constructor(way: Way, engine: MemoryEngine, keys: Keys, from: number, handlers: Required<WatchHandlers>) {
    this.#way = way;
    this.#engine = engine;
    this.#keys = keys;
    this.#next = from;
    this.#handlers = handlers;
    this.#heard = engine.time.now;
    this.#last = this.#way.deliver(() => this.#open(), 0);
  }

  stop(): void {
    this.#isOver = true;
  }

  tell({ revision, events }: Change): void {
    if (!this.#isOpen || this.#isBroken || revision < this.#next) return;
    const own = events.filter(({ key }) =>
      "key" in this.#keys ? key === this.#keys.key : key.startsWith(this.#keys.prefix),
    );
    if (own.length === 0) return;
    this.#next = revision + 1;
    this.#send(() => this.#handlers.onEvents(revision, own));
  }

  /** The stream breaks. @param noticed after so many milliseconds */
  lose(noticed: number): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    const error = { code: "unreachable", message: "lost", inDoubt: false } as const;
    this.#engine.time.later(noticed, () => {
      this.#last = this.#way.deliver(
        () => this.#end(() => this.#handlers.onEnd({ reason: "lost", error })),
        this.#last,
      );
    });
  }

  #open(): void {
    if (this.#isOver || this.#isBroken) return;
    const { store, isUp } = this.#engine;
    if (this.#way.isCut || !isUp) {
      if (this.#engine.time.now - this.#heard >= BEGIN_MS) this.lose(0);
      else this.#engine.time.later(POLL_MS, () => this.#open());
      return;
    }
    const changes = store.changesFrom(this.#next);
    if (changes === undefined) {
      // As etcd does, which finds it out afterwards.
      this.#alive();
      const end = { reason: "compacted", revision: store.compacted } as const;
      this.#engine.time.later(SYNC_MS, () => {
        this.#last = this.#way.deliver(() => this.#end(() => this.#handlers.onEnd(end)), this.#last);
      });
      return;
    }
    this.#isOpen = true;
    this.#alive();
    for (const change of changes) this.tell(change);
    this.#watchSilence();
  }

  #watchSilence(): void {
    this.#engine.time.later(SILENCE_MS, () => {
      if (this.#isOver || this.#isBroken) return;
      if (this.#engine.time.now - this.#heard >= SILENCE_MS) this.#alive();
      this.#watchSilence();
    });
  }

  #alive(): void {
    const revision = Math.max(1, this.#engine.store.revision - this.#way.behind);
    this.#send(() => this.#handlers.onAlive({ revision }));
  }

  #send(call: () => void): void {
    this.#heard = this.#engine.time.now;
    this.#last = this.#way.deliver(() => {
      if (!this.#isOver) call();
    }, this.#last);
  }

  #end(call: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    call();
  }
}
