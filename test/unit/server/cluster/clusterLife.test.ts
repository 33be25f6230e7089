// How a life of a server goes on, ends and begins where the engine knows more or less than the server.
import assert from "node:assert/strict";
import { err } from "../../../../protocol/result.ts";
import type { Operation } from "../../../../server/cluster/etcd.ts";
import { keysOf } from "../../../../server/cluster/keys.ts";
import { seededRandom } from "../../../support/seededRandom.ts";
import type { Server } from "../../../property/server/cluster/clusterServer.ts";
import { World } from "../../../property/server/cluster/world.ts";

const LOG = keysOf("test").log;

/** Milliseconds in which servers open their lobby. */
const OPENED_MS = 2_500;

describe("a life of a server", () => {
  it("goes on when a member of the engine is behind for a moment", async () => {
    const world = new World(seededRandom(1), 2, 2);
    await world.pass(OPENED_MS);
    for (const { way } of world.servers) {
      way.behind = 5;
      way.cutWatches();
    }
    await world.pass(1_000);
    for (const { way } of world.servers) way.behind = 0;
    await world.settle();
    world.check();
    assert.equal(world.truth.epochs.length, 1);
    assert.deepEqual([...world.log], [['info cluster-joined ""', 2]]);
  });

  it("begins from a snapshot that another server saves because the log was compacted", async () => {
    const world = new World(seededRandom(1), 2, 2);
    await world.pass(OPENED_MS);
    const { engine } = world;
    assert.ok(engine.store.compact(engine.store.revision).ok);
    const third = world.start();
    await world.pass(15_000);
    assert.ok(third.isOpen, JSON.stringify([...world.log]));
    assert.equal(world.truth.epochs.length, 1);
    assert.equal(world.snapshots, 1);
    const wanted = engine.store.range({ key: keysOf("test").wanted });
    assert.ok(wanted.ok && wanted.value.items.length === 1);
    assert.equal(world.log.get('warn cluster-left "log-forgotten"') ?? 0, 1);
  });

  for (const count of [1, 2]) {
    it(`begins anew if the log was compacted and no one of ${count} has read it`, async () => {
      const world = new World(seededRandom(1), count, 0);
      await world.pass(OPENED_MS);
      const { store } = world.engine;
      assert.ok(store.compact(store.revision).ok);
      for (const server of [...world.servers]) world.replace(server);
      await world.pass(30_000);
      for (const { isOpen } of world.servers) assert.ok(isOpen, JSON.stringify([...world.log]));
      assert.ok((world.log.get('error new-epoch "log-forgotten"') ?? 0) > 0);
    });
  }

  it("goes on while what it has written and what others have written comes late", async () => {
    const world = new World(seededRandom(1), 3, 6);
    await world.pass(OPENED_MS);
    for (const server of world.servers) server.slow = 300;
    for (let n = 0; n < 40; n++) {
      for (const person of world.people) person.say();
      await world.pass(100);
    }
    await world.settle();
    world.check();
    assert.deepEqual([...world.log], [['info cluster-joined ""', 3]]);
  });

  it("tells how long ago the engine confirmed it, also after it has ended", async () => {
    const world = new World(seededRandom(1), 1, 0);
    const [server = assert.fail()] = world.servers;
    const seen = (): [boolean, number] => [server.isOpen, Math.round(server.lagSeconds() / 2) * 2];
    assert.deepEqual(seen(), [false, 0]);
    await world.pass(OPENED_MS);
    assert.deepEqual(seen(), [true, 0]);
    server.way.cut();
    await world.pass(30_000);
    assert.deepEqual(seen(), [false, 30]);
    server.way.heal();
    await world.pass(10_000);
    assert.deepEqual(seen(), [true, 0]);
  });

  it("opens its lobby although it reads what it has missed for longer than a lease", async () => {
    const world = new World(seededRandom(1), 2, 2);
    await world.pass(OPENED_MS);
    for (let n = 0; n < 200; n++) {
      for (const person of world.people) person.say();
      await world.pass(50);
    }
    const before = world.engine.store.revision;
    const third = world.start();
    readSlowly(world, third, 30);
    await world.pass(2 * 30 * before);
    assert.ok(third.isOpen, JSON.stringify([...world.log]));
    assert.deepEqual([...world.log], [['info cluster-joined ""', 3]]);
    await world.settle();
    world.check();
  });

  it("ends when it cannot read its own entry", async () => {
    const world = new World(seededRandom(1), 2, 2);
    await world.pass(OPENED_MS);
    const [person = assert.fail()] = world.people;
    const { way } = person.server ?? assert.fail();
    const { txn } = way;
    way.txn = (compare, success) => {
      const isEntry = success.some((each) => "put" in each && each.put.key === LOG);
      if (isEntry) way.txn = txn;
      return txn(compare, isEntry ? success.map(damage) : success);
    };
    person.say();
    await world.pass(1_500);
    assert.equal(way.txn, txn, "an entry was damaged");
    assert.equal(world.log.get('error cluster-left "own-entry-unreadable"'), 1);
    await world.settle();
    world.check();
    assert.equal(world.truth.epochs.length, 1);
  });

  it("ends when the engine refuses an entry again and again, and begins when it may write again", async () => {
    const world = new World(seededRandom(1), 1, 2);
    await world.pass(OPENED_MS);
    const [server = assert.fail()] = world.servers;
    const { way } = server;
    const { txn } = way;
    way.txn = async (compare, success) =>
      success.some((each) => "put" in each && each.put.key === LOG)
        ? err({ code: "refused", message: "permission denied", inDoubt: false })
        : txn(compare, success);
    for (const person of world.people) person.say();
    await world.pass(3_500);
    assert.ok(server.isOpen, "it may be for a moment");
    await world.pass(10_000);
    assert.ok(!server.isOpen);
    for (const { client } of world.people) assert.equal(client?.open, false);
    assert.deepEqual([...world.log.keys()].slice(1), [
      'error entry-refused "permission denied"',
      'error cluster-left "entry-refused"',
      'warn cluster-unavailable "permission denied"',
    ]);
    way.txn = txn;
    await world.settle();
    world.check();
    assert.equal(world.truth.epochs.length, 1);
  });

  it("does not begin beside a server with another token, or without a relay, until that has ended", async () => {
    const world = new World(seededRandom(1), 1, 0);
    const [first = assert.fail()] = world.servers;
    await world.pass(OPENED_MS);
    world.access = "another token";
    const second = world.start();
    await world.pass(5_000);
    assert.deepEqual([first.isOpen, second.isOpen], [true, false]);
    assert.deepEqual(
      [...world.log.keys()],
      [
        'info cluster-joined ""',
        'error cluster-unavailable "All servers of a lobby need the same token and relay: there is “” at another one, and “another token” here."',
      ],
    );
    first.kill();
    await world.pass(10_000);
    assert.ok(second.isOpen);
  });

  it("ends if a server that has begun at the same time has another token", async () => {
    const world = new World(seededRandom(1), 1, 0);
    world.access = "another token";
    world.start();
    await world.pass(5_000);
    assert.equal(world.servers.filter(({ isOpen }) => isOpen).length, 1);
    assert.equal(world.log.get('error cluster-left "access-differs"'), 1);
  });
});

/** Each event takes the server so many milliseconds. */
function readSlowly(world: World, { process, way }: Server, ms: number): void {
  const { watch } = way;
  way.watch = (keys, from, { onEvents, ...handlers }) => {
    let free = 0;
    return watch(keys, from, {
      ...handlers,
      onEvents: (...read) => {
        free = Math.max(free, world.time.now) + ms;
        process.later(free - world.time.now, () => onEvents(...read));
      },
    });
  };
}

/** Changes the seal of a put. */
function damage(operation: Operation): Operation {
  if (!("put" in operation)) return operation;
  const { value, ...put } = operation.put;
  return { put: { ...put, value: `${value.startsWith("A") ? "B" : "A"}${value.slice(1)}` } };
}
