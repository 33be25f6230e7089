// Three servers with one lobby over an etcd of three members, all as processes, which are killed, paused and cut off from each
// other again and again, and whose clocks are wrong, while twelve clients talk. A minute, or an hour in long mode.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { ClusterServers } from "../support/clusterServers.ts";
import { LobbyClient } from "../support/lobbyClient.ts";
import { LobbyTruth } from "../support/lobbyView.ts";
import { PeerLinks } from "../support/peerLinks.ts";
import { seededRandom } from "../support/seededRandom.ts";
import { Place } from "./chaos/place.ts";
import { Strikes } from "./chaos/strikes.ts";
import { Times } from "./chaos/times.ts";

const LONG = process.env["FORKCHAT_LONG"] !== undefined;
const DURATION_MS = LONG ? 3_600_000 : 60_000;
/** Each kind comes once at least. */
const LEAST_FAULTS = LONG ? 500 : 15;
const SERVERS = 3;
const CLIENTS = 12;
const MESSAGES_PER_SECOND = 100;
/** Of each server's log, to explain a loss. */
const LINES = 30;
/** The most time for everything to be well again. */
const SETTLE_MS = 60_000;

describe(`a lobby of three servers in ${DURATION_MS / 1_000} s of chaos`, function () {
  this.timeout(3 * DURATION_MS + 2 * SETTLE_MS);
  const seed = Number(process.env["FORKCHAT_SEED"] ?? Date.now() % 2 ** 31);
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] ?? assert.fail();
  const times = new Times();
  /** What was done, in order. */
  const faults: string[] = [];
  const truth = new LobbyTruth();
  /** Faults of the engine, until a message that was said later has its answer. */
  const waiting: { kind: string; at: number }[] = [];
  const clients: LobbyClient[] = [];
  const places: Place[] = [];
  const links = new PeerLinks();
  let cluster: ClusterServers;
  let strikes: Strikes;

  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare({ members: 3, links });
    for (let n = 0; n < SERVERS; n++) places.push(await Place.open(cluster));
    strikes = new Strikes({ engine: cluster.engine, links, places, random, pick, engineFault, until });
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
    links.close();
    await cluster.stop();
  });

  async function until(what: string, isSo: () => boolean): Promise<void> {
    const end = performance.now() + SETTLE_MS;
    while (!isSo()) {
      assertNoFailures();
      if (performance.now() > end) assert.fail(`${what}: not in time, ${story()}`);
      await delay(50);
    }
  }

  function assertNoFailures(): void {
    const failures = clients.flatMap((client) => client.failures);
    assert.deepEqual(failures, [], story());
    if (truth.epochs.length > 1) {
      const logs = places.map(({ port, story: lines }) => `at ${port}\n${lines.slice(-LINES).join("\n")}`);
      assert.fail(`data were lost, ${story()}\n${logs.join("\n")}`);
    }
  }

  /** How to get there again. */
  function story(): string {
    return `seed ${seed}, after ${faults.slice(-5).join(", ")}`;
  }

  function engineFault(kind: string): void {
    waiting.push({ kind, at: performance.now() });
    for (const place of places) place.fault = kind;
  }

  it("loses, doubles and swaps no message, and keeps all names", async () => {
    console.log(`      seed ${seed}`);
    const names = clients.map(({ view }) => view.name);
    let turn = 0;
    const talking = setInterval(() => clients[turn++ % CLIENTS]?.say(), 1_000 / MESSAGES_PER_SECOND);
    const end = performance.now() + DURATION_MS;
    try {
      for (let n = 0; performance.now() < end || n < LEAST_FAULTS; n++) {
        await delay(300 + random() * 2_000);
        assertNoFailures();
        const kind = strikes.draw();
        faults.push(kind);
        await strikes.kinds[kind]?.();
      }
    } finally {
      clearInterval(talking);
    }
    await until("everything is said", () => {
      const [first] = clients;
      const last = truth.messages(first?.view.epoch ?? "").size;
      return clients.every(({ view }) => view.isIn && view.pending.size === 0 && view.seen === last);
    });
    await strikes.clocksAreTold();
    const kinds = [...new Set(faults)];
    const counts = kinds.map((kind) => `${faults.filter((each) => each === kind).length} × ${kind}`);
    console.log(`      ${faults.length} faults: ${counts.join(", ")}`);
    times.print();
    assertNoFailures();
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
