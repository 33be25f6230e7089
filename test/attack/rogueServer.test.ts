// A rogue server in front of a real one, with a victim that joins it.
import assert from "node:assert/strict";
import { TestClient } from "../conformance/testClient.ts";
import { RogueServer } from "../support/rogueServer.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { HonestPair } from "./honestPair.ts";

describe("a rogue server that forwards joins", () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());

  it("impersonates no one at the real server, with any Host, and costs honest people no message", async () => {
    const pair = await HonestPair.meet(server.url);
    const realHost = new URL(server.url).host;
    for (const host of [undefined, () => realHost, () => "localhost", () => `[::1]:${server.port}`]) {
      const rogue = await RogueServer.start(server.url, { host: "127.0.0.1" }, host);
      const victim = new TestClient(`ws://127.0.0.1:${rogue.port}`);
      const joining = victim.next("challenge").then(() => victim.sendJoin("carmen"));
      await Promise.allSettled([joining, victim.closed]);
      const [visit] = await rogue.visits();
      assert.ok(visit?.received.includes("joined") === false);
      await rogue.stop();
      await pair.talk();
    }
    await pair.leave();
  });
});
