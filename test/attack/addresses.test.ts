// A peer whose card names hosts and ports of its choice: which of them a window connects to, and when.
import assert from "node:assert/strict";
import type { Address } from "../../protocol/fields.ts";
import { cleanUp, rawServer, testNetwork } from "../integration/netHarness.ts";
import { freePort } from "../support/freePort.ts";
import { failedDial, target } from "../integration/peerHarness.ts";
import { frame, pin, run, unlinked, withBobby } from "../support/core.ts";
import { TestKey } from "../support/testKey.ts";

describe("the addresses on a peer's card", () => {
  const key = new TestKey();

  afterEach(cleanUp);

  it("are dialed on schedule, and don't reveal to each other whether anything is listening", async () => {
    const at = (port: number): Address => ({ host: "127.0.0.1", port });
    const seen: string[] = [];
    const watching = async (name: string): Promise<Address> =>
      at((await rawServer(() => seen.push(name))).port);
    const closedPort = at(await freePort());
    const hanging = at((await rawServer(() => seen.push("hanging"))).port);
    const anna = testNetwork({ limits: { staggerMs: 60_000, dialMs: 700 } });
    anna.listen("tester", "loopback", null);
    // Two dials at once, which differ in their first address alone.
    anna.dial("d1", target(key, closedPort, await watching("behind the closed one")));
    anna.dial("d2", target(key, hanging, await watching("behind the hanging one")));
    await Promise.all([failedDial(anna, "d1"), failedDial(anna, "d2")]);
    // All of it was over before the time of the second ones had come.
    assert.deepEqual(seen, ["hanging"]);
  });

  it("exclude private networks, this machine, and gateways where no peer was seen", () => {
    const hosts = ["10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "fd00::1", "::ffff:10.0.0.1"];
    const others = [
      "169.254.169.254",
      "fe80::1",
      "127.0.0.1",
      "::ffff:7f00:1",
      "::1",
      "0.0.0.0",
      "64:ff9b::a00:1",
    ];
    const items = [...hosts, ...others, "2002:a00:1::1"].map((host) => ({ host, port: 9 }));
    const place = { ...withBobby.place, seen: "203.0.113.7", server: "203.0.113.1" };
    const attacked = [frame("bobby", { type: "addresses", items }), unlinked("bobby", "lost")];
    const { state, effects } = run({ ...withBobby, place }, ...attacked);
    const dials = effects.filter((effect) => effect.type === "network" && effect.call === "dial");
    assert.deepEqual(dials, []);
    assert.equal(state.channels[0]?.failure, "none of their addresses can be reached from here");
    // Nothing was taken from the budget, and the peer is not blamed.
    assert.deepEqual(
      state.dialBudget.peers.get(pin("bobby"))?.purse,
      withBobby.dialBudget.peers.get(pin("bobby"))?.purse,
    );
  });
});
