// Newcomers who join, and never read what they are welcomed with. Loopback would take all of an ordinary welcome into the
// systems' buffers; here it is as large as elsewhere a lobby of many thousands would make it.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { clientFrame, openRaw, readUntil } from "../conformance/rawClient.ts";
import { startServer } from "../conformance/startServer.ts";
import { TestClient } from "../conformance/testClient.ts";
import { limits, PROTOCOL_VERSION } from "../../protocol/limits.ts";
import type { RunningServer } from "../../server/createServer.ts";
import { TestKey } from "../support/testKey.ts";
import { HonestPair } from "./honestPair.ts";

const ATTACKER = "127.0.0.2";
/** Few enough for the budget of what one network is welcomed with. */
const ATTACKERS = 20;
const MESSAGES = 500;

/** Milliseconds between two looks at who is still there. */
const POLL_MS = 20;

/** Of one welcome, at least. */
const WELCOME_BYTES = MESSAGES * limits.textBytes;
const MOST_UNREAD = Math.ceil(limits.unreadBytes / WELCOME_BYTES);

describe("newcomers who read nothing", () => {
  let server: RunningServer;
  const sockets: Socket[] = [];

  before(async () => {
    server = await startServer({
      ...{ historyBytes: 2 * WELCOME_BYTES, newcomerMessages: MESSAGES },
      ...{ framesPerSecond: 10_000, lobbyBytesPerSecond: 2 ** 30, maxBacklog: 2 ** 30 },
      // Only the bound on all of them together may cut a client, not the time to read one.
      handshakeMs: 600_000,
    });
    const talker = await TestClient.join(server.url, "talker");
    for (let n = 0; n < MESSAGES; n++) {
      talker.send({ type: "say", id: `m-${String(n)}`, text: "x".repeat(limits.textBytes) });
      await talker.until("ack");
    }
    await talker.close();
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  });

  /** Joins, and reads nothing after the challenge. */
  async function joinDeaf(name: string): Promise<void> {
    const socket = await openRaw(server.url, { localAddress: ATTACKER });
    sockets.push(socket);
    const challenge = await readUntil(socket, '"type":"challenge"');
    socket.pause();
    const nonce = /"nonce":"([\w-]+)"/.exec(challenge)?.[1] ?? "";
    const proof = new TestKey().proof(new URL(server.url).host, nonce, name);
    socket.write(clientFrame(0x81, JSON.stringify({ type: "join", v: PROTOCOL_VERSION, name, ...proof })));
  }

  async function deafOnline(witness: TestClient): Promise<number> {
    witness.send({ type: "users" });
    const { items } = await witness.until("users");
    return items.filter(({ name }) => name.startsWith("deaf")).length;
  }

  it("hold little memory together: only the oldest of them are cut", async () => {
    const pair = await HonestPair.meet(server.url);
    const witness = await TestClient.join(server.url, "witness");
    for (let n = 0; n < ATTACKERS; n++) {
      await joinDeaf(`deaf${String(n)}`);
      await witness.until("arrived", ({ name }) => name === `deaf${String(n)}`);
      if (n % 10 === 0) await pair.talk();
    }
    const neighbour = await TestClient.join(server.url, "neighbour", {}, undefined, {
      localAddress: ATTACKER,
    });
    assert.equal(neighbour.joined.missed, MESSAGES);
    for (let n = 0; n < MESSAGES; n++) await neighbour.until("said");
    // Those that are cut leave a moment later.
    while ((await deafOnline(witness)) > MOST_UNREAD) await sleep(POLL_MS);
    await neighbour.settled();
    await pair.talk();
    await pair.leave();
    await Promise.all([witness, neighbour].map((client) => client.close()));
  });
});
