// Joining and reconnecting, where several servers share a lobby and one of them knows less than the others for a while.
import assert from "node:assert/strict";
import * as v from "valibot";
import type { Command } from "../../../../protocol/cluster.ts";
import { Pin, Token } from "../../../../protocol/fields.ts";
import { connectionNumbers } from "../../../../server/hall/connectionNumbers.ts";
import type { OpenLobbyLog } from "../../../../server/hall/lobbyLog.ts";
import { tokenDigest } from "../../../../server/names/member.ts";
import { limits } from "../../../../protocol/limits.ts";
import { MemoryLog } from "../../../support/memoryLog.ts";
import { RendezvousHarness, type FakeClient } from "../../../support/rendezvousHarness.ts";
import { joined, SharedLobby, types } from "../../../support/sharedLobby.ts";

describe("a server among several", () => {
  const lobby = new SharedLobby();
  const { join, again, settle } = lobby;

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
    lobby.servers[0]?.disconnect(anna, "lost");
    lobby.servers[1]?.join("anna", { resume }, anna.key);
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

  describe("that stops or dies while a join is on its way to the hall", () => {
    /** Stops it as a drain does: its clients are closed, and stay members. */
    function drain(...clients: readonly FakeClient[]): void {
      lobby.servers[0]?.rendezvous.keepMembers();
      for (const client of clients) {
        client.close(1001);
        lobby.servers[0]?.rendezvous.disconnected(client, "lost");
      }
    }

    it("keeps a member that has come back, whom another server lets resume", () => {
      const anna = join(1, "anna");
      const { resume } = joined(anna);
      const bobby = join(1, "bobby");
      const waiting = lobby.servers[0]?.join("anna", { resume }, anna.key) ?? assert.fail();
      drain(waiting);
      settle();
      bobby.take();
      const back = again(1, anna, resume);
      assert.equal(joined(back).name, "anna");
      assert.deepEqual(types(bobby), [], "no one has left or arrived");
    });

    it("lets someone new have the name elsewhere, who has learned of no token", () => {
      const waiting = lobby.servers[0]?.join("anna") ?? assert.fail();
      drain(waiting);
      settle();
      const { key } = waiting;
      const back = lobby.servers[1]?.join("anna", {}, key) ?? assert.fail();
      settle();
      assert.equal(joined(back).name, "anna");
    });

    it("does not stand in the way of a client that comes to another server before the answer", () => {
      const anna = join(0, "anna");
      const { resume } = joined(anna);
      const bobby = join(1, "bobby");
      lobby.servers[0]?.join("anna", { resume }, anna.key);
      // Server 0 dies: it reads no more of the lobby.log.
      lobby.servers.splice(0, 1, new RendezvousHarness());
      bobby.take();
      const back = again(1, anna, resume);
      assert.equal(joined(back).name, "anna");
      assert.deepEqual(types(bobby), [], "no one has left or arrived");
    });
  });

  it("lets no more people in together than a client takes in a list, and none of a network that has most places", () => {
    lobby.log = new MemoryLog(() => 1_790_000_000_000);
    lobby.servers = [
      new RendezvousHarness({
        openLobbyLog: lobby.log.opener(1),
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
    for (const each of others) lobby.log.append(each);
    settle();
    const [last, late] = ["anna", "bobby"].map((name) => {
      const client = lobby.servers[0]?.join(name, {}, undefined, "192.0.2.1") ?? assert.fail();
      settle();
      return client;
    });
    assert.ok(last?.open);
    assert.deepEqual(late?.failures, [{ code: "rate-limited", id: undefined }]);
    assert.ok(types(join(0, "carla")).includes("joined"));
    assert.deepEqual(last.failures, [{ code: "1013", id: undefined }]);
    assert.equal(lobby.servers[0]?.rendezvous.here, 1);
    assert.equal(lobby.servers[0].rendezvous.snapshot().registry.here.length, limits.clients);
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
