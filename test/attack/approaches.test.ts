// People who ask for one member again and again, with as much as a request may hold: cards of sixteen addresses.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { joinRaw } from "../conformance/rawClient.ts";
import type { TestClient } from "../conformance/testClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";
import { SlowReader } from "./slowReader.ts";

const KEYS = 60;
const HONEST = "127.0.0.2";
const card = {
  addresses: Array.from({ length: limits.addresses }, (_, n) => ({
    host: `2001:db8:1234:5678:9abc:def0:1234:${(0x1000 + n).toString(16)}`,
    port: 50_000 + n,
  })),
};

describe("people who ask for one member again and again", function () {
  this.timeout(20_000);
  let server: ServerProcess;
  let crowd: TestClient[];

  beforeEach(async () => {
    server = await ServerProcess.start();
    crowd = [];
    for (let n = 0; n < KEYS; n++) crowd.push((await joinFrom(server.url, `m${n}`, "127.0.0.3")).client);
  });
  afterEach(async () => {
    for (const { ws } of crowd) ws.terminate();
    await server.stop("SIGKILL");
  });

  it("have a slow reader told a bounded number of bytes, and keep nobody else from reaching it", async () => {
    const pair = await HonestPair.meet(server.url, { localAddress: HONEST });
    const { client: honest } = await joinFrom(server.url, "honest", HONEST);
    const slow = new SlowReader(await joinRaw(server.url, "slow"));
    const startedAt = performance.now();
    const before = slow.bytes;
    for (const client of crowd) {
      for (let n = 0; n < limits.reachBurst; n++)
        client.send({ type: "reach", id: `r-${n}`, sid: "session-1", to: "slow", card });
      for (let n = 0; n < limits.forkBurst; n++)
        client.send({ type: "fork", id: `f-${n}`, to: "slow", card });
    }
    for (const client of crowd) {
      for (;;) {
        const { id } = await client.oneOf("reaching", "error");
        if (id === `f-${limits.forkBurst - 1}`) break;
      }
    }
    const heard = slow.hears('"session-2"');
    honest.send({ type: "reach", id: "h-1", sid: "session-2", to: "slow", card });
    assert.equal((await honest.oneOf("reaching", "error")).type, "reaching");
    await pair.talk();
    await heard;
    const seconds = (performance.now() - startedAt) / 1_000;
    const most = limits.approachBurstBytes + limits.approachBytesPerSecond * seconds + 8 * 1024;
    assert.ok(slow.bytes - before <= most, `${slow.bytes - before} bytes in ${seconds.toFixed(2)} s`);
    slow.stop();
    await pair.leave();
  });
});
