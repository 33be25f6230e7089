// People who make the server forget what an honest client has said: its message, sent again, would be told twice.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import { TestClient } from "../conformance/testClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";

const BURST = limits.framesPerSecond * limits.burstSeconds;

describe("a message that is sent again", function () {
  this.timeout(60_000);
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop("SIGKILL"));

  it("is told once, whatever others have said and how often they have joined meanwhile", async () => {
    const pair = await HonestPair.meet(server.url, { localAddress: "127.0.0.2" });
    const options = { localAddress: "127.0.0.2" };
    const carmen = await TestClient.join(server.url, "carmen", {}, undefined, options);
    carmen.send({ type: "say", id: "carmen-1", text: "told once" });
    const { seq } = await carmen.until("ack");
    carmen.ws.terminate();
    for (let key = 0; key * (BURST - 20) <= limits.historyMessages; key++) {
      const { client } = await joinFrom(server.url, `m${key}`, "127.0.0.3");
      for (let n = 0; n < BURST - 20; n++) client.send({ type: "say", id: `m-${n}`, text: "x" });
      await client.until("ack", ({ id }) => id === `m-${BURST - 21}`);
      await client.close();
    }
    const { resume } = carmen.joined;
    const again = await TestClient.join(server.url, "carmen", { resume }, carmen.key, options);
    again.send({ type: "say", id: "carmen-1", text: "told once" });
    assert.equal((await again.until("ack")).seq, seq);
    await pair.talk();
    await pair.leave();
  });
});
