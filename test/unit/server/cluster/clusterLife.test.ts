// How a life of a server goes on, ends and begins where the engine knows more or less than the server.
import assert from "node:assert/strict";
import { keysOf } from "../../../../server/cluster/keys.ts";
import { seededRandom } from "../../../support/seededRandom.ts";
import { World } from "../../../property/server/cluster/world.ts";

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
});
