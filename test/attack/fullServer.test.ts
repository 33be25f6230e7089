// Members of two addresses take every place of a server. People from other addresses still join, and members from small networks
// keep their places.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import type { RunningServer } from "../../server/createServer.ts";
import { openRaw, readUntil } from "../conformance/rawClient.ts";
import { startServer } from "../conformance/startServer.ts";
import { TestClient } from "../conformance/testClient.ts";
import { HonestPair } from "./honestPair.ts";

const PLACES = 32;
const ATTACKERS = ["127.0.51.1", "127.0.51.2"] as const;

describe("a server whose places are all taken by a few addresses", () => {
  let server: RunningServer;
  let attackers: TestClient[] = [];
  let strangers: Socket[] = [];

  beforeEach(async () => {
    server = await startServer({ clients: PLACES });
    attackers = [];
    strangers = [];
  });
  afterEach(async () => {
    for (const socket of strangers) socket.destroy();
    await server.stop();
  });

  const joinFrom = (name: string, localAddress: string): Promise<TestClient> =>
    TestClient.join(server.url, name, {}, undefined, { localAddress });

  /** All places but those of the pair, in halves. */
  async function fill(): Promise<void> {
    for (let n = 0; n < PLACES - 2; n++) {
      attackers.push(await joinFrom(`attacker-${n}`, ATTACKERS[n % 2] ?? ""));
    }
  }

  const attackersLeft = (): number => attackers.filter(({ ws }) => ws.readyState === ws.OPEN).length;

  it("admits others, who stay when the attackers return, and costs an honest pair no message", async () => {
    const pair = await HonestPair.meet(server.url, { localAddress: "127.0.51.3" });
    await fill();
    const carmen = await joinFrom("carmen", "127.0.51.4");
    const dora = await joinFrom("dora", "127.0.51.5");
    for (const [n, address] of ATTACKERS.entries()) {
      await assert.rejects(joinFrom(`again-${n}`, address), /1006/);
    }
    await pair.talk();
    carmen.send({ type: "say", id: "c-1", text: "hello" });
    assert.equal((await dora.until("said", ({ from }) => from === "carmen")).text, "hello");
    await pair.leave();
  });

  it("never drops a member in favor of strangers who do not join", async () => {
    const pair = await HonestPair.meet(server.url, { localAddress: "127.0.51.3" });
    await fill();
    for (let n = 0; n < 2 * PLACES; n++) {
      const socket = await openRaw(server.url, { localAddress: "127.0.51.6" });
      strangers.push(socket);
      await readUntil(socket, '"type":"challenge"');
    }
    await pair.talk();
    assert.equal(attackersLeft(), PLACES - 2);
    await pair.leave();
  });
});
