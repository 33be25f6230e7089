// Every operation of the client, against a real etcd.
import assert from "node:assert/strict";
import type { Compare, Etcd } from "../../server/cluster/etcd.ts";
import { Engine } from "../support/etcd.ts";
import { failed, succeeded } from "../support/succeeded.ts";
import { WatchRecorder } from "../support/watchRecorder.ts";

describe("a client of etcd", () => {
  let engine: Engine;
  let etcd: Etcd;
  before(async () => {
    engine = await Engine.start();
    etcd = engine.open();
  });
  after(() => engine.stop());

  const put = async (key: string, value: string, lease?: string): Promise<number> => {
    const operation = { put: { key, value, ...(lease === undefined ? {} : { lease }) } };
    return succeeded(await etcd.txn([], [operation])).revision;
  };

  it("reads what it wrote, with revisions, in the order of keys", async () => {
    const text = 'ä€😀\0\n"';
    const first = await put("read/b", "1");
    const second = await put("read/a", text);
    const third = await put("read/b", "");
    await put("readers", "beside the prefix");
    assert.deepEqual([second, third], [first + 1, first + 2]);
    const { revision, items } = succeeded(await etcd.range({ prefix: "read/" }));
    assert.equal(revision, third + 1);
    assert.deepEqual(items, [
      { key: "read/a", value: text, createRevision: second, modRevision: second },
      { key: "read/b", value: "", createRevision: first, modRevision: third },
    ]);
    assert.deepEqual(succeeded(await etcd.range({ key: "read/b" })).items, items.slice(1));
    assert.deepEqual(succeeded(await etcd.range({ key: "read/" })).items, []);
    const earlier = succeeded(await etcd.range({ prefix: "read/" }, { revision: first }));
    assert.deepEqual(
      earlier.items.map(({ key, value }) => [key, value]),
      [["read/b", "1"]],
    );
    assert.ok(succeeded(await etcd.range({ prefix: "" })).items.length >= 3);
  });

  it("does a transaction if all comparisons are true, for each way to compare", async () => {
    const lease = succeeded(await etcd.grantLease(60));
    const created = await put("compare", "first");
    const changed = await put("compare", "second", lease);
    const cases: readonly (readonly [Compare, boolean])[] = [
      [{ key: "compare", createRevision: created }, true],
      [{ key: "compare", createRevision: changed }, false],
      [{ key: "compare", createRevision: 0 }, false],
      [{ key: "absent", createRevision: 0 }, true],
      [{ key: "compare", modRevision: changed }, true],
      [{ key: "compare", modRevision: created }, false],
    ];
    for (const [compare, isTrue] of cases) {
      const result = succeeded(
        await etcd.txn(
          [{ key: "compare", modRevision: changed }, compare],
          [{ put: { key: "done", value: JSON.stringify(compare) } }, { delete: { key: "none" } }],
        ),
      );
      assert.equal(result.succeeded, isTrue, JSON.stringify(compare));
      const [done] = succeeded(await etcd.range({ key: "done" })).items;
      assert.equal(done?.value === JSON.stringify(compare), isTrue);
    }
    assert.equal(succeeded(await etcd.range({ key: "compare" })).items[0]?.lease, lease);
  });

  it("writes nothing when a comparison is false, and takes no revision for it", async () => {
    const before = succeeded(await etcd.range({ key: "fence" })).revision;
    const result = await etcd.txn(
      [{ key: "fence", modRevision: 1 }],
      [{ put: { key: "fence", value: "x" } }],
    );
    const { succeeded: isDone, revision } = succeeded(result);
    assert.deepEqual([isDone, revision], [false, before]);
    assert.deepEqual(succeeded(await etcd.range({ key: "fence" })).items, []);
  });

  it("lets a lease's keys go in the order of all other changes", async () => {
    const start = succeeded(await etcd.range({ key: "node" })).revision + 1;
    const recorder = WatchRecorder.of(etcd, { prefix: "node" }, start);
    const lease = succeeded(await etcd.grantLease(1));
    // In one transaction, because the lease ends soon.
    const mine = ["node/1", "node/2"].map((key) => ({ put: { key, value: "mine", lease } }));
    const { revision: createRevision } = succeeded(await etcd.txn([], mine));
    let n = 0;
    const isGone = (): boolean =>
      recorder.revisions.some(({ events }) => events.some((event) => event.kind === "delete"));
    // A put under a condition that the expiry ends, and one after it.
    while (!isGone()) {
      n += 1;
      const compare = { key: "node/1", createRevision };
      const result = succeeded(await etcd.txn([compare], [{ put: { key: "node/log", value: String(n) } }]));
      if (!result.succeeded) break;
    }
    await put("node/log", "after");
    await recorder.until(({ values }) => values.at(-1) === "after");
    recorder.stop();
    const seen = recorder.revisions.map(({ events }) => events.map(({ kind, key }) => `${kind} ${key}`));
    const expiry = seen.findIndex((events) => events.includes("delete node/1"));
    assert.deepEqual(seen[expiry], ["delete node/1", "delete node/2"]);
    assert.equal(expiry, seen.length - 2, "Only the last put comes after it.");
    assert.ok(n > 0);
    const revisions = recorder.revisions.map(({ revision }) => revision);
    assert.deepEqual(
      revisions,
      revisions.map((_, i) => start + i),
    );
    assert.equal(succeeded(await etcd.keepAlive(lease)), 0);
    assert.equal(failed(await etcd.txn([], [{ put: { key: "x", value: "", lease } }])).code, "no-lease");
  });

  it("keeps a lease alive, until it is over", async () => {
    const lease = succeeded(await etcd.grantLease(30));
    await put("leased", "", lease);
    assert.equal(succeeded(await etcd.keepAlive(lease)), 30);
    await engine.revoke(lease);
    assert.deepEqual(succeeded(await etcd.range({ key: "leased" })).items, []);
    assert.equal(succeeded(await etcd.keepAlive(lease)), 0);
  });

  it("compacts, also when that was done before", async () => {
    const old = await put("compacted", "old");
    const kept = await put("compacted", "kept");
    await put("compacted", "new");
    assert.equal(succeeded(await etcd.compact(kept)), null);
    assert.equal(succeeded(await etcd.compact(kept)), null);
    const { code, inDoubt } = failed(await etcd.range({ key: "compacted" }, { revision: old }));
    assert.deepEqual([code, inDoubt], ["compacted", false]);
    const { items } = succeeded(await etcd.range({ key: "compacted" }, { revision: kept }));
    assert.equal(items[0]?.value, "kept");
  });

  it("passes on what etcd refuses", async () => {
    const future = { revision: 2 ** 40 };
    assert.deepEqual(failed(await etcd.range({ key: "a" }, future)), {
      code: "refused",
      message: "etcdserver: mvcc: required revision is a future revision (11)",
      inDoubt: false,
    });
    assert.equal(failed(await etcd.compact(2 ** 40)).code, "refused");
    const huge = await etcd.txn([], [{ put: { key: "huge", value: "x".repeat(2_000_000) } }]);
    const { code, inDoubt } = failed(huge);
    assert.deepEqual([code, inDoubt], ["refused", false]);
    const twice = { put: { key: "twice", value: "" } };
    assert.equal(failed(await etcd.txn([], [twice, twice])).code, "refused");
  });
});
