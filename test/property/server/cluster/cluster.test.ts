// Servers with one lobby keep their promises while their processes, the engine, and the ways between them fail.
import assert from "node:assert/strict";
import fc from "fast-check";
import { keysOf } from "../../../../server/cluster/keys.ts";
import type { Fate } from "../../../support/memoryEngine.ts";
import { seededRandom } from "../../../support/seededRandom.ts";
import { World } from "./world.ts";

const RUNS = process.env["FORKCHAT_LONG"] === undefined ? 20 : 2_000;

const step = fc.record({
  kind: fc.constantFrom(
    ...(["say", "say", "say", "say", "say", "say", "say again", "attend", "drop", "leave behind"] as const),
    ...([
      "wait",
      "wait",
      "wait long",
      "kill",
      "pause",
      "resume",
      "cut",
      "heal",
      "slow",
      "fate",
      "fate",
    ] as const),
    ...(["engine pauses", "break watches", "stall watches", "fill"] as const),
  ),
  which: fc.nat({ max: 9 }),
  more: fc.nat({ max: 99 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const fates: readonly Fate[] = ["lost", "unanswered", "late", "refused", "arrives"];

/** Up to six, which a number stands for. */
function fatesOf(number: number): Fate[] {
  return Array.from({ length: number % 7 }, (_, n) => fates[(number + n * n) % fates.length] ?? "lost");
}

async function run(world: World, { kind, which, more }: Step): Promise<void> {
  const server = world.servers[which % world.servers.length] ?? assert.fail();
  const person = world.people[which % world.people.length] ?? assert.fail();
  const doIt: Record<Step["kind"], () => void> = {
    say: () => person.say(),
    "say again": () => person.sayAgain(),
    attend: () => person.attend(more % 2 === 0 ? "here" : "away"),
    drop: () => person.drop(),
    "leave behind": () => person.leaveBehind(),
    wait: () => undefined,
    "wait long": () => undefined,
    kill: () => world.replace(server).fates.push(...fatesOf(more)),
    pause: () => server.process.pause(),
    resume: () => server.process.resume(),
    cut: () => server.way.cut(),
    heal: () => server.way.heal(),
    slow: () => (server.slow = more * 10),
    fate: () => server.fates.push(...fatesOf(more)),
    "engine pauses": () => world.engine.pause(more * 60),
    "break watches": () => server.way.cutWatches(),
    "stall watches": () => server.way.stallWatches(),
    fill: () => (more < 30 ? world.fill() : undefined),
  };
  doIt[kind]();
  await world.pass(kind === "wait long" ? 100 * more : kind === "wait" ? 10 * more : more);
}

describe("servers with one lobby over an engine that fails", function () {
  this.timeout(RUNS * 10_000);

  it("lose, double and swap no message, and give no name twice", async () => {
    let snapshots = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120, size: "max" }), fc.nat(), async (steps, seed) => {
        const world = new World(seededRandom(seed), 3, 5);
        await world.pass(1_500);
        for (const each of steps) await run(world, each);
        await world.settle();
        world.check();
        snapshots += world.snapshots;
        assert.equal(world.truth.epochs.length, 1, `nothing was lost ${JSON.stringify([...world.log])}`);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    assert.ok(snapshots > 0);
  });

  it("open their lobby although one of their first calls fails", async () => {
    for (const fate of fates) {
      for (let n = 0; n < 8; n++) {
        const world = new World(seededRandom(n), 2, 2);
        await world.pass(2_000);
        world.start().fates.push(...Array.from({ length: n }, () => "arrives" as const), fate);
        await world.pass(15_000);
        assert.ok(
          world.servers.every(({ isOpen }) => isOpen),
          `${fate} call ${n}`,
        );
      }
    }
  });

  it("do not take what was said before they came for another clock", async () => {
    const world = new World(seededRandom(1), 1, 1);
    await world.pass(10_000);
    world.start();
    await world.pass(5_000);
    assert.deepEqual([...world.log.keys()], ['info cluster-joined ""']);
  });

  it("close their lobby as soon as they read that they are given up", async () => {
    const world = new World(seededRandom(1), 2, 2);
    await world.pass(2_500);
    const [server] = world.servers;
    const key = keysOf("test").node(server?.hosted?.life ?? 0);
    const found = world.engine.store.range({ key });
    world.engine.onChange = () => undefined;
    world.engine.change(() => world.engine.store.revoke((found.ok && found.value.items[0]?.lease) || ""));
    await world.pass(20);
    assert.ok(server?.isOpen === false);
    await world.settle();
    world.check();
  });

  it("put no entry once they are given up, however late it comes", async () => {
    const world = new World(seededRandom(1), 2, 2);
    await world.pass(2_500);
    const [person] = world.people;
    const server = person?.server ?? assert.fail();
    const found = world.engine.store.range({ key: keysOf("test").node(server.hosted?.life ?? 0) });
    server.fates.push("late", "late", "late");
    person?.say();
    await world.pass(10);
    world.engine.store.revoke((found.ok && found.value.items[0]?.lease) || "");
    await world.settle();
    world.check();
  });

  it("begin anew when they see by what they write, or in their next life, that the engine has lost data", async () => {
    for (const how of ["write", "live again"]) {
      const world = new World(seededRandom(1), 1, 2);
      await world.pass(2_500);
      const [person = assert.fail()] = world.people;
      const server = person.server ?? assert.fail();
      for (let n = 0; n < 30; n++) {
        person.say();
        await world.pass(50);
      }
      if (how === "live again") {
        server.way.cut();
        await world.pass(6_000);
      } else server.way.stallWatches();
      world.engine.store.goBack(world.time.now, world.engine.store.revision - 20);
      if (how === "live again") server.way.heal();
      else {
        person.say();
        await world.pass(100);
        // Others write so much that the watch, when it is opened again, finds nothing wrong.
        for (let n = 0; n < 40; n++) {
          world.engine.change(() => world.engine.store.txn([], [{ put: { key: "else", value: "" } }], []));
        }
      }
      await world.settle();
      assert.equal(world.truth.epochs.length, 2, how);
      world.check();
    }
  });

  it("begin anew, and say so, when the engine has lost data", async () => {
    for (let seed = 0; seed < RUNS; seed++) {
      const random = seededRandom(seed);
      const world = new World(random, 3, 4);
      await world.pass(2_000);
      for (let n = 0; n < 30; n++) {
        world.people[n % 4]?.say();
        await world.pass(random() * 100);
      }
      const before = world.truth.messages(world.truth.epochs[0] ?? "").size;
      world.engine.pause(200 + random() * 1_000);
      world.engine.lose(seed % 4 === 0 ? Infinity : 3 + Math.floor(random() * 20));
      await world.settle();
      for (const person of world.people) person.say();
      await world.settle();
      world.check();
      assert.ok(before > 0);
      assert.ok(
        [...world.log.keys()].some((line) => line.startsWith("error new-epoch")),
        `seed ${seed}`,
      );
      assert.equal(world.truth.epochs.length, 2, `seed ${seed} ${JSON.stringify([...world.log])}`);
    }
  });
});
