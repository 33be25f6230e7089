// Pairs of which one side has left the relay.
import assert from "node:assert/strict";
import { LeftPairs } from "../../../../server/relay/leftPairs.ts";
import { pin } from "../../../support/core.ts";

const MOST = 100;
const owner = (name: string, address: string, since = 0) => ({ pin: pin(name), address, since });

describe("relay pairs that one side has left", () => {
  let pairs: LeftPairs;
  beforeEach(() => {
    pairs = new LeftPairs(1_000, MOST);
  });

  it("are remembered for as long as the other side may come", () => {
    pairs.add("p", owner("anna", "192.0.2.1"), 0);
    assert.equal(pairs.has("p", 999), true);
    assert.equal(pairs.has("p", 1_000), false);
    pairs.add("q", owner("anna", "192.0.2.1"), 2_000);
    assert.equal(pairs.size, 1);
  });

  it("are limited: the address that leaves most often loses one", () => {
    pairs.add("honest", owner("anna", "192.0.2.1", 1_000), 0);
    for (let n = 0; n < 10 * MOST; n++) pairs.add(`p${n}`, owner(`m${n}`, "198.51.100.1", n), 0);
    assert.equal(pairs.size, MOST);
    assert.equal(pairs.has("honest", 0), true);
  });
});
