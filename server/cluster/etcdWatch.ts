// One watch: all events in the order of their revisions, each once. A watch that falls silent is replaced by a new one from the
// next revision. etcd confirms a new watch at once, so a dead connection or member is noticed in time.
import * as v from "valibot";
import type { Keys, WatchEvent, WatchHandlers } from "./etcd.ts";
import type { EtcdCalls } from "./etcdCalls.ts";
import { codeOf, fault, type Fault } from "./etcdFaults.ts";
import { WatchAnswer, wireKeys } from "./etcdWire.ts";

/** How long a dead watch looks alive at most: this silence, and then the wait for the new watch. */
const SILENCE_MS = 2_000;
const BEGIN_MS = 1_000;

/** The most events of one revision. A single operation can delete many keys. */
const MOST_EVENTS = 100_000;

type Line = v.InferOutput<typeof WatchAnswer>["result"];

type Stream = { stop: () => void; unfinished: readonly WatchEvent[] };

export class Watch {
  readonly #calls: EtcdCalls;
  readonly #keys: Keys;
  readonly #handlers: WatchHandlers;
  #next: number;
  #current: Stream | undefined;
  /** Takes the place of the current one when the engine confirms it. */
  #candidate: Stream | undefined;
  #silence: NodeJS.Timeout | undefined;
  #mayRenewToken = true;
  #isOver = false;

  constructor(calls: EtcdCalls, keys: Keys, fromRevision: number, handlers: WatchHandlers) {
    this.#calls = calls;
    this.#keys = keys;
    this.#next = fromRevision;
    this.#handlers = handlers;
    this.#open();
  }

  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#silence);
    this.#candidate?.stop();
    this.#current?.stop();
  }

  #open(): void {
    this.#candidate?.stop();
    const stream: Stream = { stop: () => undefined, unfinished: [] };
    this.#candidate = stream;
    const options = { start_revision: String(this.#next), progress_notify: true, fragment: true };
    const body = { create_request: { ...wireKeys(this.#keys), ...options } };
    stream.stop = this.#calls.stream("/v3/watch", body, BEGIN_MS, {
      onLine: (line) => this.#read(stream, line),
      onEnd: (why) => this.#lose(stream, why),
    });
  }

  #read(stream: Stream, line: unknown): Fault | undefined {
    const parsed = v.safeParse(WatchAnswer, line);
    if (!parsed.success) return fault("invalid", "a line is not an answer to a watch", true);
    const { result } = parsed.output;
    if (result.canceled) return this.#cancel(stream, result);
    if (stream === this.#candidate) this.#replace(stream);
    this.#listen();
    if (result.events.length === 0) this.#handlers.onAlive?.(result.header);
    return this.#deliver(stream, result);
  }

  #cancel(stream: Stream, { compact_revision: revision, cancel_reason: message }: Line): Fault | undefined {
    if (codeOf(message) === "unauthenticated") return fault("unauthenticated", message, false);
    if (revision > 0 && stream === this.#candidate && this.#current !== undefined) {
      // Other keys have moved the revision on, and all before it was compacted. The current watch has missed nothing.
      stream.stop();
      this.#candidate = undefined;
      this.#listen();
      return undefined;
    }
    this.stop();
    this.#handlers.onEnd(revision > 0 ? { reason: "compacted", revision } : { reason: "canceled", message });
    return undefined;
  }

  #replace(stream: Stream): void {
    this.#current?.stop();
    this.#current = stream;
    this.#candidate = undefined;
    this.#mayRenewToken = true;
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#open(), SILENCE_MS);
  }

  #deliver(stream: Stream, { events, fragment }: Line): Fault | undefined {
    const all = [...stream.unfinished, ...events];
    const last = fragment ? all.at(-1)?.modRevision : undefined;
    stream.unfinished = all.filter(({ modRevision }) => modRevision === last);
    if (stream.unfinished.length > MOST_EVENTS)
      return fault("invalid", "a revision has too many events", true);
    const revisions = new Map<number, WatchEvent[]>();
    for (const event of all) {
      const { modRevision } = event;
      if (modRevision === last || modRevision < this.#next) continue;
      const group = revisions.get(modRevision);
      if (group === undefined) revisions.set(modRevision, [event]);
      else group.push(event);
    }
    for (const [revision, group] of revisions) {
      if (this.#isOver) break;
      this.#next = revision + 1;
      this.#handlers.onEvents(revision, group);
    }
    return undefined;
  }

  #lose(stream: Stream, error: Fault): void {
    const { code, message } = error;
    if (stream === this.#current) {
      this.#current = undefined;
      if (this.#candidate !== undefined) return;
    }
    if (code === "unauthenticated" && this.#mayRenewToken) {
      this.#mayRenewToken = false;
      this.#open();
      return;
    }
    this.stop();
    this.#handlers.onEnd({ reason: "lost", error: { code, message, inDoubt: false } });
  }
}
