// A watch over a model of etcd: streams that repeat, split, fall silent and break.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { WatchEvent } from "../../../../server/cluster/etcd.ts";
import type { EtcdCalls } from "../../../../server/cluster/etcdCalls.ts";
import { fault } from "../../../../server/cluster/etcdFaults.ts";
import type { StreamHandlers } from "../../../../server/cluster/etcdHttp.ts";
import { Watch } from "../../../../server/cluster/etcdWatch.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";

type Seen = readonly [revision: number, keys: readonly string[]];

type ModelStream = {
  readonly handlers: StreamHandlers;
  isCreated: boolean;
  /** The place in the history that it reads next. */
  next: number;
};

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Holds a history, and lets streams read it in pieces of any size. */
class ModelEngine {
  readonly #history: readonly WatchEvent[];
  readonly #streams: ModelStream[] = [];

  constructor(history: readonly WatchEvent[]) {
    this.#history = history;
  }

  readonly calls = {
    stream: (_path: string, body: unknown, _timeoutMs: number, handlers: StreamHandlers) => {
      const { create_request } = body as { create_request: { start_revision: string } };
      const start = Number(create_request.start_revision);
      const next = this.#history.findIndex(({ modRevision }) => modRevision >= start);
      const stream = { handlers, next: next < 0 ? this.#history.length : next, isCreated: false };
      this.#streams.push(stream);
      return () => this.#close(stream);
    },
  } as unknown as EtcdCalls;

  get count(): number {
    return this.#streams.length;
  }

  /** Sends the next line of a stream, with up to this many events. */
  step(index: number, most: number): void {
    const stream = this.#streams[index % Math.max(1, this.count)];
    if (stream === undefined) return;
    if (!stream.isCreated) {
      stream.isCreated = true;
      this.#send(stream, { header: {}, created: true });
      return;
    }
    const events = this.#history.slice(stream.next, stream.next + most);
    stream.next += events.length;
    const after = this.#history[stream.next];
    const fragment = after !== undefined && after.modRevision === events.at(-1)?.modRevision;
    this.#send(stream, { header: {}, events: events.map(wireEvent), ...(fragment ? { fragment } : {}) });
  }

  /** Breaks a stream. */
  cut(index: number): void {
    const stream = this.#streams[index % Math.max(1, this.count)];
    if (stream === undefined) return;
    this.#close(stream);
    stream.handlers.onEnd(fault("unreachable", "cut", true));
  }

  #send(stream: ModelStream, result: object): void {
    assert.equal(stream.handlers.onLine(JSON.parse(JSON.stringify({ result }))), undefined);
  }

  #close(stream: ModelStream): void {
    const index = this.#streams.indexOf(stream);
    if (index >= 0) this.#streams.splice(index, 1);
  }
}

function wireEvent({ key, modRevision }: WatchEvent): object {
  return { type: "DELETE", kv: { key: base64(key), mod_revision: String(modRevision) } };
}

const step = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.constant("step" as const), fc.nat(2), fc.integer({ min: 1, max: 5 })) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("cut" as const), fc.nat(2), fc.constant(0)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("silence" as const), fc.constant(0), fc.constant(0)) },
);

describe("a watch on etcd", () => {
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());

  it("gives each revision once, whole and in order, whatever its streams do", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, fc.array(step, { maxLength: 60 }), (all, steps) => {
        const expected = all.map((size, i): Seen => [
          i + 1,
          Array.from({ length: size }, (_, k) => `${i + 1}.${k}`),
        ]);
        const history = expected.flatMap(([modRevision, keys]) =>
          keys.map((key): WatchEvent => ({ kind: "delete", key, modRevision })),
        );
        const engine = new ModelEngine(history);
        const seen: Seen[] = [];
        let stop = (): void => undefined;
        const follow = (): void => {
          const watch = new Watch(engine.calls, { prefix: "" }, seen.length + 1, {
            onEvents: (revision, events) => seen.push([revision, events.map(({ key }) => key)]),
            onEnd: () => follow(),
          });
          stop = () => watch.stop();
        };
        follow();
        for (const [kind, index, most] of steps) {
          if (kind === "step") engine.step(index, most);
          else if (kind === "cut") engine.cut(index);
          else timers.pass(2_000);
          assert.ok(engine.count <= 2, `${engine.count} streams`);
        }
        for (let i = 0; i < 3 * history.length + 6; i++) engine.step(i, 3);
        stop();
        assert.equal(engine.count, 0);
        assert.deepEqual(seen, expected);
      }),
    );
  });

  it("stops the older of two streams once the newer one has caught up, and no sooner", () => {
    for (const newerFirst of [true, false]) {
      const keys = [1, 2, 3];
      const engine = new ModelEngine(
        keys.map((modRevision) => ({ kind: "delete", key: "a", modRevision }) as const),
      );
      const seen: number[] = [];
      const watch = new Watch(engine.calls, { prefix: "" }, 1, {
        onEvents: (revision) => seen.push(revision),
        onEnd: () => assert.fail("it goes on"),
      });
      engine.step(0, 0);
      engine.step(0, 1);
      timers.pass(2_000);
      engine.step(1, 0);
      // It may still be refused, because what it is to begin with may be compacted.
      assert.equal(engine.count, 2);
      if (!newerFirst) engine.step(0, 2);
      engine.step(1, 1);
      // The older one may be ahead.
      assert.equal(engine.count, newerFirst ? 1 : 2);
      engine.step(engine.count - 1, 1);
      assert.deepEqual([seen, engine.count], [keys, 1]);
      watch.stop();
    }
  });

  it("goes on when the older of two streams breaks", () => {
    const engine = new ModelEngine([{ kind: "delete", key: "a", modRevision: 1 }]);
    const seen: number[] = [];
    const ends: unknown[] = [];
    const watch = new Watch(engine.calls, { prefix: "" }, 1, {
      onEvents: (revision) => seen.push(revision),
      onEnd: (end) => ends.push(end),
    });
    engine.step(0, 0);
    timers.pass(2_000);
    assert.equal(engine.count, 2);
    engine.step(1, 0);
    engine.cut(0);
    engine.step(0, 1);
    watch.stop();
    assert.deepEqual([seen, ends, engine.count], [[1], [], 0]);
  });
});
