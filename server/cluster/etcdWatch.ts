// One watch: all events in the order of their revisions, each once. When its stream falls silent, it opens a new one from the
// next revision. etcd confirms a new stream at once, so a dead connection or member is noticed in time.
import * as v from "valibot";
import type { Keys, WatchEvent, WatchHandlers } from "./etcd.ts";
import type { EtcdCalls } from "./etcdCalls.ts";
import { codeOf, fault, type Fault } from "./etcdFaults.ts";
import { WatchAnswer, wireKeys } from "./etcdWire.ts";

/** How long a dead watch looks alive at most: this silence, and then the wait for the new stream. */
const SILENCE_MS = 2_000;
const BEGIN_MS = 2_000;

/** The most events of one revision. A single operation can delete many keys. */
const MOST_EVENTS = 100_000;

type Line = v.InferOutput<typeof WatchAnswer>["result"];

type Stream = { stop: () => void; isConfirmed: boolean; unfinished: readonly WatchEvent[] };

export class Watch {
  readonly #calls: EtcdCalls;
  readonly #keys: Keys;
  readonly #handlers: WatchHandlers;
  #next: number;
  /** The open ones, newest last. */
  #streams: Stream[] = [];
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
    for (const stream of this.#streams) stream.stop();
  }

  #open(): void {
    const stream: Stream = { stop: () => undefined, isConfirmed: false, unfinished: [] };
    this.#streams.push(stream);
    const options = { start_revision: String(this.#next), progress_notify: true, fragment: true };
    const body = { create_request: { ...wireKeys(this.#keys), ...options } };
    stream.stop = this.#calls.stream("/v3/watch", body, BEGIN_MS, {
      onLine: (line) => this.#read(stream, line),
      onEnd: (why) => this.#lose(stream, why),
    });
  }

  /** Opens another stream. Until it has caught up, the newest of the others stays: what it is to read may be compacted. */
  #replace(): void {
    const kept = this.#streams.findLast(({ isConfirmed }) => isConfirmed);
    for (const stream of this.#streams) if (stream !== kept) stream.stop();
    this.#streams = kept === undefined ? [] : [kept];
    this.#open();
  }

  #read(stream: Stream, line: unknown): Fault | undefined {
    const parsed = v.safeParse(WatchAnswer, line);
    if (!parsed.success) return fault("invalid", "a line is not an answer to a watch", true);
    const { result } = parsed.output;
    if (result.canceled) return this.#cancel(stream, result);
    stream.isConfirmed = true;
    this.#mayRenewToken = true;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#replace(), SILENCE_MS);
    if (result.events.length === 0) this.#handlers.onAlive?.(result.header);
    return this.#deliver(stream, result);
  }

  #cancel(stream: Stream, { compact_revision: revision, cancel_reason: message }: Line): Fault | undefined {
    if (codeOf(message) === "unauthenticated") return fault("unauthenticated", message, false);
    stream.stop();
    this.#streams = this.#streams.filter((each) => each !== stream);
    // An older stream has missed nothing: other keys have moved the revision on, and what was before it is compacted.
    if (revision > 0 && this.#streams.length > 0) return undefined;
    this.stop();
    this.#handlers.onEnd(revision > 0 ? { reason: "compacted", revision } : { reason: "canceled", message });
    return undefined;
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
    if (all.at(-1)?.modRevision === this.#next - 1) this.#caughtUp(stream);
    return undefined;
  }

  /** A stream has read everything that was delivered. Older ones are no longer needed. */
  #caughtUp(stream: Stream): void {
    if (this.#streams.at(-1) !== stream) return;
    for (const each of this.#streams) if (each !== stream) each.stop();
    this.#streams = [stream];
  }

  #lose(stream: Stream, { code, message }: Fault): void {
    const isNewest = this.#streams.at(-1) === stream;
    this.#streams = this.#streams.filter((each) => each !== stream);
    if (!isNewest) return;
    if (code === "unauthenticated" && this.#mayRenewToken) {
      this.#mayRenewToken = false;
      this.#open();
      return;
    }
    this.stop();
    this.#handlers.onEnd({ reason: "lost", error: { code, message, inDoubt: false } });
  }
}
