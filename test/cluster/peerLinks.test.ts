// The links between the members of an etcd, which tests cut.
import assert from "node:assert/strict";
import { Engine } from "../support/etcd.ts";
import { PeerLinks, type Cut } from "../support/peerLinks.ts";
import { eventuallySucceeded } from "../support/succeeded.ts";

const key = "fc/a";
const put = [{ put: { key, value: "together" } }] as const;

describe("an etcd whose members are cut off from each other", function () {
  this.timeout(60_000);
  let links: PeerLinks;
  let engine: Engine;
  beforeEach(async () => {
    links = new PeerLinks();
    engine = await Engine.start({ members: 3, links });
  });
  afterEach(async () => {
    await engine.stop();
    links.close();
  });

  for (const cut of ["reset", "silent"] satisfies Cut[]) {
    for (const role of ["leader", "follower"] as const) {
      it(`goes on without its ${role}, which answers nothing until it is back (${cut})`, async () => {
        const [one] = role === "leader" ? [await engine.leader()] : await engine.followers();
        assert.ok(one !== undefined);
        const others = engine.members.filter((member) => member !== one);
        const [first = "", second = ""] = others.map(({ endpoint }) => endpoint);
        const alone = engine.open({ endpoints: [one.endpoint] });
        const majority = engine.open({ endpoints: [first, second] });
        links.cutOff(one, cut);
        assert.ok(!(await alone.txn([], [{ put: { key: "fc/b", value: "" } }])).ok);
        while (!(await majority.txn([], put)).ok);
        assert.equal((await eventuallySucceeded(() => majority.range({ key }))).items[0]?.value, "together");
        assert.ok(!(await alone.range({ key })).ok);
        links.heal();
        let found = await alone.range({ key });
        while (!found.ok) found = await alone.range({ key });
        assert.equal(found.value.items[0]?.value, "together");
      });
    }
  }
});
