// How long the user has waited for a peer.
import assert from "node:assert/strict";
import { Waiting } from "../../../../extension/host/changes/waiting.ts";

describe("waiting for a peer", () => {
  it("counts the time of each work, also of one that fails, and none between them", async () => {
    let now = 1_000;
    const waiting = new Waiting(() => now);
    const fetched = waiting.during(
      Promise.resolve().then(() => {
        now += 20_000;
        return "fetched";
      }),
    );
    assert.equal(await fetched, "fetched");
    now += 60_000;
    const failed = waiting.during(
      Promise.resolve().then(() => {
        now += 15_000;
        throw new Error("away");
      }),
    );
    await assert.rejects(failed, /away/);
    assert.equal(waiting.ms, 35_000);
  });
});
