import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { RendezvousHarness } from "../../../support/rendezvousHarness.ts";

const card = { addresses: [{ host: "192.168.1.7", port: 50_122 }] };

describe("the rendezvous and time", () => {
  let harness: RendezvousHarness;
  beforeEach(() => {
    harness = new RendezvousHarness();
  });

  it("declines an unanswered fork when its time is over, once, and not before", () => {
    const [anna, bobby] = [harness.join("anna"), harness.join("bobby")];
    harness.send(anna, { type: "fork", id: "f-1", to: "bobby", card });
    assert.equal(bobby.take().at(-1)?.type, "invite");
    assert.deepEqual(harness.wakes, [limits.introductionMs]);
    anna.take();
    harness.pass(limits.introductionMs - 1);
    assert.deepEqual(anna.take(), []);
    assert.deepEqual(harness.wakes, [limits.introductionMs, 1]);
    harness.pass(1);
    assert.deepEqual(anna.take(), [{ type: "declined", id: "f-1", to: "bobby", reason: "timeout" }]);
    assert.equal(harness.wakes.length, 2, "nothing is left to wait for");
    harness.pass(limits.introductionMs);
    assert.deepEqual(anna.take(), []);
  });

  it("forgets the forks of someone who has left, and wakes for none of them again", () => {
    const [anna] = [harness.join("anna"), harness.join("bobby")];
    harness.send(anna, { type: "fork", id: "f-1", to: "bobby", card });
    harness.disconnect(anna, "lost");
    harness.pass(limits.introductionMs);
    harness.pass(limits.introductionMs);
    assert.deepEqual(harness.wakes, [limits.introductionMs]);
  });

  it("schedules one timer for many forks, for the earliest end", () => {
    const [anna, , carmen] = [harness.join("anna"), harness.join("bobby"), harness.join("carmen")];
    harness.send(anna, { type: "fork", id: "f-1", to: "bobby", card });
    harness.now += 100;
    harness.send(carmen, { type: "fork", id: "f-2", to: "bobby", card });
    assert.deepEqual(harness.wakes, [limits.introductionMs]);
    harness.pass(limits.introductionMs - 100);
    assert.deepEqual(harness.wakes, [limits.introductionMs, 100]);
  });

  it("does not treat the end of a replaced connection as the end of its client", () => {
    const [anna, bobby] = [harness.join("anna"), harness.join("bobby")];
    const joined = anna.take().find((message) => message.type === "joined");
    assert.ok(joined?.type === "joined");
    const again = harness.join("anna", { resume: joined.resume }, anna.key);
    assert.deepEqual(anna.failures, [{ code: "4003", id: undefined }]);
    harness.disconnect(anna, "lost");
    harness.send(bobby, { type: "users" });
    const users = { type: "users", items: [{ name: "anna" }, { name: "bobby" }] } as const;
    assert.deepEqual(bobby.take().at(-1), users);
    harness.send(again, { type: "users" });
    assert.deepEqual(again.take().at(-1), users);
  });
});
