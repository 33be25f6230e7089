// People on two servers with one lobby: they talk there, fork each other, and meet directly or over the relay of either server.
import assert from "node:assert/strict";
import { Client, type ClientOptions } from "../support/client.ts";
import { ClusterServers } from "../support/clusterServers.ts";
import { createPatientNetwork } from "../support/patientNetwork.ts";
import { type ServerProcess } from "../support/serverProcess.ts";
import { TestClient } from "../conformance/testClient.ts";

const RELAY: ClientOptions = { settings: { connection: "relay" } };

describe("two people on two servers with one lobby", () => {
  let cluster: ClusterServers;
  let servers: readonly [ServerProcess, ServerProcess];
  const clients: Client[] = [];
  const others: TestClient[] = [];

  before(async function () {
    // The engine may have to be installed.
    this.timeout(600_000);
    cluster = await ClusterServers.prepare();
    servers = [await cluster.start(), await cluster.start()];
  });
  after(() => cluster.stop());
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    for (const client of others.splice(0)) client.ws.terminate();
  });

  /** Names that no one else has. */
  async function meet(a: string, b: string, options: ClientOptions): Promise<[Client, Client]> {
    const [anna, bobby] = [new Client(options), new Client(options)];
    clients.push(anna, bobby);
    assert.deepEqual(await anna.join(a, servers[0].url), { ok: true });
    assert.deepEqual(await bobby.join(b, servers[1].url), { ok: true });
    await anna.until(b, ({ users }) => users.includes(b));
    assert.deepEqual(await anna.type("hello, lobby"), { ok: true });
    await bobby.untilShown("lobby", "hello, lobby");
    assert.deepEqual(await anna.run(`\\fork ${b}`), { ok: true });
    await anna.type("hello, bobby");
    await bobby.untilShown(a, "hello, bobby");
    return [anna, bobby];
  }

  /** One at each server; the first has heard of the second, whose server may know it earlier. */
  async function connect(a: string, b: string): Promise<[TestClient, TestClient]> {
    const first = await TestClient.join(servers[0].url, a);
    others.push(first);
    const second = await TestClient.join(servers[1].url, b);
    others.push(second);
    await first.until("arrived", ({ name }) => name === b);
    return [first, second];
  }

  it("talk in the lobby, and connect directly", async () => {
    const [anna] = await meet("anna", "bobby", { network: createPatientNetwork });
    assert.equal(anna.state.channels[0]?.link?.path, "direct");
  });

  it("are connected by the relay of one of them", async () => {
    const [anna, bobby] = await meet("gina", "hans", RELAY);
    assert.equal(anna.state.channels[0]?.link?.path, "relayed");
    assert.equal(bobby.state.channels[0]?.link?.path, "relayed");
    await servers[0].logged(/"event":"relay-opened"/);
    assert.ok(
      !servers[1].stderr.includes('"event":"relay-opened"'),
      "the caller's server is the home of tickets",
    );
  });

  it("get each other's cards and tickets for one relay, whoever calls", async () => {
    const [anna, bobby] = await connect("carla", "dora");
    const card = (port: number): object => ({ addresses: [{ host: "192.0.2.1", port }] });
    anna.send({ type: "fork", id: "f-1", to: "dora", card: card(1) });
    const { sid } = await bobby.until("invite");
    bobby.send({ type: "accept", sid, card: card(2) });
    const [a, b] = [await anna.until("introduction"), await bobby.until("introduction")];
    assert.deepEqual([a.role, a.id, a.peer.name, a.peer.card], ["A", "f-1", "dora", card(2)]);
    assert.deepEqual([b.role, b.id, b.peer.name, b.peer.card], ["B", undefined, "carla", card(1)]);
    assert.ok(a.ticket !== undefined && b.ticket !== undefined);
    assert.equal(a.ticket.slice(0, 5), b.ticket.slice(0, 5), "both are good at the same server");
    bobby.send({ type: "reach", id: "r-1", sid, to: "carla", card: card(3) });
    const [reached, reaching] = [await anna.until("reach"), await bobby.until("reaching")];
    assert.deepEqual([reached.from, reached.card], ["dora", card(3)]);
    assert.equal(reached.ticket?.slice(0, 5), reaching.ticket?.slice(0, 5));
    anna.send({ type: "tunnel", id: "t-1", sid, to: "dora", pin: bobby.key.pin });
    const [tunnel, tunneling] = [await bobby.until("tunnel"), await anna.until("tunneling")];
    assert.equal(tunnel.ticket.slice(0, 5), tunneling.ticket.slice(0, 5));
  });

  it("are told when a fork is declined, withdrawn, or crosses another", async () => {
    const [anna, bobby] = await connect("elsa", "fred");
    const card = { addresses: [] };
    anna.send({ type: "fork", id: "f-1", to: "fred", card });
    const first = await bobby.until("invite");
    bobby.send({ type: "decline", sid: first.sid, reason: "declined" });
    assert.equal((await anna.until("declined")).reason, "declined");
    anna.send({ type: "fork", id: "f-2", to: "fred", card });
    await bobby.until("invite");
    anna.send({ type: "withdraw", id: "f-2" });
    await bobby.until("withdrawn");
    assert.equal((await anna.until("declined")).reason, "withdrawn");
    anna.send({ type: "fork", id: "f-3", to: "fred", card });
    bobby.send({ type: "fork", id: "f-4", to: "elsa", card });
    const [a, b] = [await anna.until("introduction"), await bobby.until("introduction")];
    assert.equal(a.sid, b.sid);
    assert.deepEqual([a.id, b.id], ["f-3", "f-4"]);
  });
});
