// Several servers with one lobby over an engine in memory, and people who use it: in fake time, with faults.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Epoch } from "../../../../protocol/fields.ts";
import { closeCodes } from "../../../../protocol/errors.ts";
import type { HostedLobby, LobbyStart } from "../../../../server/hall/hostedLobby.ts";
import type { Command } from "../../../../server/hall/commands.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import { ClusterNode } from "../../../../server/cluster/clusterNode.ts";
import { keysOf } from "../../../../server/cluster/keys.ts";
import { Seal } from "../../../../server/cluster/seal.ts";
import { FakeProcess, FakeTime } from "../../../support/fakeTime.ts";
import { LobbyTruth, LobbyView } from "../../../support/lobbyView.ts";
import { MemoryEngine, type Fate, type Way } from "../../../support/memoryEngine.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";
import { TestKey } from "../../../support/testKey.ts";

const LOBBY = "test";
const KEYS = keysOf(LOBBY);
const SECRET = "the secret of the servers of this lobby";
/** Characters of a seal. */
const SEAL = 22;

const START = 1_790_000_000_000;

/** Entries after which the servers save a snapshot. */
const SNAPSHOT_ENTRIES = 2_000;

/** Milliseconds that the client of someone away waits before it tries a server. */
const AWAY_MS = 300;

/** The lobby that a server hosts. */
type Hosted = {
  readonly life: number;
  readonly harness: RendezvousHarness;
  readonly clients: Set<FakeClient>;
  isOpen: boolean;
};

export class Server {
  readonly process: FakeProcess;
  readonly way: Way;
  readonly #world: World;
  readonly #node: ClusterNode;
  /** Milliseconds by which its clock differs. */
  readonly #skew: number;
  hosted: Hosted | undefined;
  fates: Fate[] = [];
  slow = 5;
  /** Whether it comes to another state than the others with the same commands. */
  differs = false;

  constructor(world: World, number: number) {
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

/** Someone in the lobby, whose client finds another server by itself. */
export class Person {
  readonly key = new TestKey();
  readonly view: LobbyView;
  client: FakeClient | undefined;
  server: Server | undefined;
  readonly #world: World;
  readonly #wish: string;
  #ids = 0;
  #failures = 0;
  #isTrying = false;

  constructor(world: World, wish: string) {
    this.#world = world;
    this.#wish = wish;
    this.view = new LobbyView(this.key.pin, world.truth);
  }

  /** Whether it has a connection that works, as far as it knows. */
  get isConnected(): boolean {
    return this.client?.open === true;
  }

  say(): void {
    if (!this.view.isIn || !this.isConnected) return;
    const id = `m-${++this.#ids}`;
    this.view.pending.add(id);
    this.#send(id);
  }

  sayAgain(): void {
    if (this.view.isIn && this.isConnected) for (const id of this.view.said.keys()) this.#send(id);
  }

  attend(state: "here" | "away"): void {
    const { client, server } = this;
    if (this.view.isIn && client?.open === true)
      this.#reach(server, () => server?.hosted?.harness.send(client, { type: "presence", state }));
  }

  /** Its connection breaks. The server notices. */
  drop(): void {
    const { client, server } = this;
    if (client?.open !== true) return;
    const harness = server?.hosted?.harness;
    client.open = false;
    this.#reach(server, () => harness?.disconnect(client, "lost"));
  }

  /** Goes to another server while the old one still believes in its connection for a while. */
  leaveBehind(): void {
    const { client, server } = this;
    if (client?.open !== true) return;
    const harness = server?.hosted?.harness;
    client.received = [];
    this.client = undefined;
    this.#world.time.later(this.#world.random() * 8_000, () =>
      this.#reach(server, () => {
        if (client.open) harness?.disconnect(client, "lost");
      }),
    );
  }

  /** Reads what has come. */
  read(): void {
    if (this.client === undefined) {
      this.#tryLater();
      return;
    }
    // What was written before the end still comes, unless the process ended with it.
    for (const message of this.client.take()) {
      if (this.view.hear(message)) for (const id of this.view.pending) this.#send(id);
    }
    for (const { code, id } of this.client.failures.slice(this.#failures)) {
      if (code === "1001") continue;
      assert.ok(code === "rate-limited" || code === "not-joined", `${code} ${id ?? ""}`);
      if (id !== undefined) this.#world.time.later(1_000, () => this.view.pending.has(id) && this.#send(id));
      else this.drop();
    }
    this.#failures = this.client.failures.length;
    if (!this.client.open) this.#tryLater();
  }

  #send(id: string): void {
    const { client, server } = this;
    if (client?.open !== true) return;
    const text = this.view.textOf(id);
    this.#reach(server, () => server?.hosted?.harness.send(client, { type: "say", id, text }));
  }

  /** The process reads it in a turn of its own. */
  #reach(server: Server | undefined, call: () => void): void {
    server?.process.later(0, call);
  }

  #tryLater(): void {
    if (this.#isTrying) return;
    this.#isTrying = true;
    this.#world.time.later(this.#world.random() * AWAY_MS, () => {
      this.#isTrying = false;
      this.#come();
    });
  }

  #come(): void {
    if (!this.#world.people.includes(this)) return;
    const { servers, isOutOfReach } = this.#world;
    const open = servers.filter((each) => each.isOpen && each.process.state === "runs" && !isOutOfReach);
    const server = open[Math.floor(this.#world.random() * open.length)];
    if (server === undefined) {
      this.#tryLater();
      return;
    }
    const details = this.view.joinDetails();
    const name = this.view.name === "" ? this.#wish : this.view.name;
    [this.server, this.#failures] = [server, 0];
    this.client = server.join(name, details, this.key);
  }
}

export class World {
  readonly time = new FakeTime();
  readonly engine = new MemoryEngine(this.time);
  readonly truth = new LobbyTruth();
  readonly servers: Server[] = [];
  readonly people: Person[] = [];
  /** What the servers have logged, with how often. */
  readonly log = new Map<string, number>();
  readonly random: () => number;
  /** What clients find at servers that start from now on. */
  access = "";
  /** How often a state was saved. */
  snapshots = 0;
  /** Whether no client gets to a server that it is not at. */
  isOutOfReach = false;
  #numbers = 0;
  #fills = 0;

  constructor(random: () => number, servers: number, people: number) {
    this.random = random;
    this.engine.onChange = ({ events }) => {
      for (const event of events) {
        const { kind, key } = event;
        if (kind === "put" && key === KEYS.log) this.#isFenced(event.value);
        if (key === KEYS.snapshot) this.snapshots += 1;
        if (kind === "delete" && key.startsWith(KEYS.nodes))
          this.#isGivenUp(Number(key.slice(KEYS.nodes.length)));
      }
    };
    for (let n = 0; n < servers; n++) this.start();
    for (let n = 0; n < people; n++) this.people.push(new Person(this, `guest${n % 3}`));
  }

  nextNumber(): string {
    return String(++this.#numbers).padStart(4, "0");
  }

  logged(level: string, event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    const text = `${level} ${event} ${JSON.stringify(fields["reason"] ?? "")}`;
    this.log.set(text, (this.log.get(text) ?? 0) + 1);
  }

  start(): Server {
    const server = new Server(this, this.#numbers++);
    this.servers.push(server);
    return server;
  }

  /** The process ends, and another one takes its place. */
  replace(server: Server): Server {
    server.kill();
    this.servers.splice(this.servers.indexOf(server), 1);
    return this.start();
  }

  async pass(ms: number): Promise<void> {
    await this.time.pass(ms, () => this.#look());
    this.#look();
  }

  /** Another server writes so many entries that a snapshot is due. They change nothing. */
  fill(): void {
    const seal = new Seal(SECRET);
    const read = this.engine.store.range({ key: KEYS.genesis });
    const item = read.ok ? read.value.items[0] : undefined;
    const text = item && seal.open(KEYS.genesis, item.value);
    if (item === undefined || text === undefined) return;
    const { epoch: name } = JSON.parse(text) as { epoch: string };
    const epoch = `${name}-${item.modRevision.toString(36)}`;
    const lives = this.engine.store.range({ key: KEYS.lives });
    const life = 1 + Number(lives.ok ? lives.value.items[0]?.value : 0);
    this.engine.change(() => this.engine.store.txn([], [{ put: { key: KEYS.lives, value: String(life) } }]));
    this.#fills += 1;
    const put = (key: string, value: object): void => {
      const sealed = seal.seal(`${epoch} ${key}`, JSON.stringify(value));
      this.engine.change(() => this.engine.store.txn([], [{ put: { key, value: sealed } }]));
    };
    const hash = "A".repeat(43);
    const at = START + this.time.now;
    put(KEYS.node(life), { life, sent: 0, at, applied: 0, hash, link: "", access: this.access });
    const commands = [{ type: "expire", sid: "of-no-session-at-all-0" }];
    for (let n = 1; n <= SNAPSHOT_ENTRIES - 5; n++) put(KEYS.log, { life, n, time: at, commands });
    this.engine.change(() => this.engine.store.txn([], [{ delete: { key: KEYS.node(life) } }]));
  }

  /** All faults end, everyone comes back, and everything is said. */
  async settle(): Promise<void> {
    for (const server of this.servers) {
      server.process.resume();
      server.way.heal();
      [server.fates, server.slow] = [[], 5];
    }
    await this.pass(30_000);
  }

  /** What must hold when everything is quiet. */
  check(): void {
    const log = JSON.stringify([...this.log]);
    for (const server of this.servers) assert.ok(server.isOpen, `every server is open ${log}`);
    const [state, ...others] = this.servers.map(({ hosted }) => plain(hosted?.harness.rendezvous.snapshot()));
    for (const other of others) assert.deepEqual(other, state, "all servers are equal");
    const here = new Map(state?.registry.here.map(([name, { presence }]) => [name, presence]));
    assert.deepEqual([...here.keys()].sort(), this.people.map(({ view }) => view.name).sort());
    const [{ view: first } = assert.fail()] = this.people;
    const messages = this.truth.messages(first.epoch);
    for (const { view } of this.people) {
      assert.ok(view.isIn);
      assert.equal(view.epoch, first.epoch, "everyone is in the same lobby");
      // No one is told of their own presence.
      assert.deepEqual(
        new Map([...view.users, [view.name, here.get(view.name)]]),
        here,
        "everyone knows who is here",
      );
      assert.equal(view.seen, messages.size, "everyone has heard everything");
      assert.deepEqual([...view.pending], [], "everything has an answer");
      for (const [id, seq] of view.said) assert.equal(messages.get(seq), view.textOf(id));
      if (this.truth.epochs.length > 1) continue;
      for (const id of view.acked) assert.ok(view.said.has(id), "what was acknowledged was said");
    }
    assert.ok(this.snapshots <= this.#fills + 1, `${this.snapshots} snapshots`);
    const texts = [...messages.values()];
    assert.equal(new Set(texts).size, texts.length, "nothing was said twice");
  }

  /** The engine takes entries of servers only that it has not given up. */
  #isFenced(sealed: string): void {
    const { life } = JSON.parse(sealed.slice(SEAL)) as { life: number };
    const node = this.engine.store.range({ key: KEYS.node(life) });
    assert.ok(node.ok && node.value.items.length > 0, `life ${life} is over`);
  }

  /** The engine gives a server up. From now on the others say so, and its clients must not be there any more. */
  #isGivenUp(life: number): void {
    for (const { process, hosted } of this.servers) {
      if (process.state === "runs" && hosted?.life === life)
        assert.ok(!hosted.isOpen, "it has closed by then");
    }
  }

  #look(): void {
    for (const { hosted, process } of this.servers)
      if (process.state === "runs") hosted?.harness.outbox.flush();
    for (const person of this.people) person.read();
  }
}

/** As it would be read from a disk. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
