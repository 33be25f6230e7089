// Three servers with one lobby over an etcd of three members, all as processes, which are killed, paused and cut off from each
// other again and again, while twelve clients talk. A minute, or an hour in long mode.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { BreakingWay } from "../chaos/links.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import type { EtcdMember } from "../support/etcdMember.ts";
import { freePort } from "../support/freePort.ts";
import { LobbyClient } from "../support/lobbyClient.ts";
import { LobbyTruth } from "../support/lobbyView.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { ServerProcess } from "../support/serverProcess.ts";

const LONG = process.env["FORKCHAT_LONG"] !== undefined;
const DURATION_MS = LONG ? 3_600_000 : 60_000;
const LEAST_FAULTS = LONG ? 500 : 12;
const SERVERS = 3;
const CLIENTS = 12;
const MESSAGES_PER_SECOND = 100;
/** The most time for everything to be well again. */
const SETTLE_MS = 60_000;

/** A server at a port that stays, with a way of its own to each member of the engine. */
class Place {
  readonly port: number;
  readonly url: string;
  readonly ways: readonly BreakingWay[];
  isCut = false;
  process: ServerProcess | undefined;
  /** What was done to it last. */
  fault = "";
  readonly #cluster: ClusterServers;

  private constructor(cluster: ClusterServers, port: number, makeWays: (place: Place) => BreakingWay[]) {
    this.#cluster = cluster;
    this.port = port;
    this.url = `ws://127.0.0.1:${port}`;
    this.ways = makeWays(this);
  }

  static async open(cluster: ClusterServers): Promise<Place> {
    const cell: { place?: Place } = {};
    const ways = await Promise.all(
      cluster.engine.members.map(({ endpoint }) =>
        BreakingWay.to(() => (cell.place?.isCut === true ? null : Number(new URL(endpoint).port))),
      ),
    );
    cell.place = new Place(cluster, await freePort(), () => ways);
    return cell.place;
  }

  /** Until it is open, or is ended on purpose. */
  async start(): Promise<void> {
    const members = this.ways.map(({ port }) => `127.0.0.1:${port}`).join(",");
    const args = [...(await this.#cluster.arguments()), "--cluster", `etcd://${members}`];
    for (;;) {
      const server = new ServerProcess([...args, "--port", String(this.port)]);
      this.process = server;
      const opened = await server.listening().then(
        () => true,
        () => false,
      );
      if (opened || this.process !== server) return;
    }
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const { process } = this;
    this.process = undefined;
    await process?.stop(signal);
  }

  async close(): Promise<void> {
    this.process?.child.kill("SIGCONT");
    await this.stop("SIGKILL");
    await Promise.all(this.ways.map((way) => way.close()));
  }
}

/** Durations of one kind, in milliseconds. */
class Times {
  readonly #all = new Map<string, number[]>();

  add(kind: string, ms: number): void {
    const known = this.#all.get(kind) ?? [];
    known.push(ms);
    this.#all.set(kind, known);
  }

  print(): void {
    for (const [kind, all] of this.#all) {
      all.sort((a, b) => a - b);
      const at = (part: number): string => (all[Math.floor(part * (all.length - 1))] ?? 0).toFixed(0);
      console.log(`      ${kind}: ${all.length}, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms`);
    }
  }
}

describe(`a lobby of three servers in ${DURATION_MS / 1_000} s of chaos`, function () {
  this.timeout(3 * DURATION_MS + 2 * SETTLE_MS);
  const seed = Number(process.env["FORKCHAT_SEED"] ?? Date.now() % 2 ** 31);
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] ?? assert.fail();
  const times = new Times();
  const faults = new Map<string, number>();
  const truth = new LobbyTruth();
  /** Faults of the engine, until a message that was said later has its answer. */
  const waiting: { kind: string; at: number }[] = [];
  const clients: LobbyClient[] = [];
  const places: Place[] = [];
  let cluster: ClusterServers;

  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare({ members: 3 });
    for (let n = 0; n < SERVERS; n++) places.push(await Place.open(cluster));
    await Promise.all(places.map((place) => place.start()));
    const urls = places.map(({ url }) => url);
    for (let n = 0; n < CLIENTS; n++) {
      clients.push(
        new LobbyClient({
          ...{ name: `guest${n % 5}`, urls, truth, random: Math.random },
          onBack: (ms, server) => times.add(`back after ${places[server]?.fault ?? ""}`, ms),
          onAck: (sentAt) => {
            while ((waiting[0]?.at ?? Infinity) < sentAt) {
              const fault = waiting.shift();
              if (fault !== undefined)
                times.add(`answered after ${fault.kind}`, performance.now() - fault.at);
            }
          },
        }),
      );
    }
    await until("everyone is in", () => clients.every(({ view }) => view.isIn));
  });

  after(async () => {
    for (const client of clients) client.close();
    await Promise.all(places.map((place) => place.close()));
    await cluster.stop();
  });

  async function until(what: string, isSo: () => boolean): Promise<void> {
    const end = performance.now() + SETTLE_MS;
    while (!isSo()) {
      assert.deepEqual(allFailures(), []);
      if (performance.now() > end) assert.fail(`${what}: not in time (seed ${seed})`);
      await delay(50);
    }
  }

  function allFailures(): unknown[] {
    return clients.flatMap(({ failures }) => failures);
  }

  function engineFault(kind: string): void {
    waiting.push({ kind, at: performance.now() });
    for (const place of places) place.fault = kind;
  }

  async function breakServers(kind: string, hurt: readonly Place[]): Promise<void> {
    for (const place of hurt) place.fault = kind;
    if (kind === "SIGTERM") await Promise.all(hurt.map((place) => place.stop("SIGTERM")));
    else await Promise.all(hurt.map((place) => place.stop("SIGKILL")));
    await delay(random() * 2_000);
    await Promise.all(hurt.map((place) => place.start()));
  }

  async function breakMembers(kind: string, hurt: readonly EtcdMember[]): Promise<void> {
    engineFault(kind);
    await Promise.all(hurt.map((member) => member.kill()));
    await delay(500 + random() * 1_500);
    await Promise.all(hurt.map((member) => member.start()));
  }

  async function pauseServer(place: Place): Promise<void> {
    place.fault = "SIGSTOP";
    const { process } = place;
    process?.child.kill("SIGSTOP");
    await delay(500 + random() * 7_000);
    process?.child.kill("SIGCONT");
  }

  async function cutOff(place: Place): Promise<void> {
    place.fault = "a cut from the engine";
    place.isCut = true;
    for (const way of place.ways) way.strike(random() < 0.5 ? "cut" : "swallow");
    await delay(200 + random() * 7_000);
    place.isCut = false;
  }

  const strikes: Readonly<Record<string, () => Promise<void>>> = {
    "kill -9 of one": () => breakServers("kill -9 of one", [pick(places)]),
    "kill -9 of two": () => breakServers("kill -9 of two", places.slice(1)),
    "kill -9 of all": () => breakServers("kill -9 of all", places),
    SIGTERM: () => breakServers("SIGTERM", [pick(places)]),
    SIGSTOP: () => pauseServer(pick(places)),
    cut: () => cutOff(pick(places)),
    "short cut": () => {
      for (const way of pick(places).ways) way.strike(pick(["cut", "swallow", "stall"]));
      return Promise.resolve();
    },
    "kill of a member": () => breakMembers("the kill of a member", [pick(cluster.engine.members)]),
    "kill of the leader": async () => breakMembers("the kill of the leader", [await cluster.engine.leader()]),
    "kill of the engine": () => breakMembers("the kill of the engine", cluster.engine.members),
    "pause of the leader": async () => {
      const leader = await cluster.engine.leader();
      engineFault("a pause of the leader");
      leader.pause();
      await delay(500 + random() * 3_000);
      leader.resume();
    },
  };
  const often = ["kill -9 of one", "kill -9 of one", "SIGSTOP", "cut", "short cut", "kill of the leader"];

  it("loses, doubles and swaps no message, and keeps all names", async () => {
    console.log(`      seed ${seed}`);
    const names = clients.map(({ view }) => view.name);
    let turn = 0;
    const talking = setInterval(() => clients[turn++ % CLIENTS]?.say(), 1_000 / MESSAGES_PER_SECOND);
    const end = performance.now() + DURATION_MS;
    try {
      for (let n = 0; performance.now() < end || n < LEAST_FAULTS; n++) {
        await delay(300 + random() * 2_000);
        assert.deepEqual(allFailures(), [], `seed ${seed}`);
        const kind = pick([...often, ...Object.keys(strikes)]);
        faults.set(kind, (faults.get(kind) ?? 0) + 1);
        await strikes[kind]?.();
      }
    } finally {
      clearInterval(talking);
    }
    await until("everything is said", () => {
      const [first] = clients;
      const last = truth.messages(first?.view.epoch ?? "").size;
      return clients.every(({ view }) => view.isIn && view.pending.size === 0 && view.seen === last);
    });
    console.log(`      ${[...faults].map(([kind, count]) => `${count} × ${kind}`).join(", ")}`);
    times.print();
    assert.deepEqual(allFailures(), []);
    assert.equal(truth.epochs.length, 1, "no data was lost");
    const messages = truth.messages(truth.epochs[0] ?? "");
    console.log(
      `      ${messages.size} messages, ${clients.reduce((sum, { joins }) => sum + joins, 0)} joins`,
    );
    assert.equal(new Set(messages.values()).size, messages.size, "nothing was said twice");
    for (const { view } of clients) {
      const own = new Set(
        [...messages].filter(([, text]) => text.endsWith(view.textOf(""))).map(([, text]) => text),
      );
      for (const id of view.acked) assert.ok(own.has(view.textOf(id)), "what was acknowledged is there");
      for (const [id, seq] of view.said) assert.equal(messages.get(seq), view.textOf(id));
    }
    assert.deepEqual(
      clients.map(({ view }) => view.name),
      names,
    );
  });
});
