// Members who ask many others for private sessions and get no answer, each with a card of sixteen addresses: what the server
// remembers of them is bounded, and a neighbor's request stands.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import type { TestClient } from "../conformance/testClient.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";

const ADDRESS = "127.0.0.3";
const KEYS = limits.openForksPerAddress / limits.pendingForks + 16;
const card = {
  addresses: Array.from({ length: limits.addresses }, (_, n) => ({
    host: `2001:db8:1234:5678:9abc:def0:1234:${(0x1000 + n).toString(16)}`,
    port: 50_000 + n,
  })),
};

describe("unanswered requests for private sessions", function () {
  this.timeout(60_000);
  let server: ServerProcess;
  let pair: HonestPair;
  before(async () => {
    server = await ServerProcess.start();
    pair = await HonestPair.meet(server.url, { localAddress: "127.0.0.2" });
  });
  after(async () => {
    await pair.leave();
    await server.stop("SIGKILL");
  });

  it("are remembered up to a number, and those who have the most lose them first", async () => {
    const neighbor = (await joinFrom(server.url, "neighbor", ADDRESS)).client;
    neighbor.send({ type: "fork", id: "n-1", to: "anna", card });
    await neighbor.settled();
    const crowd: TestClient[] = [];
    for (let n = 0; n < KEYS; n++) crowd.push((await joinFrom(server.url, `m${n}`, ADDRESS)).client);
    let open = 0;
    for (const [n, client] of crowd.entries()) {
      for (let step = 1; step <= limits.pendingForks; step++) {
        client.send({ type: "fork", id: `f-${step}`, to: `m${(n + step) % KEYS}`, card });
        open += 1;
      }
      await client.settled().then((messages) => (open -= ended(messages)));
    }
    await pair.talk();
    for (const client of crowd) open -= ended(await client.settled());
    assert.ok(open < limits.openForksPerAddress, `${open} are remembered`);
    // The neighbor's own one was not touched.
    const withdrawn = neighbor.until("declined");
    neighbor.send({ type: "withdraw", id: "n-1" });
    assert.equal((await withdrawn).reason, "withdrawn");
    for (const { ws } of [neighbor, ...crowd]) ws.terminate();
  });
});

/** How many of a member's requests are over. */
function ended(messages: Awaited<ReturnType<TestClient["settled"]>>): number {
  return messages.filter(({ type }) => type === "declined" || type === "error").length;
}
