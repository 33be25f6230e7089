// Several servers with one lobby over an engine in memory, and people who use it: in fake time, with faults.
import assert from "node:assert/strict";
import { keysOf } from "../../../../server/cluster/keys.ts";
import { Seal } from "../../../../server/cluster/seal.ts";
import { FakeTime } from "../../../support/fakeTime.ts";
import { LobbyTruth } from "../../../support/lobbyView.ts";
import { MemoryEngine } from "../../../support/memoryEngine.ts";
import { LOBBY, SECRET, Server, START } from "./clusterServer.ts";
import { Person } from "./person.ts";

const KEYS = keysOf(LOBBY);
/** Characters of a seal. */
const SEAL = 22;

/** Entries after which the servers save a snapshot. */
const SNAPSHOT_ENTRIES = 2_000;

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
