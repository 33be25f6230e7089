// People who ask for one member again and again, with as much as a request may hold: cards of sixteen addresses.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { joinRaw } from "../conformance/rawClient.ts";
import type { TestClient } from "../conformance/testClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";
import { SlowReader } from "./slowReader.ts";

const KEYS = 12;
const HONEST = "127.0.0.2";
const card = {
  addresses: Array.from({ length: limits.addresses }, (_, n) => ({
    host: `2001:db8:1234:5678:9abc:def0:1234:${(0x1000 + n).toString(16)}`,
    port: 50_000 + n,
  })),
};

/** Bytes of everything else that a member gets: joins and messages of honest people, and honest forks. */
const OTHER_BYTES = 8 * 1024;

describe("people who ask for one member again and again", () => {
  let server: ServerProcess;
  let pair: HonestPair;
  let honest: TestClient;
  let slow: SlowReader;
  let crowd: TestClient[];

  beforeEach(async () => {
    server = await ServerProcess.start();
    crowd = [];
    pair = await HonestPair.meet(server.url, { localAddress: HONEST });
    honest = (await joinFrom(server.url, "honest", HONEST)).client;
  });
  afterEach(async () => {
    slow.stop();
    for (const { ws } of [...crowd, honest]) ws.terminate();
    await pair.leave();
    await server.stop("SIGKILL");
  });

  /** All ask for one member, who has a slow line, as often as their keys may; what it reads until an honest one has reached it. */
  async function askFrom(addresses: readonly string[]): Promise<{ bytes: number; seconds: number }> {
    for (let n = 0; n < KEYS; n++) {
      const { client } = await joinFrom(server.url, `m${n}`, addresses[n % addresses.length] ?? "");
      crowd.push(client);
    }
    slow = new SlowReader(await joinRaw(server.url, "slow"));
    const startedAt = performance.now();
    for (const client of crowd) {
      for (let n = 0; n < limits.reachBurst; n++)
        client.send({ type: "reach", id: `r-${n}`, sid: "session-1", to: "slow", card });
      for (let n = 0; n < limits.forkBurst; n++)
        client.send({ type: "fork", id: `f-${n}`, to: "slow", card });
    }
    // There are no further answers once this one has come.
    for (const client of crowd) await client.settled();
    const heard = slow.hears('"session-2"');
    honest.send({ type: "reach", id: "h-1", sid: "session-2", to: "slow", card });
    assert.equal((await honest.oneOf("reaching", "error")).type, "reaching");
    await pair.talk();
    await heard;
    return { bytes: slow.bytes, seconds: (performance.now() - startedAt) / 1_000 };
  }

  it("can send it only a bounded number of bytes from one address, and don't stop others from reaching it", async () => {
    const { bytes, seconds } = await askFrom(["127.0.0.3"]);
    const most = limits.approachBurstBytes + limits.approachBytesPerSecond * seconds + OTHER_BYTES;
    assert.ok(bytes <= most, `${bytes} bytes in ${seconds.toFixed(2)} s`);
  });

  it("can send it only the overall limit of bytes from many addresses, and don't stop others from reaching it", async () => {
    const { bytes, seconds } = await askFrom(Array.from({ length: KEYS }, (_, n) => `127.0.1.${n + 1}`));
    // What each network may send whatever the others do comes on top.
    const most =
      limits.allApproachesBurstBytes +
      limits.allApproachesBytesPerSecond * seconds +
      (KEYS * limits.approachBurstBytes) / 16 +
      OTHER_BYTES;
    assert.ok(bytes <= most, `${bytes} bytes in ${seconds.toFixed(2)} s`);
  });
});
