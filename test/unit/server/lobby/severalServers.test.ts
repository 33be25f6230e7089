// What a server does that shares its lobby with another one, where one of them knows less than the other for a while.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Errand, type Command } from "../../../../protocol/cluster.ts";
import { Pin, Token } from "../../../../protocol/fields.ts";
import { createTally } from "../../../../server/base/tally.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import type { OpenLobbyLog } from "../../../../server/hall/lobbyLog.ts";
import { tokenDigest } from "../../../../server/names/member.ts";
import { limits } from "../../../../protocol/limits.ts";
import { MemoryLog } from "../../../support/memoryLog.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";

describe("a server among several", () => {
  let log: MemoryLog;
  let servers: RendezvousHarness[];
  beforeEach(() => {
    log = new MemoryLog(() => 1_790_000_000_000);
    servers = [1, 2].map(
      (life) =>
        new RendezvousHarness(
          { openLobbyLog: log.opener(life), newConnection: connectionNumbers(life) },
          `-${life}`,
        ),
    );
  });

  function settle(): void {
    for (const [n, { outbox }] of servers.entries()) {
      log.deliver(n + 1);
      outbox.flush();
    }
  }

  function join(server: number, name: string, back?: FakeClient): FakeClient {
    const [joined] = back?.take().filter(({ type }) => type === "joined") ?? [];
    const resume = joined?.type === "joined" ? { resume: joined.resume } : {};
    const harness = servers[server] ?? assert.fail();
    const client = harness.join(name, resume, back?.key);
    settle();
    return client;
  }

  /** Comes back with this token. */
  function again(server: number, { key }: FakeClient, resume: string): FakeClient {
    const client = servers[server]?.join("anna", { resume }, key) ?? assert.fail();
    settle();
    return client;
  }

  function joined(client: FakeClient): { name: string; resume: string } {
    for (const message of client.take()) if (message.type === "joined") return message;
    return assert.fail("it has not joined");
  }

  function send(server: number, client: FakeClient, message: Parameters<RendezvousHarness["send"]>[1]): void {
    servers[server]?.send(client, message);
    settle();
  }

  function types(client: FakeClient): string[] {
    return client.take().map((message) => message.type);
  }

  it("closes the connection of a client that has come back on another server as one that went away", () => {
    const anna = join(0, "anna");
    const again = join(1, "anna", anna);
    assert.deepEqual(anna.failures, [{ code: "1001", id: undefined }]);
    assert.ok(types(again).includes("joined"));
  });

  it("closes one of two programs with one token as replaced, once they have taken turns on two servers", () => {
    let program = join(0, "anna");
    let { resume: own } = joined(program);
    // That of the other program, which has a copy of the first one.
    let others = own;
    const codes: string[] = [];
    for (let turn = 1; turn <= 10 && !codes.includes("4003"); turn++) {
      const newer = again(turn % 2, program, others);
      codes.push(...program.failures.map(({ code }) => code));
      [program, others, own] = [newer, own, joined(newer).resume];
    }
    assert.deepEqual(codes, ["1001", "1001", "1001", "4003"]);
    assert.ok(program.open);
  });

  it("takes a client for one program whose answers are lost, however often", () => {
    const anna = join(0, "anna");
    const { resume } = joined(anna);
    for (let lost = 0; lost < 20; lost++) again(lost % 2, anna, resume);
    const newest = again(1, anna, resume);
    assert.equal(joined(newest).name, "anna");
    const late = again(0, anna, resume);
    assert.equal(joined(late).name, "anna");
    assert.deepEqual(newest.failures, [{ code: "1001", id: undefined }]);
  });

  it("gives a name back to a client that got no answer after it had left", () => {
    const anna = join(0, "anna");
    const { resume } = joined(anna);
    servers[0]?.disconnect(anna, "lost");
    servers[1]?.join("anna", { resume }, anna.key);
    settle();
    assert.equal(joined(again(0, anna, resume)).name, "anna");
  });

  it("gives a name back to a client whose older question was decided last", () => {
    const anna = join(0, "anna");
    const { resume } = joined(anna);
    const newer = joined(again(1, anna, resume));
    again(0, anna, resume);
    assert.equal(joined(again(1, anna, newer.resume)).name, "anna");
  });

  it("ends a fork in time whose server is gone", () => {
    const anna = join(0, "anna");
    const bobby = join(1, "bobby");
    send(0, anna, { type: "fork", id: "f-1", to: "bobby", card: { addresses: [] } });
    assert.ok(types(bobby).includes("invite"));
    const again = join(1, "anna", anna);
    again.take();
    servers.splice(0, 1, new RendezvousHarness());
    servers[1]?.pass(limits.introductionMs);
    log.deliver(2);
    servers[1]?.outbox.flush();
    assert.deepEqual(
      again.take().map((message) => message.type === "declined" && [message.id, message.reason]),
      [["f-1", "timeout"]],
    );
  });

  it("does not bother the others with answers to invitations that there are not", () => {
    const anna = join(0, "anna");
    const before = log.size;
    send(0, anna, { type: "accept", sid: "session-of-no-one-22ch", card: { addresses: [] } });
    send(0, anna, { type: "decline", sid: "session-of-no-one-22ch", reason: "declined" });
    assert.equal(log.size, before);
    assert.deepEqual(
      anna.failures.map(({ code }) => code),
      ["unknown-invite", "unknown-invite"],
    );
  });

  it("counts the withdrawal of nothing as a fork", () => {
    const anna = join(0, "anna");
    const before = log.size;
    for (let n = 0; n <= limits.forkBurst; n++) send(0, anna, { type: "withdraw", id: `f-${n}` });
    assert.equal(log.size - before, limits.forkBurst);
    assert.deepEqual(anna.failures, [{ code: "rate-limited", id: `f-${limits.forkBurst}` }]);
  });

  it("does not count the withdrawal of a fork", () => {
    const anna = join(0, "anna");
    const bobby = join(1, "bobby");
    for (let n = 0; n < limits.forkBurst; n++) {
      send(0, anna, { type: "fork", id: `f-${n}`, to: "bobby", card: { addresses: [] } });
      send(0, anna, { type: "withdraw", id: `f-${n}` });
    }
    assert.deepEqual(anna.failures, []);
    assert.equal(types(bobby).filter((type) => type === "withdrawn").length, limits.forkBurst);
  });

  describe("whose client asks again before the hall has decided", () => {
    const card = { addresses: [] };
    let anna: FakeClient;
    let bobby: FakeClient;
    let sid: string;
    beforeEach(() => {
      [anna, bobby] = [join(0, "anna"), join(1, "bobby")];
      send(0, anna, { type: "fork", id: "f-1", to: "bobby", card });
      const messages = bobby.take();
      bobby.received = messages.filter(({ type }) => type === "joined");
      for (const message of messages) if (message.type === "invite") ({ sid } = message);
    });

    for (const answer of ["accept", "decline"] as const) {
      it(`takes one ${answer} to the others`, () => {
        const before = log.size;
        const message =
          answer === "accept"
            ? ({ type: "accept", sid, card } as const)
            : ({ type: "decline", sid, reason: "declined" } as const);
        for (let n = 0; n < 20; n++) servers[1]?.send(bobby, message);
        assert.equal(log.size - before, 1);
        assert.deepEqual(new Set(bobby.failures.map(({ code }) => code)), new Set(["unknown-invite"]));
        assert.equal(bobby.failures.length, 19);
        settle();
        if (answer === "decline") assert.ok(types(anna).includes("declined"));
        else assert.equal(log.size - before, 1);
      });
    }

    it("takes one withdrawal to the others", () => {
      const before = log.size;
      for (let n = 0; n < 20; n++) servers[0]?.send(anna, { type: "withdraw", id: "f-1" });
      assert.equal(log.size - before, 1);
      settle();
      assert.deepEqual(
        types(bobby).filter((type) => type !== "joined"),
        ["withdrawn"],
      );
      assert.deepEqual(anna.failures, []);
    });

    it("takes the answer of a new connection, if that of the old one was not decided", () => {
      const { resume } = joined(bobby);
      const elsewhere = servers[0]?.join("bobby", { resume }, bobby.key) ?? assert.fail();
      servers[1]?.send(bobby, { type: "accept", sid, card });
      settle();
      const back = join(1, "bobby", elsewhere);
      const before = log.size;
      servers[1]?.send(back, { type: "accept", sid, card });
      assert.equal(log.size - before, 1);
      assert.deepEqual(back.failures, []);
    });
  });

  it("reads nothing more of a client until its message has its number", () => {
    const anna = join(0, "anna");
    servers[0]?.send(anna, { type: "say", id: "m-1", text: "hello" });
    assert.ok(anna.isPaused);
    settle();
    assert.ok(!anna.isPaused);
  });

  it("reads on after a message that could not be sent any more when it was its turn", () => {
    const anna = join(0, "anna");
    const bobby = join(1, "bobby");
    send(0, anna, { type: "say", id: "m-1", text: "hello" });
    servers[0]?.send(anna, {
      type: "say",
      id: "m-2",
      text: "(retracted)",
      about: { kind: "retract", seq: 1 },
    });
    servers[0]?.pass(1_000);
    servers[1]?.send(bobby, { type: "say", id: "m-3", text: "hi", about: { kind: "reply", seq: 1 } });
    assert.ok(bobby.isPaused);
    settle();
    assert.deepEqual(bobby.failures, [{ code: "unknown-message", id: "m-3" }]);
    assert.ok(!bobby.isPaused);
  });

  it("counts the messages of its own clients, neither those of other servers nor those from before it started", () => {
    const tallies = [1, 2].map(() => createTally());
    const start = (life: number): RendezvousHarness => {
      const shared = { openLobbyLog: log.opener(life), newConnection: connectionNumbers(life) };
      return new RendezvousHarness({ ...shared, tally: tallies[life - 1] ?? assert.fail() }, `-${life}`);
    };
    servers = [start(1)];
    const anna = join(0, "anna");
    send(0, anna, { type: "say", id: "m-1", text: "before" });
    servers.push(start(2));
    settle();
    const bobby = join(1, "bobby");
    send(1, bobby, { type: "say", id: "m-2", text: "hello" });
    send(1, bobby, { type: "say", id: "m-2", text: "hello" });
    send(0, anna, { type: "say", id: "m-3", text: "hello" });
    assert.deepEqual(
      tallies.map(({ messages }) => messages),
      [2, 1],
    );
  });

  it("lets a key change messages no more often, whichever server it uses", () => {
    const anna = join(0, "anna");
    const { resume } = joined(anna);
    join(1, "bobby");
    send(0, anna, { type: "say", id: "m-0", text: "text" });
    const edit = (n: number) =>
      ({ type: "say", id: `e-${n}`, text: `${n}`, about: { kind: "edit", seq: 1 } }) as const;
    for (let n = 1; n <= limits.changeBurst; n++) send(0, anna, edit(n));
    assert.ok(!anna.isPaused);
    const before = log.size;
    const elsewhere = again(1, anna, resume);
    servers[1]?.send(elsewhere, edit(0));
    assert.equal(log.size - before, 1, "only the join");
    servers[1]?.pass(1_000 / limits.changesPerSecond);
    assert.equal(log.size - before, 2);
  });

  /** @param lobbyBytesPerSecond of the lobby, to each reader */
  const serversWithRate = (lobbyBytesPerSecond: number): RendezvousHarness[] =>
    [1, 2].map((life) => {
      const newConnection = connectionNumbers(life);
      return new RendezvousHarness(
        { openLobbyLog: log.opener(life), newConnection, lobbyBytesPerSecond },
        `-${life}`,
      );
    });

  it("lets no more pass in the lobby than a reader gets, whichever server it comes from", () => {
    const rate = 2_048;
    servers = serversWithRate(rate);
    const authors = [0, 1].map((n) => Array.from({ length: 8 }, (_, i) => join(n, `author-${n}-${i}`)));
    let said = 0;
    for (let step = 0; step < 400; step++) {
      for (const [n, clients] of authors.entries()) {
        for (const client of clients) {
          if (client.isPaused) continue;
          servers[n]?.send(client, { type: "say", id: `m-${++said}`, text: "x".repeat(500) });
        }
        servers[n]?.pass(100);
      }
      settle();
    }
    const [reader = assert.fail()] = authors.flat();
    const read = reader.take().filter(({ type }) => type === "said");
    const bytes = read.reduce((sum, message) => sum + JSON.stringify(message).length, 0);
    const seconds = 40 + limits.lobbyBurstSeconds;
    assert.ok(bytes > 20 * rate && bytes < 1.1 * seconds * rate, `${bytes} bytes in ${seconds} s`);
  });

  it("lets authors at a server with many readers speak while others flood one with few", () => {
    const rate = 4_096;
    servers = serversWithRate(rate);
    const crowd = Array.from(
      { length: 2 * limits.fullRateReaders },
      (_, n) => servers[1]?.join(`reader-${n}`) ?? assert.fail(),
    );
    const flood = Array.from({ length: 8 }, (_, n) => join(0, `flood-${n}`));
    settle();
    // They need not read.
    const [author = assert.fail(), ...others] = crowd;
    for (const reader of others) servers[1]?.outbox.end(reader);
    let said = 0;
    const seconds = 30;
    for (let step = 0; step < 10 * seconds; step++) {
      for (const client of flood) {
        if (client.isPaused) continue;
        servers[0]?.send(client, { type: "say", id: `m-${++said}`, text: "x".repeat(500) });
      }
      if (!author.isPaused) servers[1]?.send(author, { type: "say", id: `a-${++said}`, text: "hello" });
      for (const server of servers) server.pass(100);
      settle();
    }
    const read = author.take();
    const answers = read.filter(({ type }) => type === "ack").length;
    assert.ok(answers > seconds / 2, `${answers} of its messages in ${seconds} s`);
    assert.deepEqual(author.failures, []);
    const bytes = read.reduce(
      (sum, message) => sum + (message.type === "said" ? JSON.stringify(message).length : 0),
      0,
    );
    const most = (seconds + 2 * limits.lobbyBurstSeconds) * (rate / 2);
    assert.ok(bytes < most, `${bytes} bytes, at most ${most}`);
  });

  it("lets no more people in together than a client takes in a list, and none of a network that has most places", () => {
    log = new MemoryLog(() => 1_790_000_000_000);
    servers = [
      new RendezvousHarness({
        openLobbyLog: log.opener(1),
        newConnection: connectionNumbers(1),
        heldNamesChanged: () => undefined,
      }),
    ];
    const numbers = [2, 3].map((life) => connectionNumbers(life));
    const others = Array.from({ length: limits.clients - 1 }, (_, n): Extract<Command, { type: "enter" }> => {
      const connection = numbers[n % 2]?.() ?? assert.fail();
      const text = String(n).padStart(22, "0");
      return {
        ...{ type: "enter", connection, name: `other-${n}`, address: "192.0.2.1", lineage: text },
        pin: v.parse(Pin, `${text}${"A".repeat(21)}`),
        token: tokenDigest(v.parse(Token, text)),
      };
    });
    for (const each of others) log.append(each);
    settle();
    const [last, late] = ["anna", "bobby"].map((name) => {
      const client = servers[0]?.join(name, {}, undefined, "192.0.2.1") ?? assert.fail();
      settle();
      return client;
    });
    assert.ok(last?.open);
    assert.deepEqual(late?.failures, [{ code: "rate-limited", id: undefined }]);
    assert.ok(types(join(0, "carla")).includes("joined"));
    assert.deepEqual(last.failures, [{ code: "1001", id: undefined }]);
    assert.equal(servers[0]?.rendezvous.here, 1);
    assert.equal(servers[0].rendezvous.snapshot().registry.here.length, limits.clients);
  });

  it("drops what another server asks to tell a client that does not read, and tells the others theirs", () => {
    const [anna, bobby, carla] = [join(0, "anna"), join(1, "bobby"), join(1, "carla")];
    for (const client of [bobby, carla]) client.take();
    bobby.backlog = limits.approachBacklogBytes + 1;
    const tell = (member: FakeClient["member"]): void => {
      const { key, value } = member ?? assert.fail();
      const message = {
        ...{ type: "tunnel", sid: "session-that-is-open-2", from: "anna", pin: anna.key.pin },
        ticket: "ticket-of-another-server-00000",
      };
      const errand = { type: "tell", key, connection: value.connection, message };
      servers[1]?.rendezvous.asked(v.parse(Errand, errand));
      servers[1]?.outbox.flush();
    };
    for (let n = 0; n < 100; n++) tell(bobby.member);
    tell(carla.member);
    assert.deepEqual([types(bobby), types(carla)], [[], ["tunnel"]]);
    bobby.backlog = limits.approachBacklogBytes;
    tell(bobby.member);
    assert.deepEqual(types(bobby), ["tunnel"]);
  });

  it("takes two people for near by where they are now, not by where they first came from", () => {
    const asked: Errand[] = [];
    log = new MemoryLog(() => 1_790_000_000_000);
    servers = [1, 2].map(
      (life) =>
        new RendezvousHarness({
          ...{ openLobbyLog: log.opener(life), newConnection: connectionNumbers(life) },
          others: { ask: (_connection, errand) => void asked.push(errand) },
        }),
    );
    const [here, elsewhere] = ["192.0.2.1", "198.51.100.1"];
    const bobby = servers[0]?.join("bobby", {}, undefined, here) ?? assert.fail();
    const anna = servers[1]?.join("anna", {}, undefined, here) ?? assert.fail();
    settle();
    const card = { addresses: [] };
    const reach = {
      type: "reach",
      to: "anna",
      pin: anna.key.pin,
      sid: "session-that-is-open",
      card,
    } as const;
    send(0, bobby, { ...reach, id: "r-1" });
    servers[1]?.join("anna", { resume: joined(anna).resume }, anna.key, elsewhere);
    settle();
    send(0, bobby, { ...reach, id: "r-2" });
    assert.deepEqual(
      asked.map((errand) => errand.type === "tell" && errand.message.type === "reach" && errand.message.near),
      [true, undefined],
    );
  });

  describe("that stops or dies while a join is on its way to the hall", () => {
    /** Stops it as a drain does: its clients are closed, and stay members. */
    function drain(...clients: readonly FakeClient[]): void {
      servers[0]?.rendezvous.keepMembers();
      for (const client of clients) {
        client.close(1001);
        servers[0]?.rendezvous.disconnected(client, "lost");
      }
    }

    it("keeps a member that has come back, whom another server lets resume", () => {
      const anna = join(1, "anna");
      const { resume } = joined(anna);
      const bobby = join(1, "bobby");
      const waiting = servers[0]?.join("anna", { resume }, anna.key) ?? assert.fail();
      drain(waiting);
      settle();
      bobby.take();
      const back = again(1, anna, resume);
      assert.equal(joined(back).name, "anna");
      assert.deepEqual(types(bobby), [], "no one has left or arrived");
    });

    it("lets someone new have the name elsewhere, who has learned of no token", () => {
      const waiting = servers[0]?.join("anna") ?? assert.fail();
      drain(waiting);
      settle();
      const { key } = waiting;
      const back = servers[1]?.join("anna", {}, key) ?? assert.fail();
      settle();
      assert.equal(joined(back).name, "anna");
    });

    it("does not stand in the way of a client that comes to another server before the answer", () => {
      const anna = join(0, "anna");
      const { resume } = joined(anna);
      const bobby = join(1, "bobby");
      servers[0]?.join("anna", { resume }, anna.key);
      // Server 0 dies: it reads no more of the log.
      servers.splice(0, 1, new RendezvousHarness());
      bobby.take();
      const back = again(1, anna, resume);
      assert.equal(joined(back).name, "anna");
      assert.deepEqual(types(bobby), [], "no one has left or arrived");
    });
  });

  it("does not ask for a client that has left before the question did", () => {
    let taken = 0;
    const openLobbyLog: OpenLobbyLog = () => ({ append: () => () => ++taken > 0 });
    const server = new RendezvousHarness({ openLobbyLog });
    const anna = server.join("anna");
    server.disconnect(anna, "lost");
    assert.equal(taken, 1);
  });
});
