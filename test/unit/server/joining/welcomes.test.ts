// The budgets for welcoming newcomers.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { Welcomes } from "../../../../server/joining/welcomes.ts";
import { RendezvousHarness } from "../../../support/rendezvousHarness.ts";

const MEGABYTE = Buffer.alloc(1024 * 1024);
/** The history that a newcomer may get, in a full lobby. */
const WELCOME = { frames: [MEGABYTE], gap: false };

/** How many of these get the whole welcome. */
function welcome(welcomes: Welcomes, addresses: readonly string[]): number {
  return addresses.filter((address) => isToldAll(welcomes, address)).length;
}

function isToldAll(welcomes: Welcomes, address: string): boolean {
  return welcomes.take(address, WELCOME).frames.length === WELCOME.frames.length;
}

describe("welcomes", () => {
  it("suffice for a school behind one address that joins at once", () => {
    const welcomes = new Welcomes(() => 0);
    assert.equal(welcome(welcomes, Array<string>(190).fill("192.0.2.1")), 190);
  });

  it("limit the bytes for one address, and recover", () => {
    let now = 0;
    const welcomes = new Welcomes(() => now);
    const many = Array<string>(1000).fill("192.0.2.1");
    assert.equal(welcome(welcomes, many), limits.welcomeBurstBytes / MEGABYTE.length);
    now += 1000;
    const again = welcome(welcomes, many);
    assert.ok(again >= 1 && again <= 1 + limits.welcomeBytesPerSecond / MEGABYTE.length, String(again));
    assert.ok(isToldAll(welcomes, "192.0.2.2"));
  });

  it("count the networks of an IPv6 site as one", () => {
    const welcomes = new Welcomes(() => 0);
    const site = Array.from({ length: 1000 }, (_, i) => `2001:db8:1:${i.toString(16)}::1`);
    assert.equal(welcome(welcomes, site), limits.welcomeBurstBytes / MEGABYTE.length);
    assert.ok(isToldAll(welcomes, "2001:db8:2::1"));
  });

  it("go into debt by no more than one of them, however many join at one moment", () => {
    let now = 0;
    const welcomes = new Welcomes(() => now);
    welcome(welcomes, Array<string>(100_000).fill("192.0.2.1"));
    now += (1000 * 2 * MEGABYTE.length) / limits.welcomeBytesPerSecond;
    assert.ok(isToldAll(welcomes, "192.0.2.1"));
  });

  it("admit everyone when they are used up, with the newest messages that fit", function () {
    this.timeout(60_000);
    const harness = new RendezvousHarness({ newcomerMessages: 100 });
    const anna = harness.join("anna");
    for (let i = 0; i < 45; i++) {
      harness.send(anna, { type: "say", id: `s-${i}`, text: "x".repeat(15_000) });
      harness.pass(1000);
    }
    const told = (name: string, lastSeen?: number) => {
      const client = harness.join(
        name,
        lastSeen === undefined ? {} : { lastSeen: { epoch: "epoch-one", seq: lastSeen } },
      );
      assert.deepEqual(client.failures, []);
      const messages = client.take();
      const joined = messages.find(({ type }) => type === "joined");
      const said = messages.flatMap((message) => (message.type === "said" ? [message.seq] : []));
      assert.ok(joined?.type === "joined" && joined.missed === said.length);
      return { said, gap: joined.gap };
    };
    let bytes = 0;
    let count = 45;
    for (let i = 0; count === 45 && i < 1000; i++) {
      count = told(`newcomer-${i}`).said.length;
      bytes += 15_000 * count;
    }
    assert.ok(bytes > limits.welcomeBurstBytes / 2 && bytes <= limits.welcomeBurstBytes + 15_000 * 100);
    assert.deepEqual(told("late"), { said: [44, 45], gap: false });
    assert.deepEqual(told("back", 1), { said: [44, 45], gap: true });
    assert.deepEqual(told("just-away", 44), { said: [45], gap: false });
  });

  it("limit the bytes for everyone together", () => {
    const welcomes = new Welcomes(() => 0);
    const all = Array.from({ length: 3000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    assert.equal(welcome(welcomes, all), limits.allWelcomesBurstBytes / MEGABYTE.length);
  });
});
