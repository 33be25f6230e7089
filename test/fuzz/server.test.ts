// The built server under fire: broken messages, broken bytes and broken requests, while two people talk. They lose nothing.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { joinRaw } from "../conformance/rawClient.ts";
import { TestClient } from "../conformance/testClient.ts";
import { client as samples } from "../support/rendezvousSamples.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { fuzz, LONG } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

/** Attackers one after the other, and what each may send before the server has had enough of it. */
const ATTACKERS = LONG ? 1000 : 60;
const FRAMES_EACH = 100;

describe("a server under fire", function () {
  let server: ServerProcess;
  let anna: TestClient;
  let bobby: TestClient;
  let words = 0;

  before(async () => {
    // Anna speaks as fast as attackers come and go.
    server = await ServerProcess.start("--messages-per-second", "10000");
    anna = await TestClient.join(server.url, "anna");
    bobby = await TestClient.join(server.url, "bobby");
  });

  afterEach(() => {
    assert.equal(server.child.exitCode, null);
    assert.doesNotMatch(server.stderr, /"level":"error"/u);
  });

  after(async () => {
    assert.equal((await server.stop()).code, 0);
  });

  /** Anna says something, and bobby hears it as the next of her words. */
  async function talk(): Promise<void> {
    const id = `anna-${++words}`;
    anna.send({ type: "say", id, text: `words ${words}` });
    await anna.until("ack", (ack) => ack.id === id);
    const said = await bobby.until("said", ({ from }) => from === "anna");
    assert.deepEqual([said.id, said.text], [id, `words ${words}`]);
  }

  fuzz(
    `answers broken messages, and lets the others talk (${ATTACKERS * FRAMES_EACH} frames)`,
    async (seed) => {
      const mutator = new Mutator(seed, Object.values(samples).flat());
      const codes = new Set<number>();
      for (let n = 0; n < ATTACKERS; n++) {
        const attacker = new TestClient(server.url);
        await attacker.next("challenge");
        // Some have joined, some have not.
        if (mutator.chance(0.7)) attacker.sendJoin(`attacker-${n}`);
        for (let sent = 0; sent < FRAMES_EACH; sent++) attacker.send(mutator.frame());
        await talk();
        codes.add((await attacker.close()).code);
      }
      for (const code of codes) assert.ok([1000, 1009, 4002].includes(code), `closed with ${code}`);
      await talk();
    },
  );

  fuzz(`cuts who sends bytes that are no frames (${ATTACKERS} connections)`, async (seed) => {
    const mutator = new Mutator(seed, Object.values(samples).flat());
    for (let n = 0; n < ATTACKERS; n++) {
      const socket = await joinRaw(server.url, `bytes-${n}`);
      const closed = once(socket, "close");
      socket.resume();
      socket.write(Buffer.from(Array.from({ length: 2 + mutator.below(400) }, () => mutator.below(256))));
      await talk();
      socket.end();
      await closed;
    }
  });

  fuzz(
    `refuses broken requests, at the lobby's door and at the relay's (${4 * ATTACKERS} requests)`,
    async (seed) => {
      const mutator = new Mutator(seed, []);
      const statuses = new Set<string>();
      for (let n = 0; n < 4 * ATTACKERS; n++) {
        const path = mutator.pick(["/", "/relay", "/?x", "/peer", "//", "*"]);
        let request =
          `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n" +
          `Authorization: Bearer ${mutator.pick(["T".repeat(22), "", "x y", "\u0000"])}\r\n\r\n`;
        do request = mutator.breakText(request);
        while (mutator.chance(0.3));
        const answer = await answerTo(request);
        statuses.add(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 101".length));
        assert.ok(!request.includes("/relay") || !answer.startsWith("HTTP/1.1 101"), JSON.stringify(request));
      }
      for (const status of statuses)
        assert.match(status, /^(|101|400|401|403|404|405|408|421|426|431|505)$/u);
      assert.ok(statuses.has("400") && statuses.has("401") && statuses.has("404"), [...statuses].join());
      await talk();
    },
  );

  /** The head of what is answered; empty when the connection is just ended. */
  async function answerTo(request: string): Promise<string> {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    const first = Promise.race([once(socket, "data"), once(socket, "close")]);
    // The end of what is sent ends the waiting for the rest of it.
    socket.end(Buffer.from(request, "latin1"));
    const [data] = (await first) as unknown[];
    socket.destroy();
    return Buffer.isBuffer(data) ? data.toString("latin1") : "";
  }
});
