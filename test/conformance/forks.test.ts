import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { FakeTimers } from "../support/fakeTimers.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { startServer } from "./startServer.ts";
import { TestClient } from "./testClient.ts";

const card = { addresses: [{ host: "192.168.1.20", port: 4711 }] };
const callerCard = { addresses: [{ host: "192.168.1.7", port: 4712 }] };

describe("introductions", () => {
  let server: ServerProcess;
  let anna: TestClient;
  let bobby: TestClient;
  beforeEach(async () => {
    server = await ServerProcess.start();
    anna = await TestClient.join(server.url, "anna");
    bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
  });
  afterEach(() => server.stop());

  it("tell both sides who and where the other is, after consent, and no one else", async () => {
    const carmen = await TestClient.join(server.url, "carmen");
    anna.send({ type: "fork", id: "f-1", to: "BOBBY", card: callerCard });
    const invite = await bobby.until("invite");
    assert.deepEqual(
      [invite.from, invite.pin, invite.expiresMs],
      ["anna", anna.key.pin, limits.introductionMs],
    );
    assert.match(invite.sid, /^[\w-]{22,}$/);
    assert.ok(!JSON.stringify(invite).includes("192.168"), "nobody's address is told before consent");
    bobby.send({ type: "accept", sid: invite.sid, card });
    const [toAnna, toBobby] = [await anna.until("introduction"), await bobby.until("introduction")];
    assert.deepEqual(without(toAnna, "ticket"), {
      type: "introduction",
      sid: invite.sid,
      role: "A",
      peer: { name: "bobby", pin: bobby.key.pin, card },
      id: "f-1",
    });
    assert.deepEqual(without(toBobby, "ticket"), {
      type: "introduction",
      sid: invite.sid,
      role: "B",
      peer: { name: "anna", pin: anna.key.pin, card: callerCard },
    });
    assert.ok(
      toAnna.ticket !== undefined && toBobby.ticket !== undefined && toAnna.ticket !== toBobby.ticket,
    );
    assert.deepEqual(await carmen.settled(), []);
    assert.deepEqual(await bobby.settled(), []);
  });

  it("end with the callee's reason when it declines", async () => {
    for (const reason of ["in-session", "unavailable", "declined"] as const) {
      anna.send({ type: "fork", id: `f-${reason}`, to: "bobby", card: callerCard });
      const { sid } = await bobby.next("invite");
      bobby.send({ type: "decline", sid, reason });
      assert.deepEqual(await anna.next("declined"), {
        type: "declined",
        id: `f-${reason}`,
        to: "bobby",
        reason,
      });
    }
  });

  it("end when the callee leaves", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby", card: callerCard });
    await bobby.next("invite");
    await bobby.close();
    assert.equal((await anna.next("left")).name, "bobby");
    assert.deepEqual(await anna.next("declined"), {
      type: "declined",
      id: "f-1",
      to: "bobby",
      reason: "gone",
    });
  });

  it("are void when the caller leaves", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby", card: callerCard });
    const { sid } = await bobby.next("invite");
    await anna.close();
    await bobby.next("left");
    bobby.send({ type: "accept", sid, card });
    assert.equal((await bobby.next("error")).code, "unknown-invite");
  });

  it("in both directions at once become one, with consent from both", async () => {
    anna.send({ type: "fork", id: "f-a", to: "bobby", card: callerCard });
    const { sid } = await bobby.next("invite");
    bobby.send({ type: "fork", id: "f-b", to: "anna", card });
    const [toAnna, toBobby] = [await anna.next("introduction"), await bobby.next("introduction")];
    assert.deepEqual([toAnna.sid, toAnna.role, toAnna.id, toAnna.peer.card], [sid, "A", "f-a", card]);
    assert.deepEqual(
      [toBobby.sid, toBobby.role, toBobby.id, toBobby.peer.card],
      [sid, "B", "f-b", callerCard],
    );
    bobby.send({ type: "accept", sid, card });
    assert.equal((await bobby.next("error")).code, "unknown-invite");
    assert.deepEqual(await anna.settled(), []);
  });

  it("end when the caller cancels, and can be requested again at once", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby", card: callerCard });
    const { sid } = await bobby.next("invite");
    anna.send({ type: "withdraw", id: "f-1" });
    assert.deepEqual(await bobby.next("withdrawn"), { type: "withdrawn", sid });
    const reason = "withdrawn";
    assert.deepEqual(await anna.next("declined"), { type: "declined", id: "f-1", to: "bobby", reason });
    bobby.send({ type: "accept", sid, card });
    assert.equal((await bobby.next("error")).code, "unknown-invite");
    // Nor does it stand for anna's consent any more.
    bobby.send({ type: "fork", id: "f-2", to: "anna", card });
    await anna.next("invite");
    anna.send({ type: "fork", id: "f-3", to: "bobby", card: callerCard });
    assert.equal((await anna.next("introduction")).id, "f-3");
  });

  it("can be canceled by no one else, and not once they are answered", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby", card: callerCard });
    const { sid } = await bobby.next("invite");
    bobby.send({ type: "withdraw", id: "f-1" });
    anna.send({ type: "withdraw", id: "f-9" });
    assert.deepEqual([await anna.settled(), await bobby.settled()], [[], []]);
    bobby.send({ type: "accept", sid, card });
    await anna.next("introduction");
    await bobby.next("introduction");
    anna.send({ type: "withdraw", id: "f-1" });
    assert.deepEqual([await anna.settled(), await bobby.settled()], [[], []]);
  });

  it("with oneself, with an unknown name, or requested twice are errors with the fork's id", async () => {
    anna.send({ type: "fork", id: "f-1", to: "Anna", card: callerCard });
    assert.deepEqual(pick(await anna.next("error")), { code: "self-fork", id: "f-1" });
    anna.send({ type: "fork", id: "f-2", to: "nobody.here", card: callerCard });
    assert.deepEqual(pick(await anna.next("error")), { code: "unknown-user", id: "f-2" });
    anna.send({ type: "fork", id: "f-3", to: "bobby", card: callerCard });
    anna.send({ type: "fork", id: "f-4", to: "bobby", card: callerCard });
    assert.deepEqual(pick(await anna.next("error")), { code: "fork-pending", id: "f-4" });
  });

  it("are limited in number, and an answered one makes room", async () => {
    const guests: TestClient[] = [];
    for (let n = 0; n <= limits.pendingForks; n++) {
      const guest = await TestClient.join(server.url, "guest");
      guests.push(guest);
      anna.send({ type: "fork", id: `f-${String(n)}`, to: guest.joined.name, card: callerCard });
    }
    const last = `f-${String(limits.pendingForks)}`;
    assert.deepEqual(pick(await anna.until("error")), { code: "too-many-forks", id: last });
    const [first] = guests;
    assert.ok(first !== undefined);
    const { sid } = await first.until("invite");
    first.send({ type: "decline", sid, reason: "declined" });
    await anna.until("declined");
    anna.send({ type: "fork", id: "f-again", to: "bobby", card: callerCard });
    assert.equal((await bobby.until("invite")).from, "anna");
  });

  it("are limited per key", () =>
    // However slow the machine is, no fork is forgiven meanwhile.
    FakeTimers.during(async () => {
      const server = await startServer({});
      const keen = await TestClient.join(server.url, "keen");
      const guest = await TestClient.join(server.url, "guest");
      for (let n = 0; n < limits.forkBurst; n++) {
        keen.send({ type: "fork", id: `f-${String(n)}`, to: "guest", card: callerCard });
        const { sid } = await guest.until("invite");
        guest.send({ type: "decline", sid, reason: "declined" });
        await keen.until("declined");
      }
      keen.send({ type: "fork", id: "f-more", to: "guest", card: callerCard });
      const error = await keen.until("error");
      assert.deepEqual(pick(error), { code: "rate-limited", id: "f-more" });
      assert.equal(
        error.retryMs,
        1_000 / limits.forksPerSecond,
        "the key, not the connection, has used up its forks",
      );
      await server.stop();
    }));

  it("cannot be answered by others, twice, or without a request", async () => {
    const carmen = await TestClient.join(server.url, "carmen");
    anna.send({ type: "fork", id: "f-1", to: "bobby", card: callerCard });
    const { sid } = await bobby.until("invite");
    for (const stranger of [carmen, anna]) {
      stranger.send({ type: "accept", sid, card });
      assert.equal((await stranger.until("error")).code, "unknown-invite");
    }
    bobby.send({ type: "accept", sid, card });
    await anna.until("introduction");
    bobby.send({ type: "decline", sid, reason: "unavailable" });
    assert.equal((await bobby.until("error")).code, "unknown-invite");
  });

  it("with an invalid card are rejected, and stay open for a valid one", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby", card: callerCard });
    const { sid } = await bobby.next("invite");
    for (const wrong of [
      { addresses: Array.from({ length: 17 }, () => ({ host: "10.0.0.1", port: 1 })) },
      { ...card, addresses: [{ host: "example.org", port: 1 }] },
      { ...card, addresses: [{ host: "::1", port: 65_536 }] },
      {},
    ]) {
      bobby.send({ type: "accept", sid, card: wrong });
      assert.equal((await bobby.next("error")).code, "bad-message");
    }
    bobby.send({ type: "accept", sid, card });
    await anna.next("introduction");
  });
});

/** A copy without one of its fields. */
function without(message: object, field: string): object {
  return Object.fromEntries(Object.entries(message).filter(([name]) => name !== field));
}

function pick({ code, id }: { code: string; id?: string }): { code: string; id: string | undefined } {
  return { code, id };
}
