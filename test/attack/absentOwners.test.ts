// Crowds that join and leave, so that an absent user loses their name.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { limits } from "../../protocol/limits.ts";
import { Registry, type Holder } from "../../server/names/registry.ts";
import { joinRaw } from "../conformance/rawClient.ts";
import { LONG } from "../fuzz/fuzz.ts";
import { pin } from "../support/core.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { cut, joinFrom } from "./crowd.ts";
import { HonestPair } from "./honestPair.ts";

/** One absent user shares their address with others. The attackers have been there for longer: more than make an address large. */
const CROWD = LONG ? 4_000 : 100;
/** The same without a server: many times more names than one key may have. */
const NEIGHBORS = 1_024;

/** Names that are kept in all, and people who come and go: more than those. */
const KEPT = LONG ? limits.heldNames : 2_048;
const VISITORS = Math.ceil(1.25 * KEPT);

describe("names of people who are away", function () {
  this.timeout(LONG ? 300_000 : 60_000);
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop("SIGKILL"));

  it(`survive ${CROWD} connections from the same address that were there first`, async () => {
    const pair = await HonestPair.meet(server.url, { localAddress: "127.0.0.2" });
    const watcher = (await joinFrom(server.url, "watcher", "127.0.0.2")).client;
    const crowd: Socket[] = [];
    for (let n = 0; n < CROWD; n++) {
      const socket = await joinRaw(server.url, `crowd${n}`, { localAddress: "127.0.0.3" });
      crowd.push(socket.resume());
      if (n % 100 === 0) await pair.talk();
    }
    const key = new TestKey();
    const carmen = (await joinFrom(server.url, "carmen", "127.0.0.3", key)).client;
    await cut([() => carmen.ws.terminate()], watcher);
    await cut(
      crowd.map((socket) => () => socket.destroy()),
      watcher,
    );
    await pair.talk();
    assert.equal((await joinFrom(server.url, "carmen", "127.0.0.4")).name, "carmen_2");
    assert.equal((await joinFrom(server.url, "carmen", "127.0.0.3", key)).name, "carmen");
    await pair.leave();
  });

  it(`survive ${NEIGHBORS} people from the same address that were there first`, () => {
    const registry = new Registry<Holder>(limits, [], () => undefined);
    const enter = (name: string, since: number): ReturnType<typeof registry.enter> =>
      registry.enter(name, { pin: pin(name), address: "198.51.100.7", since }, NEIGHBORS);
    const crowd = Array.from({ length: NEIGHBORS }, (_, n) => enter(`crowd${n}`, n));
    registry.leave(enter("carmen", NEIGHBORS), false, NEIGHBORS);
    for (const neighbor of crowd) registry.leave(neighbor, false, NEIGHBORS);
    const thief = registry.enter("carmen", { pin: pin("thief"), address: "1", since: NEIGHBORS }, NEIGHBORS);
    assert.equal(thief.name, "carmen_2");
  });

  for (const [what, addressOf] of [
    ["33 addresses", (n: number) => `192.0.2.${n % 33}`],
    ["as many networks as there are people", (n: number) => `10.${n >> 16}.${(n >> 8) % 256}.${n % 256}`],
    ["networks of one IPv6 /48", (n: number) => `2001:db8:1:${(n % 65_536).toString(16)}::/64`],
  ] as const) {
    it(`survive ${VISITORS} people from ${what}`, () => {
      let now = 0;
      const registry = new Registry<Holder>({ ...limits, heldNames: KEPT }, [], () => undefined);
      const owners = Array.from({ length: 30 }, (_, n) => `owner${n}`);
      const comeAndGo = (name: string, address: string): void => {
        now += 1;
        registry.leave(registry.enter(name, { pin: pin(name), address, since: now }, now), false, now);
      };
      for (const owner of owners) comeAndGo(owner, "198.51.100.7");
      for (let n = 0; n < VISITORS; n++) comeAndGo(`m${n}`, addressOf(n));
      for (const owner of owners)
        assert.equal(
          registry.enter(owner, { pin: pin("thief"), address: "1", since: now }, now).name,
          `${owner}_2`,
        );
    });
  }
});
