// Several servers, fed by one log at different paces, are one lobby to those who are connected to any of them.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { ServerMessage } from "../../../../protocol/rendezvous.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import { MemoryLog } from "../../../support/memoryLog.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";

const SERVERS = 3;
const pick = fc.nat({ max: 9 });
const step = fc.record({
  kind: fc.constantFrom(
    ...(["join", "join", "join", "say", "say", "say", "say", "say again", "attend", "come back"] as const),
    ...(["come back", "drop", "quit", "kill", "bury", "deliver", "deliver", "deliver", "deliver"] as const),
  ),
  who: pick,
  server: pick,
  id: pick,
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A server, and whether its process runs. */
type Server = { readonly number: number; readonly harness: RendezvousHarness; runs: boolean };

/** A person in the lobby, as they see it: built only from the messages of servers. */
class Person {
  client: FakeClient;
  server: Server;
  name = "";
  resume = "";
  seen = 0;
  isIn = false;
  readonly users = new Map<string, string>();
  /** The numbers that this client's messages got, by their IDs. */
  readonly said = new Map<string, number>();
  /** Sent, and without an answer on any connection. */
  readonly pending = new Set<string>();
  #failures = 0;

  constructor(client: FakeClient, server: Server) {
    this.client = client;
    this.server = server;
  }

  comeBack(client: FakeClient, server: Server): void {
    [this.client, this.server, this.isIn, this.#failures] = [client, server, false, 0];
  }

  read(world: World): void {
    if (!this.server.runs) return;
    for (const message of this.client.take()) this.#hear(message, world);
    for (const { code, id } of this.client.failures.slice(this.#failures)) {
      assert.equal(code, "rate-limited", id);
    }
    this.#failures = this.client.failures.length;
  }

  #hear(message: ServerMessage, world: World): void {
    switch (message.type) {
      case "joined":
        // Someone who was away for so long that their name went may have another one.
        [this.name, this.resume, this.isIn] = [message.name, message.resume, true];
        assert.ok(!message.gap);
        this.seen = message.seq - message.missed;
        this.users.clear();
        for (const { name, state = "here" } of message.users) this.users.set(name, state);
        assert.ok(this.users.has(this.name));
        // As every client does: what has no answer is sent again.
        for (const id of this.pending) world.send(this, id);
        break;
      case "said":
        assert.equal(message.seq, ++this.seen, "no number is left out, none comes twice");
        world.told(message.seq, message.text);
        // Its own message, from a connection that ended before the answer came.
        if (message.text === this.textOf(message.id)) this.said.set(message.id, message.seq);
        break;
      case "ack":
        assert.equal(message.seq, this.said.get(message.id) ?? ++this.seen, "a number is not given twice");
        this.said.set(message.id, message.seq);
        this.pending.delete(message.id);
        world.told(message.seq, this.textOf(message.id));
        break;
      case "arrived":
        assert.ok(!this.users.has(message.name), `${message.name} arrives once`);
        this.users.set(message.name, "here");
        break;
      case "presence":
        assert.ok(this.users.has(message.name));
        this.users.set(message.name, message.state);
        break;
      case "left":
        assert.ok(this.users.delete(message.name), `${message.name} was here`);
        break;
      default:
        assert.equal(message.type, "challenge");
    }
  }

  textOf(id: string): string {
    return `${id} of ${this.client.key.pin}`;
  }
}

class World {
  readonly log = new MemoryLog(() => 1_790_000_000_000 + this.#now);
  readonly servers: Server[] = [];
  people: Person[] = [];
  #lives = 0;
  #now = 1_000;
  /** What each number stands for. */
  readonly #messages = new Map<number, string>();
  /** Lives of servers that have ended, of which the lobby does not know. */
  readonly #unburied: number[] = [];
  /** Ends of connections that no server knows of. */
  readonly #ended: (() => void)[] = [];

  constructor() {
    for (let n = 0; n < SERVERS; n++) this.servers.push(this.#start());
  }

  told(seq: number, text: string): void {
    assert.equal(this.#messages.get(seq) ?? text, text, "a number means the same to all");
    this.#messages.set(seq, text);
  }

  send(person: Person, id: string): void {
    person.pending.add(id);
    person.server.harness.send(person.client, { type: "say", id, text: person.textOf(id) });
  }

  run({ kind, who, server: n, id }: Step): void {
    const running = this.servers.filter(({ runs }) => runs);
    const server = running[n % running.length] ?? assert.fail();
    const person = this.people[who % Math.max(1, this.people.length)];
    this.#now += 20;
    for (const { harness } of running) harness.pass(20);
    if (kind === "join" && this.people.length < 6) {
      this.people.push(new Person(server.harness.join(`guest${id % 3}`), server));
    } else if (kind === "deliver") this.log.deliver(server.number, 1 + (id % 3));
    else if (kind === "kill" && running.length > 1) this.#kill(server);
    else if (kind === "bury") this.#bury();
    else if (person !== undefined) this.#act(person, kind, server, `m-${id}`);
    for (const each of this.people) each.read(this);
  }

  #act(person: Person, kind: Step["kind"], server: Server, id: string): void {
    const { client, server: old, name, resume } = person;
    if (kind === "come back" && name !== "") {
      const lastSeen = { epoch: "epoch-one", seq: person.seen };
      person.comeBack(server.harness.join(name, { resume, lastSeen }, client.key), server);
      // The old server learns now or much later that the connection has ended.
      if (id > "m-4") this.#lose(old, client);
      else this.#ended.push(() => this.#lose(old, client));
    }
    if (!person.isIn || !old.runs || !client.open) return;
    if (kind === "say" && !person.said.has(id)) this.send(person, id);
    if (kind === "say again") for (const each of person.said.keys()) this.send(person, each);
    if (kind === "attend") {
      old.harness.send(client, { type: "presence", state: id > "m-4" ? "away" : "here" });
    }
    if (kind === "drop") old.harness.disconnect(client, "lost");
    if (kind === "quit") {
      this.people = this.people.filter((other) => other !== person);
      old.harness.disconnect(client, "quit");
    }
  }

  #lose({ runs, harness }: Server, client: FakeClient): void {
    if (runs) harness.disconnect(client, "lost");
  }

  #start(like?: Server): Server {
    const number = ++this.#lives;
    const openLobbyLog = this.log.opener(number, like?.number);
    const snapshot = like && plain(like.harness.rendezvous.snapshot());
    const change = { openLobbyLog, ...(snapshot && { snapshot }), newConnection: connectionNumbers(number) };
    return { number, harness: new RendezvousHarness(change, `-${number}`), runs: true };
  }

  /** The process ends without a word. Another starts, from the state of one that goes on. */
  #kill(server: Server): void {
    server.runs = false;
    this.log.close(server.number);
    this.#unburied.push(server.number);
    const like = this.servers.find(({ runs }) => runs);
    this.servers.push(this.#start(like));
  }

  #bury(): void {
    const life = this.#unburied.shift();
    if (life !== undefined) this.log.append({ type: "lost", life });
  }

  /** Everything has come to its end: everyone is back, and has heard everything. */
  end(): void {
    const [first] = this.servers.filter(({ runs }) => runs);
    assert.ok(first !== undefined);
    while (this.#unburied.length > 0) this.#bury();
    this.#settle();
    for (const learn of this.#ended) learn();
    for (const person of this.people) {
      if (person.isIn && person.server.runs && person.client.open) continue;
      const { name, resume, seen, client } = person;
      const details = name === "" ? {} : { resume, lastSeen: { epoch: "epoch-one", seq: seen } };
      person.comeBack(first.harness.join(name === "" ? "late" : name, details, client.key), first);
    }
    this.#settle();
    const [state, ...others] = this.servers
      .filter(({ runs }) => runs)
      .map(({ harness }) => plain(harness.rendezvous.snapshot()));
    for (const other of others) assert.deepEqual(other, state);
    const here = new Map(state?.registry.here.map(([name, { presence }]) => [name, presence]));
    const names = this.people.map(({ name }) => name).sort();
    assert.deepEqual([...here.keys()].sort(), names);
    for (const { name, users, seen, pending } of this.people) {
      // No one is told of their own presence.
      assert.deepEqual(new Map([...users, [name, here.get(name)]]), here, "everyone knows who is here");
      assert.equal(seen, this.#messages.size, "everyone has heard everything");
      assert.deepEqual([...pending], [], "everything has an answer");
    }
    const texts = [...this.#messages.values()];
    assert.equal(new Set(texts).size, texts.length, "nothing was said twice");
  }

  #settle(): void {
    const deliver = (): boolean =>
      this.servers.some((server) => server.runs && this.log.deliver(server.number));
    for (let more = true; more;) {
      more = deliver();
      this.#now += 5_000;
      for (const { harness, runs } of this.servers) if (runs) harness.pass(5_000);
      for (const person of this.people) {
        const before = person.pending.size;
        person.read(this);
        more ||= person.pending.size !== before;
      }
      more ||= deliver();
    }
  }
}

/** As it would be read from a disk. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe("several servers with one log", () => {
  it("are one lobby: nothing is lost, doubled or out of order, and no name is given twice", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const world = new World();
        for (const each of steps) world.run(each);
        world.end();
      }),
      { numRuns: 100 },
    );
  });
});
