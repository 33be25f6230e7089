import assert from "node:assert/strict";
import fc from "fast-check";
import { limits } from "../../../../protocol/limits.ts";
import { nameKey } from "../../../../protocol/names.ts";
import type { ServerMessage } from "../../../../protocol/rendezvous.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";

const card = { addresses: [{ host: "192.168.1.7", port: 4711 }] };

const pick = fc.nat({ max: 9 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("join" as const), name: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("come back" as const), who: pick }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("say" as const), who: pick, id: pick }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("fork" as const), who: pick, to: pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("answer" as const), who: pick, accept: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), who: pick }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.nat({ max: 12_000 }) }) },
);

/** A person in the lobby, as they see it: built only from the server's messages. */
class Person {
  client: FakeClient;
  name = "";
  resume = "";
  seen = 0;
  readonly users = new Set<string>();
  readonly invites: string[] = [];
  /** The numbers that this client's messages got, by their ids; also on the connections before this one. */
  readonly said = new Map<string, number>();
  /** How often each fork was answered. */
  readonly forks = new Map<string, number>();
  #failuresRead = 0;

  constructor(client: FakeClient) {
    this.client = client;
  }

  read(world: World): void {
    for (const message of this.client.take()) this.hear(message, world);
    for (const { id } of this.client.failures.slice(this.#failuresRead)) {
      if (id !== undefined && this.forks.has(id)) this.answered(id);
    }
    this.#failuresRead = this.client.failures.length;
  }

  comeBack(client: FakeClient): void {
    this.client = client;
    this.#failuresRead = 0;
  }

  hear(message: ServerMessage, world: World): void {
    switch (message.type) {
      case "joined":
        this.name = message.name;
        this.resume = message.resume;
        this.seen = message.seq - message.missed;
        this.users.clear();
        for (const { name } of message.users) this.users.add(name);
        assert.ok(this.users.has(this.name));
        break;
      case "said":
        assert.equal(message.seq, ++this.seen, "no number is left out, none comes twice");
        world.told(message.seq, `${nameKey(message.from)} ${message.id}`);
        break;
      case "ack":
        assert.equal(
          message.seq,
          this.said.get(message.id) ?? ++this.seen,
          "what a client says twice keeps its number",
        );
        this.said.set(message.id, message.seq);
        world.told(message.seq, `${nameKey(this.name)} ${message.id}`);
        break;
      case "arrived":
        assert.ok(!this.users.has(message.name));
        this.users.add(message.name);
        break;
      case "left":
        assert.ok(this.users.delete(message.name));
        break;
      case "invite":
        this.invites.push(message.sid);
        break;
      case "introduction":
        world.introduced(message.sid, message.role);
        if (message.id !== undefined) this.answered(message.id);
        else assert.equal(message.role, "B", "who has not forked was invited");
        break;
      case "declined":
        this.answered(message.id);
        break;
      default:
        assert.equal(message.type, "challenge");
    }
  }

  answered(id: string): void {
    const count = (this.forks.get(id) ?? 0) + 1;
    assert.equal(count, 1, "a fork is answered once");
    this.forks.set(id, count);
  }
}

class World {
  readonly harness = new RendezvousHarness();
  people: Person[] = [];
  /** What each number stands for: its author's name and id. */
  readonly #messages = new Map<number, string>();
  /** Invitations that were accepted and have not led to an introduction yet. */
  readonly accepted = new Set<string>();
  /** The roles in which each session was introduced. */
  readonly #roles = new Map<string, string[]>();
  #forks = 0;

  told(seq: number, message: string): void {
    assert.equal(this.#messages.get(seq) ?? message, message, "a number means the same to all");
    this.#messages.set(seq, message);
  }

  introduced(sid: string, role: string): void {
    const roles = [...(this.#roles.get(sid) ?? []), role];
    this.#roles.set(sid, roles);
    this.accepted.delete(sid);
    assert.equal(new Set(roles).size, roles.length, "each of the two is introduced once");
  }

  run(action: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
    switch (action.kind) {
      case "join":
        if (this.people.length < 6)
          this.people.push(new Person(this.harness.join(`guest${String(action.name % 3)}`)));
        break;
      case "wait":
        this.harness.pass(action.ms);
        break;
      default: {
        const person = this.people[action.who % Math.max(1, this.people.length)];
        if (person !== undefined) this.act(person, action);
      }
    }
    for (const person of this.people) person.read(this);
    this.check();
  }

  act(person: Person, action: Exclude<Parameters<World["run"]>[0], { kind: "join" | "wait" }>): void {
    const { client, name, resume, seen } = person;
    switch (action.kind) {
      case "come back": {
        const lastSeen = { epoch: "epoch-one", seq: seen };
        person.comeBack(this.harness.join(name, { resume, lastSeen }, client.key));
        this.harness.disconnect(client, "lost");
        break;
      }
      case "say":
        this.harness.send(client, { type: "say", id: `m-${String(action.id)}`, text: "hello" });
        break;
      case "fork": {
        const id = `f-${String(++this.#forks)}`;
        person.forks.set(id, 0);
        this.harness.send(client, {
          type: "fork",
          id,
          to: this.people[action.to]?.name ?? "nobody.here",
          card,
        });
        break;
      }
      case "answer": {
        const sid = person.invites.shift();
        if (sid === undefined) break;
        // An invitation may be over already: then the answer is an error, without further effect.
        const before = client.failures.length;
        if (action.accept) this.accepted.add(sid);
        this.harness.send(
          client,
          action.accept ? { type: "accept", sid, card } : { type: "decline", sid, reason: "unavailable" },
        );
        if (client.failures.length > before) this.accepted.delete(sid);
        break;
      }
      case "leave":
        this.people = this.people.filter((other) => other !== person);
        this.harness.disconnect(client, "quit");
        break;
    }
  }

  check(): void {
    const names = this.people.map(({ name }) => name).sort();
    assert.equal(new Set(names.map(nameKey)).size, names.length, "each name is one person's");
    for (const { users, seen } of this.people) {
      assert.deepEqual([...users].sort(), names, "everyone knows who is online");
      assert.equal(seen, this.people[0]?.seen, "everyone has heard everything");
    }
  }

  end(): void {
    this.harness.pass(limits.introductionMs);
    for (const person of this.people) {
      person.read(this);
      assert.ok(
        [...person.forks.values()].every((answers) => answers === 1),
        "each fork is answered",
      );
    }
    assert.deepEqual([...this.accepted], [], "each accept has led to an introduction");
  }
}

describe("the rendezvous", () => {
  it("delivers everything to everyone once, in order, and answers each fork once", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
        const world = new World();
        for (const action of steps) world.run(action);
        world.end();
      }),
      { numRuns: 300 },
    );
  });
});
