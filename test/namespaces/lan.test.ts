// Hosts on one switch, with the server there, too: sessions without a router between, and what becomes of them when
// addresses change, packets vanish, and the server is gone.
import assert from "node:assert/strict";
import type { ServerProcess } from "../support/serverProcess.ts";
import { Cast, Session, type Person } from "./cast.ts";
import { missing, scenario } from "./scenario.ts";
import { Topology } from "./topology.ts";

const SERVER = "10.77.0.1";
const SERVER_6 = "fd77::1";

describe("private sessions on one switch", () => {
  const topology = new Topology();
  const cast = new Cast();
  let people: Record<"anna" | "bobby" | "carmen" | "fred" | "gina", Person>;
  let server: ServerProcess;
  let halfOpen: Promise<Session>;

  before(async () => {
    if (missing !== undefined) return;
    const lan = await topology.switch("lan", `${SERVER}/24`, `${SERVER_6}/64`);
    const host = (label: string, address: string) => topology.host(label, lan, [address]);
    server = await cast.server(lan, SERVER);
    const server6 = await cast.server(lan, SERVER_6);
    const [dora, erin] = await Promise.all([
      cast.person("dora", await host("dora", "10.77.0.24/24"), server),
      cast.person("erin", await host("erin", "10.77.0.25/24"), server),
    ]);
    halfOpen = untilNoticed(dora, erin);
    // Its test tells.
    halfOpen.catch(() => undefined);
    const [anna, bobby, carmen, fred, gina] = await Promise.all([
      cast.person("anna", await host("anna", "10.77.0.21/24"), server),
      cast.person("bobby", await host("bobby", "10.77.0.22/24"), server),
      cast.person("carmen", await host("carmen", "10.77.0.23/24"), server, { connection: "relay" }),
      cast.person("fred", await host("fred", "fd77::26/64"), server6),
      cast.person("gina", await host("gina", "fd77::27/64"), server6),
    ]);
    people = { anna, bobby, carmen, fred, gina };
  });

  after(async () => {
    await cast.dismiss();
    await topology.remove();
  });

  scenario("are direct", async () => {
    const session = await Session.open(people.anna, people.bobby);
    await session.untilLinked("direct");
    await session.talkAndRead();
    await session.leave();
  });

  scenario("are direct over IPv6 where there is nothing else", async () => {
    const session = await Session.open(people.fred, people.gina);
    await session.untilLinked("direct");
    assert.deepEqual(await session.addressesOf(people.gina), ["fd77::27"]);
    await session.talkAndRead();
    await session.leave();
  });

  for (const [who, caller, callee] of [
    ["caller", "carmen", "bobby"],
    ["callee", "bobby", "carmen"],
  ] as const) {
    scenario(`are relayed when the ${who} wants nobody to know the own address`, async () => {
      const session = await Session.open(people[caller], people[callee]);
      assert.equal(await session.path(), "relayed");
      assert.deepEqual(await session.addressesOf(people.carmen), []);
      await session.talkAndRead();
      await session.leave();
    });
  }

  scenario("go on when an address changes", async () => {
    const { anna, bobby } = people;
    const session = await Session.open(anna, bobby);
    await session.talkAndRead();
    await move(anna, "10.77.0.21", "10.77.0.121");
    await session.talkAndRead();
    await session.untilKnown(anna, "10.77.0.121");
    await move(bobby, "10.77.0.22", "10.77.0.122");
    await session.talkAndRead();
    await session.untilKnown(bobby, "10.77.0.122");
    await session.leave();
  });

  scenario("go on when both addresses change at once", async () => {
    const { anna, bobby } = people;
    const session = await Session.open(anna, bobby);
    await session.talkAndRead();
    await Promise.all([move(anna, "10.77.0.121", "10.77.0.131"), move(bobby, "10.77.0.122", "10.77.0.132")]);
    await session.talkAndRead();
    await session.untilLinked("direct");
    await session.talkAndRead();
    await session.leave();
  });

  scenario(
    "go on by the relay when the packets between the two vanish, and direct again after that",
    async () => {
      const session = await halfOpen;
      await Promise.all(session.both.map(({ place }) => place.heed()));
      await session.untilLinked("direct");
      await session.talkAndRead();
      await session.leave();
    },
  );

  scenario("go on when the server is gone and then an address changes", async () => {
    const { anna, bobby } = people;
    const session = await Session.open(anna, bobby);
    await session.talkAndRead();
    await server.stop("SIGKILL");
    await move(anna, "10.77.0.131", "10.77.0.141");
    await session.talkAndRead();
    await session.untilKnown(anna, "10.77.0.141");
    await move(bobby, "10.77.0.132", "10.77.0.142");
    await session.talkAndRead();
    await session.untilKnown(bobby, "10.77.0.142");
  });
});

async function move({ place }: Person, from: string, to: string): Promise<void> {
  await place.ip("address", "del", `${from}/24`, "dev", "lan");
  await place.ip("address", "add", `${to}/24`, "dev", "lan");
}

/** Cuts a session's link without a word to either side; each takes the relay when it has noticed, half a minute later. */
async function untilNoticed(a: Person, b: Person): Promise<Session> {
  const session = await Session.open(a, b);
  await session.untilLinked("direct");
  await Promise.all([a.place.ignore("10.77.0.25"), b.place.ignore("10.77.0.24")]);
  await session.talk();
  await session.untilLinked("relayed", 50_000);
  await session.untilRead();
  return session;
}
