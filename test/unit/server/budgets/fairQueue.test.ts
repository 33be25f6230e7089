// Whose turn it is where many share one rate.
import assert from "node:assert/strict";
import { FairQueue } from "../../../../server/budgets/fairQueue.ts";

const LOUD = 100;

function take(queue: FairQueue<string>): string | undefined {
  return queue.take(0, () => 0);
}

/** Takes everything out, in order. */
function all(queue: FairQueue<string>): string[] {
  const items: string[] = [];
  for (;;) {
    const next = take(queue);
    if (next === undefined) return items;
    items.push(next);
  }
}

describe("a queue that is fair", () => {
  const make = (all = 1_000, ofAddress = 1_000, ofFlow = 1_000): FairQueue<string> =>
    new FairQueue({ all, ofAddress, ofFlow });
  const add = (
    queue: FairQueue<string>,
    flow: string,
    item: string,
    cost = 100,
    address = flow,
  ): string | undefined => queue.add({ flow, address, cost, item });

  it("keeps the order within each flow, and alternates between flows", () => {
    for (const group of [undefined, "all"]) {
      const queue = make();
      for (const n of [1, 2, 3]) add(queue, "loud", `loud ${n}`, 100, group);
      for (const n of [1, 2]) add(queue, "quiet", `quiet ${n}`, 100, group);
      assert.deepEqual(all(queue), ["loud 1", "quiet 1", "loud 2", "quiet 2", "loud 3"]);
    }
  });

  it("gives flows with larger requests no more in total", () => {
    for (const group of [undefined, "all"]) {
      const queue = make();
      for (const n of [1, 2, 3]) add(queue, "long", `long ${n}`, 1_000, group);
      for (let n = 1; n <= 30; n++) add(queue, "short", `short ${n}`, 101, group);
      const order = all(queue);
      assert.equal(order.indexOf("long 1"), 9);
      assert.equal(order.indexOf("long 2"), 20);
    }
  });

  it("serves small requests before all large ones, whenever they came", () => {
    for (const group of [undefined, "all"]) {
      const queue = make();
      for (let n = 0; n < LOUD; n++) add(queue, `loud ${n}`, `loud ${n}`, 16_384, group);
      for (let n = 0; n < 30; n++) take(queue);
      add(queue, "anna", "hello", 500, group);
      assert.equal(take(queue), "hello");
    }
  });

  it("never credits earlier silence with more than one turn", () => {
    const queue = make();
    for (let n = 0; n < 50; n++) add(queue, "loud", `loud ${n}`);
    for (let n = 0; n < 40; n++) take(queue);
    for (let n = 0; n < 5; n++) add(queue, "late", `late ${n}`);
    const next = all(queue).slice(0, 6);
    assert.ok(next.filter((item) => item.startsWith("late")).length <= 4, next.join());
  });

  it("serves a flow with many small requests no more than one with large requests", () => {
    for (const group of [undefined, "all"]) {
      const queue = make();
      add(queue, "long", "long", 10_000, group);
      add(queue, "anna", "0", 100, group);
      let count = 0;
      while (count < 1_000 && take(queue) !== "long") add(queue, "anna", String(++count), 100, group);
      assert.ok(count <= 100, `${count} before it`);
    }
  });

  it("gives an address with a thousand flows no more than one with a single flow", () => {
    const queue = make();
    for (let n = 0; n < 500; n++) add(queue, `fake ${n}`, "fake", 100, "attacker");
    for (let n = 0; n < 10; n++) add(queue, "anna", "real", 100, "honest");
    const order = all(queue);
    assert.ok(order.lastIndexOf("real") <= 20, String(order.lastIndexOf("real")));
  });

  it("skips what must wait, and keeps its place", () => {
    const queue = make();
    add(queue, "anna", "first");
    add(queue, "bobby", "second");
    const untilAnnaMay = ({ flow }: { readonly flow: string }): number => (flow === "anna" ? 50 : 0);
    assert.equal(queue.take(0, untilAnnaMay), "second");
    assert.equal(queue.take(0, untilAnnaMay), undefined);
    assert.equal(queue.readyAt, 50);
    add(queue, "carol", "third", 200);
    assert.equal(
      queue.take(50, () => 0),
      "first",
    );
    assert.deepEqual(all(queue), ["third"]);
  });

  it("is bounded: the largest consumer loses entries, not the latest", () => {
    const queue = make(3);
    for (const n of [1, 2, 3]) add(queue, "loud", `loud ${n}`);
    assert.equal(add(queue, "anna", "hello"), "loud 3");
    assert.equal(add(queue, "loud", "loud 4"), "loud 4");
    assert.deepEqual(all(queue), ["loud 1", "hello", "loud 2"]);
  });

  it("is bounded per group: its flows displace each other, and no one else", () => {
    const queue = make(1_000, 2);
    add(queue, "bobby", "of elsewhere", 50_000, "elsewhere");
    add(queue, "one", "first", 100, "here");
    add(queue, "two", "second", 200, "here");
    assert.equal(add(queue, "three", "third", 150, "here"), "second");
    assert.deepEqual(all(queue), ["first", "third", "of elsewhere"]);
  });

  it("gives the many addresses of a network no more than one elsewhere", () => {
    const queue = make();
    for (let n = 0; n < 500; n++)
      add(queue, `fake ${n}`, `fake ${n}`, 100, `2001:db8:1:${n.toString(16)}::/64`);
    for (let n = 0; n < 10; n++) add(queue, "anna", `real ${n}`, 100, "2001:db8:2:1::/64");
    const order = all(queue);
    assert.ok(order.indexOf("real 9") <= 20, String(order.indexOf("real 9")));
  });

  it("shares what a network gets between its addresses", () => {
    const queue = make();
    for (let n = 0; n < 500; n++) add(queue, `fake ${n}`, `fake ${n}`, 100, "2001:db8:1:1::/64");
    for (let n = 0; n < 10; n++) add(queue, "anna", `real ${n}`, 100, "2001:db8:1:2::/64");
    const order = all(queue);
    assert.ok(order.indexOf("real 9") <= 20, String(order.indexOf("real 9")));
  });

  it("is bounded for each flow, whatever its addresses", () => {
    const queue = make(1_000, 1_000, 2);
    add(queue, "anna", "first", 100, "here");
    add(queue, "anna", "second", 100, "there");
    assert.equal(add(queue, "anna", "third", 100, "elsewhere"), "third");
    assert.equal(add(queue, "bobby", "of another", 100, "here"), undefined);
    assert.equal(queue.size, 3);
  });

  it("looks at each flow that may not go once, however many wait and however many others go", () => {
    for (const flows of [10, 900]) {
      const queue = make();
      for (let n = 0; n < flows; n++) add(queue, `waits ${n}`, `waits ${n}`);
      for (let n = 0; n < 50; n++) add(queue, "anna", `real ${n}`, 10);
      let looks = 0;
      for (let n = 0; n < 50; n++) {
        const next = queue.take(0, ({ flow }) => {
          looks += 1;
          return flow === "anna" ? 0 : 1_000;
        });
        assert.equal(next, `real ${n}`);
      }
      assert.ok(looks <= flows + 50, `${looks} looks with ${flows} flows`);
    }
  });

  it("remembers few owners without waiting items, in one group or in many", () => {
    for (const group of [undefined, "all"]) {
      const queue = make(10, 5);
      add(queue, "waits", "waits", 1e9);
      for (let n = 0; n < 1_000; n++) {
        add(queue, `flow ${n}`, "comes", 1, group);
        assert.equal(take(queue), "comes");
      }
      assert.equal(queue.size, 1);
      assert.ok(queue.flows <= 20, `${queue.flows} are remembered`);
    }
  });
});
