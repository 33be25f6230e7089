// A log that something else has compacted: its beginning is gone, but the servers that are alive have its state.
import assert from "node:assert/strict";
import { TestClient } from "../conformance/testClient.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import { succeeded } from "../support/succeeded.ts";

describe("a log that was compacted by hand", () => {
  let cluster: ClusterServers;
  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare();
  });
  after(() => cluster.stop());

  it("lets another server join, from a snapshot that one of the others saves for it", async () => {
    const first = await cluster.start();
    const anna = await TestClient.join(first.url, "anna");
    anna.send({ type: "say", id: "m-1", text: "from before" });
    await anna.until("ack");
    const etcd = cluster.engine.open();
    const { revision } = succeeded(await etcd.range({ key: "none" }));
    succeeded(await etcd.compact(revision));
    const second = await cluster.start();
    const bobby = await TestClient.join(second.url, "bobby");
    assert.equal(bobby.joined.epoch, anna.joined.epoch);
    assert.equal((await bobby.until("said")).text, "from before");
    await second.logged(/"reason":"log-forgotten"/);
    for (const client of [anna, bobby]) client.ws.terminate();
  });
});
