// What happens to servers with one lobby, and what must hold then. Each throws if it does not. The mutants run them too.
import assert from "node:assert/strict";
import fc from "fast-check";
import { keysOf } from "../../../../server/cluster/keys.ts";
import type { Fate } from "../../../support/memoryEngine.ts";
import { seededRandom } from "../../../support/seededRandom.ts";
import { World } from "./world.ts";

const KEYS = keysOf("test");

export const step = fc.record({
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
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export const steps = fc.array(step, { maxLength: 120, size: "max" });

export const fates: readonly Fate[] = ["lost", "unanswered", "late", "refused", "arrives"];

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

/** Processes, the engine, and the ways between them fail. Returns how often a state was saved. */
export async function everythingFails(all: readonly Step[], seed: number): Promise<number> {
  const world = new World(seededRandom(seed), 3, 5);
  await world.pass(1_500);
  for (const each of all) await run(world, each);
  await world.settle();
  world.check();
  assert.equal(world.truth.epochs.length, 1, `nothing was lost ${JSON.stringify([...world.log])}`);
  return world.snapshots;
}

export async function oneOfTheFirstCallsFails(fate: Fate, before: number): Promise<void> {
  const world = new World(seededRandom(before), 2, 2);
  await world.pass(2_000);
  world.start().fates.push(...Array.from({ length: before }, () => "arrives" as const), fate);
  await world.pass(15_000);
  assert.ok(
    world.servers.every(({ isOpen }) => isOpen),
    `${fate} call ${before}`,
  );
}

export async function anotherServerComesLater(): Promise<void> {
  const world = new World(seededRandom(1), 1, 1);
  await world.pass(10_000);
  world.start();
  await world.pass(5_000);
  assert.deepEqual([...world.log.keys()], ['info cluster-joined ""']);
}

export async function oneReadsThatItIsGivenUp(): Promise<void> {
  const world = new World(seededRandom(1), 2, 2);
  await world.pass(2_500);
  const [server = assert.fail()] = world.servers;
  const found = world.engine.store.range({ key: KEYS.node(server.hosted?.life ?? 0) });
  const lease = (found.ok && found.value.items[0]?.lease) || "";
  world.engine.onChange = () => undefined;
  world.engine.change(() => world.engine.store.revoke(lease));
  await world.pass(20);
  assert.ok(!server.isOpen);
  await world.settle();
  world.check();
}

/** A call is on its way for seconds. Its server hears nothing of it, nor of anything else. */
export async function anEntryComesAfterItsServerIsGivenUp(seed: number): Promise<void> {
  const world = new World(seededRandom(seed), 2, 2);
  await world.pass(2_500);
  const [person = assert.fail()] = world.people;
  const server = person.server ?? assert.fail();
  server.fates.push("late");
  server.slow = 12_000;
  person.say();
  await world.pass(10);
  server.slow = 5;
  server.way.cut();
  await world.pass(15_000);
  await world.settle();
  world.check();
  assert.equal(world.truth.epochs.length, 1, `seed ${seed}`);
}

/** @param back whether those who were on it find another one before they are taken for gone */
export async function aServerDies(back: boolean, seed: number): Promise<void> {
  const world = new World(seededRandom(seed), 3, 5);
  await world.pass(5_000);
  const comings = world.people.map(({ view }) => view.comings);
  const [server = assert.fail()] = world.servers;
  const life = server.hosted?.life ?? 0;
  world.isOutOfReach = true;
  world.replace(server);
  const isKnown = (): boolean => {
    const node = world.engine.store.range({ key: KEYS.node(life) });
    return node.ok && node.value.items.length > 0;
  };
  while (isKnown()) await world.pass(50);
  if (!back) {
    const stay = world.people.filter((person) => person.server !== server);
    world.people.splice(0, world.people.length, ...stay);
  }
  world.isOutOfReach = false;
  await world.settle();
  world.check();
  if (back) {
    assert.deepEqual(
      world.people.map(({ view }) => view.comings),
      comings,
      "no one has left",
    );
  }
}

/** Every call and event takes up to a second, and then none comes. */
export async function oneIsSlowAndThenCutOff(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const world = new World(random, 2, 2);
  await world.pass(2_500);
  const [server = assert.fail()] = world.servers;
  server.slow = 990;
  await world.pass(2_000 + random() * 2_000);
  server.way.cut();
  await world.pass(10_000);
  await world.settle();
  world.check();
}

export async function aSnapshotIsDue(): Promise<void> {
  const world = new World(seededRandom(1), 3, 3);
  await world.pass(2_500);
  world.fill();
  for (let n = 0; n < 10; n++) {
    for (const person of world.people) person.say();
    await world.pass(100);
  }
  await world.settle();
  world.check();
  assert.equal(world.snapshots, 1);
}

/** A server dies between what it has put into the log and the answer to its client, who says it again elsewhere. */
export async function anAnswerIsLostWithItsServer(): Promise<void> {
  const world = new World(seededRandom(1), 2, 2);
  await world.pass(2_500);
  const [person = assert.fail()] = world.people;
  const server = person.server ?? assert.fail();
  server.way.stallWatches();
  person.say();
  await world.pass(50);
  assert.equal(person.view.pending.size, 1);
  world.replace(server);
  await world.settle();
  world.check();
  assert.equal(world.truth.messages(person.view.epoch).size, 1);
}

export async function serversDiffer(seed: number): Promise<void> {
  const world = new World(seededRandom(seed), 3, 4);
  await world.pass(3_000);
  const [server = assert.fail()] = world.servers;
  server.differs = true;
  for (const person of world.people) person.say();
  for (let n = 0; n < 100 && !world.log.has('warn cluster-left "servers-differ"'); n++) await world.pass(50);
  server.differs = false;
  await beginsAnew(world, `seed ${seed}`);
}

/** The engine loses data, which one server sees by what it writes, or in its next life. */
export async function oneSeesThatDataAreLost(how: "write" | "live again"): Promise<void> {
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
      world.engine.change(() => world.engine.store.txn([], [{ put: { key: "else", value: "" } }]));
    }
  }
  await beginsAnew(world, how);
}

export async function theEngineLosesData(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const world = new World(random, 3, 4);
  await world.pass(2_000);
  for (let n = 0; n < 30; n++) {
    world.people[n % 4]?.say();
    await world.pass(random() * 100);
  }
  assert.ok(world.truth.messages(world.truth.epochs[0] ?? "").size > 0);
  world.engine.pause(200 + random() * 1_000);
  world.engine.lose(seed % 4 === 0 ? Infinity : 3 + Math.floor(random() * 20));
  await beginsAnew(world, `seed ${seed}`);
}

/**
 * The engine loses data while one server does nothing, and the others begin anew.
 * @param isHidden whether they write so much then that it cannot see by the revision that anything is lost
 */
export async function oneSleepsWhileTheOthersBeginAnew(isHidden: boolean, seed: number): Promise<void> {
  const world = new World(seededRandom(seed), 3, 4);
  await world.pass(3_000);
  for (let n = 0; n < 30; n++) {
    world.people[n % 4]?.say();
    await world.pass(20);
  }
  const { revision } = world.engine.store;
  const [server = assert.fail()] = world.servers;
  server.process.pause();
  world.engine.lose(isHidden ? 3 : 25);
  while (!world.log.has('error new-epoch "engine-lost-data"')) await world.pass(20);
  await world.pass(300);
  for (let n = 0; isHidden && world.engine.store.revision < revision + 5; n++) {
    world.people[n % 4]?.say();
    await world.pass(20);
  }
  server.process.resume();
  await beginsAnew(world, `seed ${seed}`);
}

async function beginsAnew(world: World, what: string): Promise<void> {
  await world.settle();
  for (const person of world.people) person.say();
  await world.settle();
  world.check();
  const log = JSON.stringify([...world.log]);
  assert.equal(world.truth.epochs.length, 2, `${what} ${log}`);
  assert.ok(log.includes("error new-epoch"), what);
}
