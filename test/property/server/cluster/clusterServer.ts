// One of several servers: a process in fake time, with its own way to the engine.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Epoch } from "../../../../protocol/fields.ts";
import { closeCodes } from "../../../../protocol/errors.ts";
import type { HostedLobby, LobbyStart } from "../../../../server/hall/hostedLobby.ts";
import type { Command } from "../../../../server/hall/commands.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import { ClusterNode } from "../../../../server/cluster/clusterNode.ts";
import { Seal } from "../../../../server/cluster/seal.ts";
import { FakeProcess, type FakeTime } from "../../../support/fakeTime.ts";
import type { Fate, MemoryEngine, Way } from "../../../support/memoryEngine.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";

export const LOBBY = "test";
export const SECRET = "the secret of the servers of this lobby";

/** Of the world's time, in milliseconds since 1970. */
export const START = 1_790_000_000_000;

/** The lobby that a server hosts. */
type Hosted = {
  readonly life: number;
  readonly harness: RendezvousHarness;
  readonly clients: Set<FakeClient>;
  isOpen: boolean;
};

/** What a server needs of its world. */
type Surroundings = {
  readonly time: FakeTime;
  readonly engine: MemoryEngine;
  readonly random: () => number;
  /** What clients find at servers that start from now on. */
  readonly access: string;
  nextNumber(): string;
  logged(level: string, event: string, fields?: Readonly<Record<string, unknown>>): void;
};

export class Server {
  readonly process: FakeProcess;
  readonly way: Way;
  readonly #world: Surroundings;
  readonly #node: ClusterNode;
  /** Milliseconds by which its clock differs. */
  readonly #skew: number;
  hosted: Hosted | undefined;
  fates: Fate[] = [];
  slow = 5;
  /** Whether it comes to another state than the others with the same commands. */
  differs = false;

  constructor(world: Surroundings, number: number) {
    this.#world = world;
    this.process = new FakeProcess(world.time);
    this.#skew = (number % 3) * 700;
    this.way = world.engine.open(this.process, {
      delay: () => world.random() * this.slow,
      fate: () => this.fates.shift() ?? "arrives",
    });
    this.#node = new ClusterNode({
      etcd: this.way,
      seal: new Seal(SECRET),
      lobby: LOBBY,
      settings: { unicode: "15" },
      newEpoch: () => v.parse(Epoch, `epoch-${world.nextNumber()}`),
      random: world.random,
      link: "",
      access: world.access,
      newTicket: () => assert.fail("there is no relay"),
      ask: () => undefined,
      host: (start) => this.#host(start),
      log: (level, event, fields) => world.logged(level, event, fields),
      now: () => world.time.now,
      wallTime: this.#wallTime,
      nextTurn: (turn) => this.process.later(0, turn),
      later: this.process.later,
    });
    void this.#node.start();
  }

  /** Whether clients can join. */
  get isOpen(): boolean {
    return this.process.state !== "ended" && this.hosted?.isOpen === true;
  }

  lagSeconds(): number {
    return this.#node.lagSeconds();
  }

  /** The process ends without a word. */
  kill(): void {
    this.process.end();
    this.way.close();
    for (const client of this.hosted?.clients ?? []) client.open = false;
    this.hosted = undefined;
  }

  join(...args: Parameters<RendezvousHarness["join"]>): FakeClient {
    assert.ok(this.hosted !== undefined);
    const client = this.hosted.harness.join(...args);
    this.hosted.clients.add(client);
    return client;
  }

  /** Each question is decided once. @param entered the connections whose questions were decided */
  #once(entered: Set<number>, command: Command): Command {
    if (command.type === "enter") {
      assert.ok(!entered.has(command.connection), "it is applied once");
      entered.add(command.connection);
    }
    return command;
  }

  #wallTime = (): number => START + this.#world.time.now + this.#skew;

  #host({ life, ask: _ask, openLobbyLog, ...start }: LobbyStart): HostedLobby {
    const { time } = this.#world;
    const entered = new Set<number>();
    const name = `-${life}-${this.#world.nextNumber()}`;
    const harness = new RendezvousHarness(
      {
        ...start,
        openLobbyLog: (apply) => openLobbyLog((command, at) => apply(this.#once(entered, command), at)),
        newConnection: connectionNumbers(life),
        now: () => time.now,
        wallTime: this.#wallTime,
        later: this.process.later,
        nextTurn: (turn) => this.process.later(0, turn),
        wake: (ms) => this.process.later(ms, () => harness.rendezvous.expire()),
      },
      name,
    );
    const hosted: Hosted = { life, harness, clients: new Set(), isOpen: false };
    const snapshot = (): ReturnType<HostedLobby["snapshot"]> => harness.rendezvous.snapshot();
    this.hosted = hosted;
    return {
      snapshot,
      check: () => `${harness.rendezvous.check()}${this.differs ? " and more" : ""}`,
      membersOf: (life) => harness.rendezvous.membersOf(life),
      asked: () => undefined,
      open: () => (hosted.isOpen = true),
      close: () => {
        hosted.isOpen = false;
        harness.outbox.flush();
        for (const client of hosted.clients) {
          if (!client.open) continue;
          client.close(closeCodes.goingAway);
          harness.rendezvous.disconnected(client, "lost");
        }
      },
    };
  }
}
