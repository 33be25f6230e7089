import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

const card = { addresses: [{ host: "127.0.0.1", port: 4711 }], token: "T".repeat(22) };

describe("introductions", function () {
  this.timeout(20_000);
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

  it("pass the callee's card to the caller, and nothing to anyone else", async () => {
    const carmen = await TestClient.join(server.url, "carmen");
    anna.send({ type: "fork", id: "f-1", to: "BOBBY" });
    const invite = await bobby.until("invite");
    assert.deepEqual([invite.from, invite.expiresMs], ["anna", limits.introductionMs]);
    assert.match(invite.sid, /^[\w-]{22,}$/);
    bobby.send({ type: "accept", sid: invite.sid, card });
    assert.deepEqual(await anna.until("introduction"), {
      type: "introduction",
      id: "f-1",
      sid: invite.sid,
      to: "bobby",
      card,
    });
    assert.deepEqual(await carmen.settled(), []);
    assert.deepEqual(await bobby.settled(), []);
  });

  it("end with the callee's reason when it declines", async () => {
    for (const reason of ["in-session", "unavailable"] as const) {
      anna.send({ type: "fork", id: `f-${reason}`, to: "bobby" });
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

  it("end when the callee is gone", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby" });
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

  it("are void when the caller is gone", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby" });
    const { sid } = await bobby.next("invite");
    await anna.close();
    await bobby.next("left");
    bobby.send({ type: "accept", sid, card });
    assert.equal((await bobby.next("error")).code, "unknown-invite");
  });

  it("of each other at once become one: the second caller is told that they crossed", async () => {
    anna.send({ type: "fork", id: "f-a", to: "bobby" });
    const { sid } = await bobby.next("invite");
    bobby.send({ type: "fork", id: "f-b", to: "anna" });
    assert.deepEqual(await bobby.next("crossed"), { type: "crossed", id: "f-b", sid, to: "anna" });
    bobby.send({ type: "accept", sid, card });
    assert.equal((await anna.next("introduction")).sid, sid);
    assert.deepEqual(await anna.settled(), []);
    assert.deepEqual(await bobby.settled(), []);
  });

  it("with oneself, with nobody, or asked for twice are errors that bear the fork's id", async () => {
    anna.send({ type: "fork", id: "f-1", to: "Anna" });
    assert.deepEqual(pick(await anna.next("error")), { code: "self-fork", id: "f-1" });
    anna.send({ type: "fork", id: "f-2", to: "nobody.here" });
    assert.deepEqual(pick(await anna.next("error")), { code: "unknown-user", id: "f-2" });
    anna.send({ type: "fork", id: "f-3", to: "bobby" });
    anna.send({ type: "fork", id: "f-4", to: "bobby" });
    assert.deepEqual(pick(await anna.next("error")), { code: "fork-pending", id: "f-4" });
  });

  it("are limited in number while they wait for answers", async () => {
    for (let n = 0; n < limits.pendingForks; n++) {
      const { joined } = await TestClient.join(server.url, "guest");
      anna.send({ type: "fork", id: `f-${String(n)}`, to: joined.name });
    }
    anna.send({ type: "fork", id: "f-more", to: "bobby" });
    assert.deepEqual(pick(await anna.until("error")), { code: "too-many-forks", id: "f-more" });
  });

  it("cannot be answered by others, twice, or out of nothing", async () => {
    const carmen = await TestClient.join(server.url, "carmen");
    anna.send({ type: "fork", id: "f-1", to: "bobby" });
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

  it("with a card out of form are refused, and stay open for a right one", async () => {
    anna.send({ type: "fork", id: "f-1", to: "bobby" });
    const { sid } = await bobby.next("invite");
    for (const wrong of [
      { ...card, addresses: [] },
      { ...card, addresses: [{ host: "example.org", port: 1 }] },
      { ...card, addresses: [{ host: "::1", port: 65_536 }] },
      { ...card, token: "short" },
    ]) {
      bobby.send({ type: "accept", sid, card: wrong });
      assert.equal((await bobby.next("error")).code, "bad-message");
    }
    bobby.send({ type: "accept", sid, card });
    await anna.next("introduction");
  });
});

function pick({ code, id }: { code: string; id?: string }): { code: string; id: string | undefined } {
  return { code, id };
}
