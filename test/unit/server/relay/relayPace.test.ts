// How fast bytes may pass the relay.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { RelayPace } from "../../../../server/relay/relayPace.ts";
import { pin } from "../../../support/core.ts";

const RATES = { ofKey: 1_000, ofAddress: 4_000, inAll: 8_000 };
const sender = (name: string, address = "192.0.2.1") => ({ pin: pin(name), address });

describe("the relay's pace", () => {
  let pace: RelayPace;
  beforeEach(() => {
    pace = new RelayPace(RATES, 0);
  });

  it("passes one second's worth per key at once, and no more, over any number of tunnels", () => {
    assert.equal(pace.charge(sender("anna"), 1_000, 0), 0);
    assert.equal(pace.charge(sender("anna"), 500, 0), 500);
    assert.equal(pace.charge(sender("bobby"), 500, 0), 0);
    assert.equal(pace.charge(sender("anna"), 0, 500), 0);
    assert.equal(pace.charge(sender("anna"), 1_000, 2_000), 0);
  });

  it("limits an address to its rate, whatever number of keys it has", () => {
    const rests = Array.from({ length: 8 }, (_, n) => pace.charge(sender(`m${n}`), 1_000, 0));
    assert.deepEqual(rests, [0, 0, 0, 0, 250, 500, 750, 1_000]);
    assert.equal(pace.charge(sender("anna", "192.0.2.2"), 10, 0), 0);
  });

  it("limits everyone to one rate, and passes small amounts at once", () => {
    for (let n = 0; n < 16; n++) pace.charge(sender(`m${n}`, `198.51.100.${n}`), 1_000, 0);
    assert.equal(pace.charge(sender("m16", "198.51.100.16"), 1_000, 0), 1_125);
    assert.equal(pace.charge(sender("anna", "192.0.2.2"), 60, 0), 0);
  });

  it("lets a key pass small amounts even if many tunnels behind its address send much", () => {
    const { relayBytesPerSecondOfKey, relayBytesPerSecondOfAddress, relayBytesPerSecondInAll } = limits;
    const rates = {
      ofKey: relayBytesPerSecondOfKey,
      ofAddress: relayBytesPerSecondOfAddress,
      inAll: relayBytesPerSecondInAll,
    };
    pace = new RelayPace(rates, 0);
    const flood = (now: number): number[] =>
      Array.from({ length: limits.relayTunnels }, (_, n) =>
        pace.charge(sender(`m${n}`), limits.relayFrameBytes, now),
      );
    assert.ok((flood(0).at(-1) ?? 0) > 1_000);
    const frames = (relayBytesPerSecondOfKey / 1024 / limits.leastRelayFrameBytes) * 2;
    const rests = Array.from({ length: frames }, () =>
      pace.charge(sender("anna"), limits.leastRelayFrameBytes, 0),
    );
    assert.deepEqual(rests.slice(0, frames / 2), Array<number>(frames / 2).fill(0));
    assert.ok(
      rests.slice(frames / 2).every((ms) => ms > 1_000),
      "beyond that, it waits like the others",
    );
    assert.equal(pace.charge(sender("anna"), limits.leastRelayFrameBytes, 2_000), 0);
  });

  it("remembers no one for long", () => {
    for (let n = 0; n < 100; n++) pace.charge(sender(`m${n}`, `198.51.100.${n}`), 1_000, 0);
    for (let n = 0; n < 100; n++) pace.charge(sender("anna"), 0, 60_000);
    assert.equal(pace.size, 2);
  });
});
