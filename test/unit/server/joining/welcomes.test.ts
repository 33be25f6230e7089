// The budgets for what newcomers are told.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { Welcomes } from "../../../../server/joining/welcomes.ts";
import { RendezvousHarness } from "../../../support/rendezvousHarness.ts";

const MEGABYTE = Buffer.alloc(1024 * 1024);
/** The history that a newcomer may get, in a full lobby. */
const WELCOME = [MEGABYTE];

/** Welcomes as many as may be, up to a number. */
function welcome(welcomes: Welcomes, addresses: readonly string[]): number {
  let count = 0;
  for (const address of addresses) {
    if (welcomes.wait(address) > 0) continue;
    welcomes.charge(address, WELCOME);
    count += 1;
  }
  return count;
}

describe("welcomes", () => {
  it("are there for a school behind one address that comes at once", () => {
    const welcomes = new Welcomes(() => 0);
    assert.equal(welcome(welcomes, Array<string>(190).fill("192.0.2.1")), 190);
  });

  it("bound the bytes that one address gets, and recover", () => {
    let now = 0;
    const welcomes = new Welcomes(() => now);
    const many = Array<string>(1000).fill("192.0.2.1");
    assert.equal(welcome(welcomes, many), limits.welcomeBurstBytes / MEGABYTE.length);
    now += 1000 * (welcomes.wait("192.0.2.1") / 1000 + 1);
    assert.ok(welcome(welcomes, many) <= 1 + (2 * limits.welcomeBytesPerSecond) / MEGABYTE.length);
    assert.equal(welcomes.wait("192.0.2.2"), 0);
  });

  it("count the networks of an IPv6 site as one", () => {
    const welcomes = new Welcomes(() => 0);
    const site = Array.from({ length: 1000 }, (_, i) => `2001:db8:1:${i.toString(16)}::1`);
    assert.equal(welcome(welcomes, site), limits.welcomeBurstBytes / MEGABYTE.length);
    assert.equal(welcomes.wait("2001:db8:2::1"), 0);
  });

  it("let newcomers in without old messages, and those wait who have missed some, when they are used up", function () {
    this.timeout(60_000);
    const harness = new RendezvousHarness({ newcomerMessages: 100 });
    const anna = harness.join("anna");
    for (let i = 0; i < 45; i++) {
      harness.send(anna, { type: "say", id: `s-${i}`, text: "x".repeat(16_000) });
      harness.pass(1000);
    }
    let bytes = 0;
    let told = 1;
    for (let i = 0; told > 0 && i < 1000; i++) {
      const client = harness.join(`newcomer-${i}`);
      assert.deepEqual(client.failures, []);
      told = client.take().filter(({ type }) => type === "said").length;
      bytes += 16_000 * told;
    }
    assert.equal(told, 0);
    assert.ok(bytes > limits.welcomeBurstBytes / 2 && bytes <= limits.welcomeBurstBytes + 16_000 * 100);
    const late = harness.join("late");
    const joined = late.take().find(({ type }) => type === "joined");
    assert.ok(joined?.type === "joined" && joined.missed === 0 && !joined.gap);
    const back = harness.join("back", { lastSeen: { epoch: "epoch-one", seq: 1 } });
    assert.equal(back.failures[0]?.code, "rate-limited");
  });

  it("bound the bytes that all get", () => {
    const welcomes = new Welcomes(() => 0);
    const all = Array.from({ length: 3000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    assert.equal(welcome(welcomes, all), limits.allWelcomesBurstBytes / MEGABYTE.length);
  });
});
