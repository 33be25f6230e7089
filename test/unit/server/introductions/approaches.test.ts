// How much others may have one member told.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { Approaches } from "../../../../server/introductions/approaches.ts";
import { pin } from "../../../support/core.ts";

/** A `reach` with a full card. */
const BYTES = 1_300;
const KIB = 1024;

describe("approaches", () => {
  let approaches: Approaches;
  beforeEach(() => {
    approaches = new Approaches();
  });

  const anna = { pin: pin("anna"), client: { backlog: 0 } };
  const sender = (name: string, address = "192.0.2.1") => ({ pin: pin(name), address });

  /** Bytes that get through to anna when each of them asks so often, now. */
  function flood(senders: readonly ReturnType<typeof sender>[], times: number, now = 0): number {
    let bytes = 0;
    for (let n = 0; n < times; n++)
      for (const from of senders) if (approaches.take(from, anna, BYTES, now) === 0) bytes += BYTES;
    return bytes;
  }

  it("let a class behind one address reach its teacher at once, and again after some seconds", () => {
    const pupils = Array.from({ length: 30 }, (_, n) => sender(`pupil${n}`));
    assert.equal(flood(pupils, 1), 30 * BYTES);
    assert.equal(flood(pupils, 1, 10_000), 30 * BYTES);
  });

  it("from all sessions of a window pass at once", () => {
    const peers = Array.from({ length: limits.sessions }, (_, n) => sender(`peer${n}`, `198.51.100.${n}`));
    assert.equal(flood(peers, 2), 2 * limits.sessions * BYTES);
  });

  it("from one key are limited", () => {
    assert.equal(flood([sender("m")], 100), limits.approachBurst * BYTES);
    assert.equal(flood([sender("m")], 100, 10_000), 10 * limits.approachesPerSecond * BYTES);
  });

  it("from one network share a budget, whatever number of keys and addresses it has", () => {
    for (const addressOf of [() => "192.0.2.1", (n: number) => `2001:db8:1:${n.toString(16)}::/64`]) {
      approaches = new Approaches();
      const many = Array.from({ length: 400 }, (_, n) => sender(`m${n}`, addressOf(n)));
      assert.ok(flood(many, 16) <= limits.approachBurstBytes + BYTES);
      const later = flood(many, 16, 4_000);
      assert.ok(later <= 4 * limits.approachBytesPerSecond + BYTES, `${later} bytes in four seconds`);
      assert.equal(approaches.take(sender("bobby", "203.0.113.1"), anna, BYTES, 4_000), 0);
    }
  });

  it("share an overall budget that still admits an honest client", () => {
    const many = Array.from({ length: 20 }, (_, n) => sender(`m${n}`, `198.51.100.${n}`));
    const most = limits.allApproachesBurstBytes + many.length * (4 * KIB + BYTES);
    assert.ok(flood(many, 100) <= most);
    assert.equal(approaches.take(sender("bobby", "203.0.113.1"), anna, BYTES, 0), 0);
  });

  it("wait for a member who has not read the earlier ones", () => {
    const slow = { ...anna, client: { backlog: limits.approachBacklogBytes + 1 } };
    assert.ok(approaches.take(sender("bobby"), slow, BYTES, 0) > 0);
    assert.equal(approaches.take(sender("bobby"), anna, BYTES, 0), 0);
  });
});
