import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "./testClient.ts";

describe("the lobby", () => {
  let server: ServerProcess;
  beforeEach(async () => {
    server = await ServerProcess.start();
  });
  afterEach(() => server.stop());

  it("greets each connection with its version, epoch, reach and limits", async () => {
    const client = new TestClient(server.url);
    const challenge = await client.next("challenge");
    assert.equal(challenge.v, 2);
    assert.match(challenge.nonce, /^[\w-]{22,}$/);
    assert.deepEqual([challenge.relay, challenge.token], [true, false]);
    assert.equal(challenge.reach, "loopback");
    assert.deepEqual(challenge.limits, {
      frameBytes: limits.frameBytes,
      textBytes: limits.textBytes,
      framesPerSecond: limits.framesPerSecond,
      partBytes: limits.partBytes,
    });
    const other = await new TestClient(server.url).next("challenge");
    assert.equal(other.epoch, challenge.epoch);
    assert.notEqual(other.nonce, challenge.nonce);
  });

  it("sends a newcomer the list of users in order of arrival, and announces the newcomer to the others", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    assert.deepEqual(anna.joined.users, [{ name: "anna" }]);
    assert.deepEqual(bobby.joined.users, [{ name: "anna" }, { name: "bobby" }]);
    assert.deepEqual(bobby.joined.you, { address: "127.0.0.1" });
    assert.deepEqual([bobby.joined.seq, bobby.joined.missed, bobby.joined.gap], [0, 0, false]);
    assert.deepEqual(await anna.next("arrived"), { type: "arrived", name: "bobby" });
    assert.deepEqual(await bobby.settled(), []);
  });

  it("numbers messages, acknowledges them to their author and delivers them to the others once", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    await anna.next("arrived");
    anna.send({ type: "say", id: "a-1", text: "first\nline \u{1f600}" });
    const ack = await anna.next("ack");
    assert.deepEqual(await bobby.next("said"), {
      type: "said",
      seq: 1,
      at: ack.at,
      from: "anna",
      pin: anna.key.pin,
      id: "a-1",
      text: "first\nline \u{1f600}",
    });
    assert.deepEqual([ack.id, ack.seq], ["a-1", 1]);
    bobby.send({ type: "say", id: "a-1", text: "an id is its author's own" });
    assert.equal((await bobby.next("ack")).seq, 2);
    assert.equal((await anna.next("said")).seq, 2);
    assert.deepEqual(await anna.settled(), []);
    assert.deepEqual(await bobby.settled(), []);
  });

  it("acknowledges a resent message with its first number and does not deliver it again", async () => {
    const anna = await TestClient.join(server.url, "anna");
    anna.send({ type: "say", id: "a-1", text: "once" });
    const first = await anna.next("ack");
    await anna.close(4999);
    const bobby = await TestClient.join(server.url, "bobby");
    await bobby.next("said");
    const { epoch, resume } = anna.joined;
    const back = { resume, lastSeen: { epoch, seq: 1 } };
    const again = await TestClient.join(server.url, "anna", back, anna.key);
    again.send({ type: "say", id: "a-1", text: "once" });
    assert.deepEqual(await again.next("ack"), first);
    await bobby.next("arrived");
    assert.deepEqual(await bobby.settled(), []);
  });

  it("rejects a text that cannot be encoded in UTF-8", async () => {
    const anna = await TestClient.join(server.url, "anna");
    anna.ws.send('{"type":"say","id":"a-1","text":"half \\ud800 a character"}');
    assert.equal((await anna.next("error")).code, "bad-message");
  });

  it("keeps the order of messages from several authors the same for everyone", async () => {
    const authors = await Promise.all(
      ["anna", "bobby", "carmen"].map((name) => TestClient.join(server.url, name)),
    );
    const reader = await TestClient.join(server.url, "dora");
    for (let n = 0; n < 20; n++) {
      for (const author of authors)
        author.send({ type: "say", id: `m-${String(n)}`, text: `number ${String(n)}` });
    }
    const read: string[] = [];
    for (let seq = 1; seq <= 60; seq++) {
      const said = await reader.next("said");
      assert.equal(said.seq, seq);
      read.push(`${said.from} ${said.id}`);
    }
    for (const author of authors) {
      const seen: string[] = [];
      while (seen.length < 60) {
        for (const message of await author.settled()) {
          if (message.type === "said") seen[message.seq - 1] = `${message.from} ${message.id}`;
          else if (message.type === "ack") seen[message.seq - 1] = `${author.joined.name} ${message.id}`;
        }
      }
      assert.deepEqual(seen, read);
    }
  });

  it("sends the list of users on request", async () => {
    const anna = await TestClient.join(server.url, "anna");
    const bobby = await TestClient.join(server.url, "bobby");
    anna.send({ type: "users" });
    await anna.next("arrived");
    assert.deepEqual(await anna.next("users"), {
      type: "users",
      items: [{ name: "anna" }, { name: "bobby" }],
    });
    await anna.close();
    await bobby.until("left");
    bobby.send({ type: "users" });
    assert.deepEqual((await bobby.next("users")).items, [{ name: "bobby" }]);
  });

  it("says how someone left: quit, closed or lost", async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    for (const [code, reason, name] of [
      [1000, "quit", "quitter"],
      [1001, "closed", "closer"],
      [4000, "lost", "rude"],
      [undefined, "lost", "vanished"],
    ] as const) {
      const guest = await TestClient.join(server.url, name);
      if (code === undefined) guest.ws.terminate();
      else guest.ws.close(code);
      await watcher.next("arrived");
      assert.deepEqual(await watcher.next("left"), { type: "left", name, reason });
    }
  });

  it("frees a name when its client leaves", async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    const first = await TestClient.join(server.url, "anna");
    await first.close();
    await watcher.until("left");
    assert.equal((await TestClient.join(server.url, "anna")).joined.name, "anna");
  });

  it("sends nothing about the lobby to a connection that has not joined", async () => {
    const outsider = new TestClient(server.url);
    await outsider.next("challenge");
    const anna = await TestClient.join(server.url, "anna");
    anna.send({ type: "say", id: "a-1", text: "for members" });
    await anna.next("ack");
    outsider.send({ type: "users" });
    assert.equal((await outsider.next("error")).code, "not-joined");
  });

  it("writes no text, id or token to its log", async () => {
    const anna = await TestClient.join(server.url, "anna");
    anna.send({ type: "say", id: "id-in-no-log", text: "text-in-no-log" });
    await anna.next("ack");
    await anna.close();
    const { stderr } = await server.stop();
    const lines = stderr.trim().split("\n");
    assert.ok(lines.length >= 3);
    for (const line of lines)
      assert.match(line, /^\{"at":"[^"]+","level":"(info|warn|error)","event":"[a-z-]+"/);
    for (const secret of ["id-in-no-log", "text-in-no-log", anna.joined.resume]) {
      assert.equal(stderr.includes(secret), false);
    }
  });
});
