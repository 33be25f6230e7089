// Watches on a real etcd: nothing is lost or doubled, whatever happens to their connections.
import assert from "node:assert/strict";
import type { Etcd, Operation } from "../../server/cluster/etcd.ts";
import { Engine } from "../support/etcd.ts";
import { succeeded } from "../support/succeeded.ts";
import { TcpProxy } from "../support/tcpProxy.ts";
import { WatchRecorder } from "../support/watchRecorder.ts";

/** As many as etcd allows in a transaction. */
const MOST_OPERATIONS = 128;

describe("a watch on etcd", () => {
  let engine: Engine;
  let etcd: Etcd;
  before(async () => {
    engine = await Engine.start();
    etcd = engine.open();
  });
  after(() => engine.stop());

  const doAll = async (operations: readonly Operation[]): Promise<number> =>
    succeeded(await etcd.txn([], operations)).revision;
  const put = (key: string, value: string): Promise<number> => doAll([{ put: { key, value } }]);
  const next = async (): Promise<number> => succeeded(await etcd.range({ key: "a" })).revision + 1;

  it("hands over the events of one revision together, and only those of its keys", async () => {
    const start = await put("w1/a", "before");
    const recorder = WatchRecorder.of(etcd, { prefix: "w1/" }, start);
    await put("w1", "beside the prefix");
    const together = await doAll([
      { put: { key: "w1/b", value: "1" } },
      { delete: { key: "w1/a" } },
      { put: { key: "other", value: "2" } },
      { put: { key: "w1/c", value: "3" } },
    ]);
    const deleted = await doAll([{ delete: { prefix: "w1/" } }]);
    await recorder.until(({ revisions }) => revisions.at(-1)?.revision === deleted);
    recorder.stop();
    const created = { createRevision: together, modRevision: together };
    assert.deepEqual(recorder.revisions.slice(1), [
      {
        revision: together,
        events: [
          { kind: "put", key: "w1/b", value: "1", ...created },
          { kind: "delete", key: "w1/a", modRevision: together },
          { kind: "put", key: "w1/c", value: "3", ...created },
        ],
      },
      {
        revision: deleted,
        events: ["w1/b", "w1/c"].map((key) => ({ kind: "delete", key, modRevision: deleted })),
      },
    ]);
    assert.deepEqual(recorder.revisions[0]?.revision, start);
    assert.deepEqual(recorder.ends, []);
  });

  it("joins the events of a revision that etcd splits into lines", async () => {
    const start = await next();
    const keys = Array.from({ length: MOST_OPERATIONS }, (_, i) => `large/${String(i).padStart(3, "0")}`);
    const value = "x".repeat(5_000);
    const revisions: number[] = [];
    while (revisions.length < 10) {
      revisions.push(await doAll(keys.map((key) => ({ put: { key, value } }))));
    }
    const recorder = WatchRecorder.of(etcd, { prefix: "large/" }, start);
    await recorder.until(({ ends, revisions: seen }) => ends.length > 0 || seen.length >= revisions.length);
    recorder.stop();
    assert.deepEqual(
      recorder.revisions.map(({ revision, events }) => [revision, events.map(({ key }) => key)]),
      revisions.map((revision) => [revision, keys]),
    );
  });

  it("ends when the first revision is compacted, and says from where it can go on", async () => {
    const start = await put("w2/a", "1");
    await put("w2/a", "2");
    const kept = await put("w2/a", "3");
    succeeded(await etcd.compact(kept));
    const late = WatchRecorder.of(etcd, { prefix: "w2/" }, start);
    await late.until(({ ends }) => ends.length > 0);
    assert.deepEqual(late.ends, [{ reason: "compacted", revision: kept }]);
    assert.deepEqual(late.revisions, []);
    const again = WatchRecorder.of(etcd, { prefix: "w2/" }, kept);
    await again.until(({ revisions }) => revisions.length > 0);
    again.stop();
    assert.deepEqual(again.values, ["3"]);
  });

  it("tells that it is alive when it begins, and after each silence", async () => {
    const start = await next();
    const recorder = WatchRecorder.of(etcd, { prefix: "silent/" }, start);
    await recorder.until(({ alive }) => alive.length === 1);
    const elsewhere = await put("elsewhere", "x");
    // On a busy machine, the first silence may end before the put.
    await recorder.until(({ alive }) => alive.filter(({ revision }) => revision === elsewhere).length === 2);
    const before = recorder.alive.slice(0, -2).map(({ revision }) => revision);
    assert.deepEqual(new Set(before), new Set([start - 1]));
    await put("silent/a", "heard");
    await recorder.until(({ revisions }) => revisions.length > 0);
    recorder.stop();
    assert.deepEqual([recorder.values, recorder.ends], [["heard"], []]);
  });

  it("stays when other keys are compacted past it in its silence", async () => {
    const recorder = WatchRecorder.of(etcd, { prefix: "quiet/" }, await next());
    await recorder.until(({ alive }) => alive.length === 1);
    await put("elsewhere", "y");
    succeeded(await etcd.compact(await put("elsewhere", "z")));
    // Its first new watch is refused, and so is a second.
    const asked = WatchRecorder.of(etcd, { prefix: "nothing/" }, await next());
    await asked.until(({ alive }) => alive.length === 3);
    asked.stop();
    await put("quiet/a", "heard");
    await recorder.until(({ revisions, ends }) => revisions.length + ends.length > 0);
    recorder.stop();
    assert.deepEqual([recorder.values, recorder.ends], [["heard"], []]);
  });

  it("calls nothing once it is stopped, even from within a call", async () => {
    const start = await put("w3/a", "1");
    const last = await put("w3/a", "2");
    const seen: number[] = [];
    const stopped = new Promise<void>((resolve) => {
      const stop = etcd.watch({ prefix: "w3/" }, start, {
        onEvents: (revision) => {
          seen.push(revision);
          stop();
          resolve();
        },
        onEnd: () => seen.push(-1),
      });
    });
    const other = WatchRecorder.of(etcd, { prefix: "w3/" }, start);
    await stopped;
    const after = await put("w3/a", "3");
    await other.until(({ revisions }) => revisions.at(-1)?.revision === after);
    other.stop();
    assert.deepEqual(seen, [start]);
    assert.ok(last < after);
  });

  describe("whose connections fail", () => {
    let proxy: TcpProxy;
    let near: Etcd;
    before(async () => {
      const port = Number(new URL(engine.access.endpoints[0]).port);
      proxy = await TcpProxy.to(() => port);
      near = engine.open({ endpoints: [`http://127.0.0.1:${proxy.port}`] });
    });
    after(() => proxy.close());

    it("notices a connection over which nothing comes any more, and loses nothing", async () => {
      const recorder = WatchRecorder.of(near, { prefix: "stall/" }, await next());
      await recorder.until(({ alive }) => alive.length === 1);
      await put("stall/a", "1");
      await recorder.until(({ values }) => values.length === 1);
      proxy.stallNewest();
      await put("stall/a", "2");
      await recorder.until(({ values }) => values.length === 2);
      recorder.stop();
      assert.deepEqual([recorder.values, recorder.ends], [["1", "2"], []]);
    });

    it("ends as lost when its connection breaks", async () => {
      const recorder = WatchRecorder.of(near, { prefix: "cut/" }, await next());
      await recorder.until(({ alive }) => alive.length === 1);
      proxy.cut();
      await recorder.until(({ ends }) => ends.length > 0);
      const [end] = recorder.ends;
      assert.ok(end?.reason === "lost" && end.error.code === "unreachable", JSON.stringify(end));
      assert.equal(end.error.inDoubt, false);
    });

    it("is taken up again from its next revision: each value comes once and in order", async () => {
      const count = 600;
      const recorder = WatchRecorder.following(near, { prefix: "follow/" }, await next());
      for (let i = 1; i <= count; i++) {
        await put("follow/a", String(i));
        if (i % 50 === 0) {
          await recorder.until(({ values }) => values.length >= i - 25);
          proxy.cut();
        }
      }
      await recorder.until(({ values }) => values.length >= count);
      recorder.stop();
      assert.deepEqual(
        recorder.values,
        Array.from({ length: count }, (_, i) => String(i + 1)),
      );
      assert.ok(recorder.ends.length >= 5, `It broke ${recorder.ends.length} times.`);
    });
  });
});
