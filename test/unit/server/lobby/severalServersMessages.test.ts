// Messages and their rates, where several servers share a lobby.
import assert from "node:assert/strict";
import { createTally } from "../../../../server/base/tally.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import { limits } from "../../../../protocol/limits.ts";
import { RendezvousHarness } from "../../../support/rendezvousHarness.ts";
import { joined, SharedLobby } from "../../../support/sharedLobby.ts";

describe("a server among several", () => {
  const lobby = new SharedLobby();
  const { join, again, send, settle } = lobby;

  it("reads nothing more of a client until its message has its number", () => {
    const anna = join(0, "anna");
    lobby.servers[0]?.send(anna, { type: "say", id: "m-1", text: "hello" });
    assert.ok(anna.isPaused);
    settle();
    assert.ok(!anna.isPaused);
  });

  it("reads on after a message that could not be sent any more when it was its turn", () => {
    const anna = join(0, "anna");
    const bobby = join(1, "bobby");
    send(0, anna, { type: "say", id: "m-1", text: "hello" });
    lobby.servers[0]?.send(anna, {
      type: "say",
      id: "m-2",
      text: "(retracted)",
      about: { kind: "retract", seq: 1 },
    });
    lobby.servers[0]?.pass(1_000);
    lobby.servers[1]?.send(bobby, { type: "say", id: "m-3", text: "hi", about: { kind: "reply", seq: 1 } });
    assert.ok(bobby.isPaused);
    settle();
    assert.deepEqual(bobby.failures, [{ code: "unknown-message", id: "m-3" }]);
    assert.ok(!bobby.isPaused);
  });

  it("counts the messages of its own clients, neither those of other servers nor those from before it started", () => {
    const tallies = [1, 2].map(() => createTally());
    const start = (life: number): RendezvousHarness => {
      const shared = { openLobbyLog: lobby.log.opener(life), newConnection: connectionNumbers(life) };
      return new RendezvousHarness({ ...shared, tally: tallies[life - 1] ?? assert.fail() }, `-${life}`);
    };
    lobby.servers = [start(1)];
    const anna = join(0, "anna");
    send(0, anna, { type: "say", id: "m-1", text: "before" });
    lobby.servers.push(start(2));
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
    const before = lobby.log.size;
    const elsewhere = again(1, anna, resume);
    lobby.servers[1]?.send(elsewhere, edit(0));
    assert.equal(lobby.log.size - before, 1, "only the join");
    lobby.servers[1]?.pass(1_000 / limits.changesPerSecond);
    assert.equal(lobby.log.size - before, 2);
  });

  /** @param lobbyBytesPerSecond of the lobby, to each reader */
  const serversWithRate = (lobbyBytesPerSecond: number): RendezvousHarness[] =>
    [1, 2].map((life) => {
      const newConnection = connectionNumbers(life);
      return new RendezvousHarness(
        { openLobbyLog: lobby.log.opener(life), newConnection, lobbyBytesPerSecond },
        `-${life}`,
      );
    });

  it("lets no more pass in the lobby than a reader gets, whichever server it comes from", () => {
    const rate = 2_048;
    lobby.servers = serversWithRate(rate);
    const authors = [0, 1].map((n) => Array.from({ length: 8 }, (_, i) => join(n, `author-${n}-${i}`)));
    let said = 0;
    for (let step = 0; step < 400; step++) {
      for (const [n, clients] of authors.entries()) {
        for (const client of clients) {
          if (client.isPaused) continue;
          lobby.servers[n]?.send(client, { type: "say", id: `m-${++said}`, text: "x".repeat(500) });
        }
        lobby.servers[n]?.pass(100);
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
    lobby.servers = serversWithRate(rate);
    const crowd = Array.from(
      { length: 2 * limits.fullRateReaders },
      (_, n) => lobby.servers[1]?.join(`reader-${n}`) ?? assert.fail(),
    );
    const flood = Array.from({ length: 8 }, (_, n) => join(0, `flood-${n}`));
    settle();
    // They need not read.
    const [author = assert.fail(), ...others] = crowd;
    for (const reader of others) lobby.servers[1]?.outbox.end(reader);
    let said = 0;
    const seconds = 30;
    for (let step = 0; step < 10 * seconds; step++) {
      for (const client of flood) {
        if (client.isPaused) continue;
        lobby.servers[0]?.send(client, { type: "say", id: `m-${++said}`, text: "x".repeat(500) });
      }
      if (!author.isPaused) lobby.servers[1]?.send(author, { type: "say", id: `a-${++said}`, text: "hello" });
      for (const server of lobby.servers) server.pass(100);
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
});
