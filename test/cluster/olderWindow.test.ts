// A window of a version that knew one server only, at one of two servers with one lobby.
import assert from "node:assert/strict";
import { Balancer } from "../../scripts/balancer.ts";
import { NetworkBefore } from "../support/beforeParts.ts";
import { Client } from "../support/client.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import { createPatientNetwork } from "../support/patientNetwork.ts";
import { reachedAt, type ServerProcess } from "../support/serverProcess.ts";

describe("an older window at two servers with one lobby", () => {
  let cluster: ClusterServers;
  let balancer: Balancer;
  let first: ServerProcess;
  const older = new NetworkBefore(createPatientNetwork, "window");
  const anna = new Client({ network: older.create });
  const bobby = new Client({ network: createPatientNetwork });
  const carmen = new Client({ settings: { connection: "relay" } });

  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare();
    balancer = await Balancer.listen();
    first = await cluster.start(...reachedAt(balancer.port));
    const second = await cluster.start(...reachedAt(balancer.port));
    balancer.ports = [first.port, second.port];
    // In turn: the older one and carmen are at the first server.
    for (const [client, name] of [
      [anna, "anna"],
      [bobby, "bobby"],
      [carmen, "carmen"],
    ] as const) {
      assert.deepEqual(await client.join(name, balancer.url), { ok: true });
    }
    await anna.until("everyone", ({ users }) => users.length === 3);
  });
  after(async () => {
    await Promise.all([anna, bobby, carmen].map((client) => client.close()));
    await balancer.close();
    await cluster.stop();
  });

  it("talks in the lobby and in private, directly and by the relay", async () => {
    await anna.type("hello, lobby");
    await bobby.untilShown("lobby", "hello, lobby");
    assert.deepEqual(await anna.run("\\fork bobby"), { ok: true });
    await anna.type("hello, bobby");
    await bobby.untilShown("anna", "hello, bobby");
    assert.deepEqual(await carmen.run("\\fork anna"), { ok: true });
    await carmen.type("hello, anna");
    await anna.untilShown("carmen", "hello, anna");
    const paths = anna.state.channels.map(({ link }) => link?.path);
    assert.deepEqual(paths, ["direct", "relayed"]);
  });

  it("is at the other server when its own is killed, and misses nothing", async () => {
    await anna.run("\\lobby");
    await bobby.run("\\lobby");
    const killed = first.stop("SIGKILL");
    await anna.type("said into the dark");
    await bobby.type("said to the empty");
    await killed;
    for (const client of [anna, bobby]) {
      for (const text of ["said into the dark", "said to the empty"]) await client.untilShown("lobby", text);
    }
    const lines = anna.lines("lobby");
    assert.equal(lines.filter((line) => line.includes("said")).length, 2);
    await carmen.type("by another relay");
    await anna.untilShown("carmen", "by another relay");
    assert.deepEqual(older.refused, []);
  });
});
