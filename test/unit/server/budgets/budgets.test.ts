// How often one key may do what costs others something.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { Budgets } from "../../../../server/budgets/budgets.ts";
import { pin } from "../../../support/core.ts";
import { RendezvousHarness } from "../../../support/rendezvousHarness.ts";
import { TestKey } from "../../../support/testKey.ts";

describe("a key's budget", () => {
  const budgets = (most = 10): Budgets<"fork" | "join"> =>
    new Budgets({ fork: { burst: 3, perSecond: 0.5 }, join: { burst: 1, perSecond: 1 } }, most);

  it("is a burst, then a rate, and says how long to wait", () => {
    const all = budgets();
    assert.deepEqual(
      [0, 0, 0, 0].map((now) => all.take("fork", pin("anna"), now)),
      [0, 0, 0, 2000],
    );
    assert.equal(all.take("fork", pin("anna"), 1999), 1);
    assert.equal(all.take("fork", pin("anna"), 2000), 0);
    assert.equal(all.take("fork", pin("anna"), 2000), 2000);
  });

  it("is separate for each kind and each key", () => {
    const all = budgets();
    assert.equal(all.take("join", pin("anna"), 0), 0);
    assert.equal(all.take("join", pin("anna"), 0), 1000);
    assert.equal(all.take("fork", pin("anna"), 0), 0);
    assert.equal(all.take("join", pin("bobby"), 0), 0);
  });

  it("fills up to its burst and no further", () => {
    const all = budgets();
    const taken = Array.from({ length: 5 }, () => all.take("fork", pin("anna"), 0)).filter(
      (wait) => wait === 0,
    ).length;
    const later = Array.from({ length: 5 }, () => all.take("fork", pin("anna"), 1e9)).filter(
      (wait) => wait === 0,
    ).length;
    assert.deepEqual([taken, later], [3, 3]);
  });

  it("that was idle longest is forgotten first", () => {
    const all = budgets(2);
    for (const key of ["anna", "bobby", "anna", "carmen"]) all.take("join", pin(key), 0);
    assert.ok(all.take("join", pin("anna"), 0) > 0, "anna is remembered");
    assert.equal(all.take("join", pin("bobby"), 0), 0, "bobby begins anew");
  });
});

describe("budgets that are full again", () => {
  it("are not remembered, however many keys there were, and still limit those that continue", () => {
    const all = new Budgets({ join: { burst: 2, perSecond: 1 } }, 10_000);
    const keys = Array.from({ length: 1_000 }, (_, n) => pin(`guest${n}`));
    for (const key of keys) all.take("join", key, 0);
    const before = all.size;
    for (let n = 0; n < 600; n++) all.take("join", pin(`later${n}`), 1_000 + n / 1_000);
    assert.deepEqual([before, all.size < 700], [1_000, true]);
    const busy = [0, 0, 0].map(() => all.take("join", pin("anna"), 1_001));
    assert.ok((busy[2] ?? 0) > 0);
  });
});

describe("the budgets of the rendezvous", () => {
  it("apply across all connections of a key: reconnecting does not refill them", () => {
    const harness = new RendezvousHarness();
    const key = new TestKey();
    const codes: string[] = [];
    for (let n = 0; n <= limits.joinBurst; n++) {
      const client = harness.join(`anna${n}`, {}, key);
      codes.push(...client.failures.map(({ code }) => code));
      harness.disconnect(client, "quit");
    }
    assert.deepEqual(codes, ["rate-limited"]);
    assert.deepEqual(harness.join("bobby").failures, []);
  });

  it("limit forks: a number to anyone, then a refusal with the time to wait; others are not affected", () => {
    const harness = new RendezvousHarness();
    const anna = harness.join("anna");
    const others = Array.from({ length: limits.forkBurst + 1 }, (_, n) => harness.join(`other${n}`));
    const card = { addresses: [] };
    const invited = others.map((other, n) => {
      other.take();
      harness.send(anna, { type: "fork", id: `f-${n}`, to: `other${n}`, card });
      const invites = other.take().filter((message) => message.type === "invite");
      // Answered, so that few are open at a time.
      for (const { sid } of invites) harness.send(other, { type: "decline", sid, reason: "declined" });
      return invites.length;
    });
    assert.deepEqual(
      anna.failures.map(({ code, id }) => [code, id]),
      [["rate-limited", `f-${limits.forkBurst}`]],
    );
    assert.deepEqual(invited, [...Array.from({ length: limits.forkBurst }, () => 1), 0]);
    harness.send(others[0] ?? anna, { type: "fork", id: "g-1", to: "other1", card });
    assert.deepEqual(others[0]?.failures, []);
  });

  it("limit presence: neither names nor connections of a key send everyone more", () => {
    const harness = new RendezvousHarness();
    const reader = harness.join("reader");
    const key = new TestKey();
    const clients = [harness.join("anna", {}, key), harness.join("anne", {}, key)];
    reader.take();
    const most = limits.presenceBurst;
    for (let n = 0; n < most; n++) {
      for (const client of clients) {
        harness.send(client, { type: "presence", state: n % 2 === 0 ? "away" : "here" });
      }
    }
    assert.equal(reader.take().length, most);
    const codes = clients.flatMap(({ failures }) => failures.map(({ code }) => code));
    assert.deepEqual(codes, Array<string>(most).fill("rate-limited"));
    harness.send(clients[0] ?? reader, { type: "say", id: "m-1", text: "All the same I can speak." });
    assert.equal(reader.take().length, 1);
  });

  it("limit lists of users by their bytes: per key, per network, and in total", () => {
    const harness = new RendezvousHarness();
    const length = (count: number): number => Buffer.byteLength(JSON.stringify(names(count)));
    const names = (count: number): { name: string }[] =>
      Array.from({ length: count }, (_, n) => ({ name: `${"long".repeat(7)}${n}` }));
    const networks = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"];
    const people = names(400).map(({ name }, n) => harness.join(name, {}, undefined, networks[n % 5]));
    const [anna, bobby] = [people[0], people[1]];
    assert.ok(anna !== undefined && bobby !== undefined);
    const lists = (): number =>
      people.flatMap((each) => each.take().filter(({ type }) => type === "users")).length;
    for (let n = 0; n < 200; n++) harness.send(anna, { type: "users" });
    const most = Math.ceil(limits.listBurstBytes / (length(400) - 1_000));
    const ofOne = lists();
    assert.ok(ofOne > 1 && ofOne <= most, `${ofOne} lists`);
    harness.send(bobby, { type: "users" });
    assert.equal(lists(), 1, "another key has its own");
    const ofNetwork = (network: number): number => {
      for (const person of people.slice(5).filter((_, n) => n % 5 === network)) {
        for (let n = 0; n < 100; n++) harness.send(person, { type: "users" });
      }
      return lists() * (length(400) - 1_000);
    };
    const third = ofNetwork(2);
    assert.ok(third > limits.listBurstBytes && third <= limits.networkListsBurstBytes + length(400));
    const fourth = ofNetwork(3);
    assert.ok(fourth > limits.listBurstBytes, "another network has its own");
    const all = third + fourth + ofNetwork(4) + ofNetwork(0) + (ofOne + 1) * (length(400) - 1_000);
    assert.ok(all <= limits.allListsBurstBytes + length(400), `${all} bytes`);
    harness.pass(60_000);
    harness.send(anna, { type: "users" });
    assert.equal(lists(), 1);
  });
});
