// The engine in memory does what a real etcd does with the same operations.
import assert from "node:assert/strict";
import type { Compare, KeyValue, Operation } from "../../server/cluster/etcd.ts";
import { Engine } from "../support/etcd.ts";
import { MemoryStore } from "../support/memoryStore.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { succeeded } from "../support/succeeded.ts";
import { WatchRecorder } from "../support/watchRecorder.ts";

const OPERATIONS = 600;
const NOW = 0;

describe("the engine in memory", () => {
  it("answers as etcd does", async () => {
    const seed = Date.now() % 2 ** 31;
    const random = seededRandom(seed);
    const below = (most: number): number => Math.floor(random() * most);
    const engine = await Engine.start();
    const etcd = engine.open();
    const store = new MemoryStore();
    /** IDs of the same lease, in the real one and in memory. */
    const leases: (readonly [string, string])[] = [];
    const over = new Set<string>();
    const key = (): string => `fc/${below(5)}`;
    const known = new Map<string, KeyValue>();
    const compare = (): Compare => {
      const item = known.get(key());
      const name = item?.key ?? key();
      const wrong = random() < 0.3 ? 1 : 0;
      return below(2) === 0
        ? { key: name, createRevision: (item?.createRevision ?? 0) + wrong }
        : { key: name, modRevision: (item?.modRevision ?? 0) + wrong };
    };
    /** The same operation for both. */
    const operation = (): readonly [Operation, Operation] => {
      const dice = below(6);
      const name = key();
      if (dice === 0) return twice({ delete: { key: name } });
      if (dice === 1) return twice({ delete: { prefix: "fc/1" } });
      const lease = dice === 2 ? leases[below(leases.length + 1)] : undefined;
      const put = { key: name, value: String(below(100)) };
      return lease === undefined
        ? twice({ put })
        : [{ put: { ...put, lease: lease[0] } }, { put: { ...put, lease: lease[1] } }];
    };
    const plain = (items: readonly KeyValue[]): unknown[] =>
      items.map(({ lease, ...item }) => ({
        ...item,
        lease: leases.findIndex((pair) => lease !== undefined && pair.includes(lease)),
      }));

    for (let n = 0; n < OPERATIONS; n++) {
      const dice = below(20);
      if (dice === 0) leases.push([succeeded(await etcd.grantLease(600)), store.grant(NOW, 600)]);
      else if (dice === 1 && leases.length > 0) {
        const [real, inMemory] = leases[below(leases.length)] ?? assert.fail();
        if (!over.has(real)) await engine.revoke(real);
        over.add(real);
        store.revoke(inMemory);
        assert.equal(succeeded(await etcd.keepAlive(real)), store.keepAlive(NOW, inMemory));
      } else if (dice === 2) {
        const revision = Math.max(1, store.revision - below(20));
        assert.equal((await etcd.compact(revision)).ok, store.compact(revision).ok);
      } else if (dice < 6) {
        const revision = 1 + below(store.revision + 2);
        const [real, inMemory] = [
          await etcd.range({ prefix: "fc/" }, { revision }),
          store.range({ prefix: "fc/" }, { revision }),
        ];
        assert.equal(real.ok, inMemory.ok, `revision ${revision} (seed ${seed})`);
        if (real.ok && inMemory.ok) assert.deepEqual(plain(real.value.items), plain(inMemory.value.items));
        if (!real.ok && !inMemory.ok) assert.equal(real.error.code, inMemory.error.code);
      } else {
        const compares = Array.from({ length: below(3) }, compare);
        const operations = Array.from({ length: below(4) }, operation);
        const part = (n: 0 | 1): Operation[] => operations.map((pair) => pair[n]);
        const real = await etcd.txn(compares, part(0));
        const inMemory = store.txn(compares, part(1));
        assert.equal(real.ok, inMemory.ok, `${JSON.stringify([real, inMemory, operations])} (seed ${seed})`);
        if (!real.ok && !inMemory.ok) assert.equal(real.error.code, inMemory.error.code);
        if (real.ok && inMemory.ok) {
          assert.equal(real.value.succeeded, inMemory.value.succeeded);
        }
      }
      const now = succeeded(await etcd.range({ prefix: "fc/" }));
      assert.equal(now.revision, store.revision, `seed ${seed}`);
      known.clear();
      for (const item of now.items) known.set(item.key, item);
    }
    const from = store.compacted + 1;
    const recorder = WatchRecorder.of(etcd, { prefix: "fc/" }, from);
    const changes = store.changesFrom(from) ?? [];
    await recorder.until(({ revisions }) => revisions.length === changes.length);
    recorder.stop();
    assert.deepEqual(
      recorder.revisions.map(({ revision, events }) => [
        revision,
        events.map(({ kind, key }) => `${kind} ${key}`),
      ]),
      changes.map(({ revision, events }) => [revision, events.map(({ kind, key }) => `${kind} ${key}`)]),
    );
    await engine.stop();
  });
});

function twice(operation: Operation): readonly [Operation, Operation] {
  return [operation, operation];
}
