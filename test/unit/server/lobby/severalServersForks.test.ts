// Forks, their answers and other introductions, where several servers share a lobby.
import assert from "node:assert/strict";
import * as v from "valibot";
import { Errand } from "../../../../protocol/cluster.ts";
import { limits } from "../../../../protocol/limits.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";
import { joined, SharedLobby, types } from "../../../support/sharedLobby.ts";

describe("a server among several", () => {
  const lobby = new SharedLobby();
  const { join, send, settle } = lobby;

  it("ends a fork in time whose server is gone", () => {
    const anna = join(0, "anna");
    const bobby = join(1, "bobby");
    send(0, anna, { type: "fork", id: "f-1", to: "bobby", card: { addresses: [] } });
    assert.ok(types(bobby).includes("invite"));
    const again = join(1, "anna", anna);
    again.take();
    lobby.servers.splice(0, 1, new RendezvousHarness());
    lobby.servers[1]?.pass(limits.introductionMs);
    lobby.log.deliver(2);
    lobby.servers[1]?.outbox.flush();
    assert.deepEqual(
      again.take().map((message) => message.type === "declined" && [message.id, message.reason]),
      [["f-1", "timeout"]],
    );
  });

  it("does not bother the others with answers to invitations that there are not", () => {
    const anna = join(0, "anna");
    const before = lobby.log.size;
    send(0, anna, { type: "accept", sid: "session-of-no-one-22ch", card: { addresses: [] } });
    send(0, anna, { type: "decline", sid: "session-of-no-one-22ch", reason: "declined" });
    assert.equal(lobby.log.size, before);
    assert.deepEqual(
      anna.failures.map(({ code }) => code),
      ["unknown-invite", "unknown-invite"],
    );
  });

  it("counts the withdrawal of nothing as a fork", () => {
    const anna = join(0, "anna");
    const before = lobby.log.size;
    for (let n = 0; n <= limits.forkBurst; n++) send(0, anna, { type: "withdraw", id: `f-${n}` });
    assert.equal(lobby.log.size - before, limits.forkBurst);
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
        const before = lobby.log.size;
        const message =
          answer === "accept"
            ? ({ type: "accept", sid, card } as const)
            : ({ type: "decline", sid, reason: "declined" } as const);
        for (let n = 0; n < 20; n++) lobby.servers[1]?.send(bobby, message);
        assert.equal(lobby.log.size - before, 1);
        assert.deepEqual(new Set(bobby.failures.map(({ code }) => code)), new Set(["unknown-invite"]));
        assert.equal(bobby.failures.length, 19);
        settle();
        if (answer === "decline") assert.ok(types(anna).includes("declined"));
        else assert.equal(lobby.log.size - before, 1);
      });
    }

    it("takes one withdrawal to the others", () => {
      const before = lobby.log.size;
      for (let n = 0; n < 20; n++) lobby.servers[0]?.send(anna, { type: "withdraw", id: "f-1" });
      assert.equal(lobby.log.size - before, 1);
      settle();
      assert.deepEqual(
        types(bobby).filter((type) => type !== "joined"),
        ["withdrawn"],
      );
      assert.deepEqual(anna.failures, []);
    });

    it("takes the answer of a new connection, if that of the old one was not decided", () => {
      const { resume } = joined(bobby);
      const elsewhere = lobby.servers[0]?.join("bobby", { resume }, bobby.key) ?? assert.fail();
      lobby.servers[1]?.send(bobby, { type: "accept", sid, card });
      settle();
      const back = join(1, "bobby", elsewhere);
      const before = lobby.log.size;
      lobby.servers[1]?.send(back, { type: "accept", sid, card });
      assert.equal(lobby.log.size - before, 1);
      assert.deepEqual(back.failures, []);
    });
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
      lobby.servers[1]?.rendezvous.asked(v.parse(Errand, errand));
      lobby.servers[1]?.outbox.flush();
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
    lobby.servers = [1, 2].map(
      (life) =>
        new RendezvousHarness({
          ...{ openLobbyLog: lobby.log.opener(life), newConnection: connectionNumbers(life) },
          others: { ask: (_connection, errand) => void asked.push(errand) },
        }),
    );
    const [here, elsewhere] = ["192.0.2.1", "198.51.100.1"];
    const bobby = lobby.servers[0]?.join("bobby", {}, undefined, here) ?? assert.fail();
    const anna = lobby.servers[1]?.join("anna", {}, undefined, here) ?? assert.fail();
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
    lobby.servers[1]?.join("anna", { resume: joined(anna).resume }, anna.key, elsewhere);
    settle();
    send(0, bobby, { ...reach, id: "r-2" });
    assert.deepEqual(
      asked.map((errand) => errand.type === "tell" && errand.message.type === "reach" && errand.message.near),
      [true, undefined],
    );
  });
});
