// Searches run one at a time, and their answers are kept until a file changes that they come from.
import assert from "node:assert/strict";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { type Searched, SearchQueue } from "../../../../extension/host/code/searchQueue.ts";

type Ended = (searched: Searched<string> | null) => void;

/** The queue goes on after promises. */
const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

/** A queue whose searches end when the test says so. */
function start() {
  const runs: { readonly key: string; readonly end: Ended }[] = [];
  const stale: string[] = [];
  const queue = new SearchQueue<string>((key) => stale.push(key));
  const find = (key: string, isUrgent = false, author = "") =>
    queue.find({ key, author, isUrgent }, () => new Promise((end) => runs.push({ key, end })));
  const end = (answer: string, ...files: string[]) => {
    runs.at(-1)?.end({ answer, files: new Set(files), cost: 1 });
  };
  const endAtCost = (cost: number) => runs.at(-1)?.end({ answer: "", files: new Set(), cost });
  const started = () => runs.map(({ key }) => key);
  return { queue, find, end, endAtCost, started, stale };
}

describe("searches", () => {
  it("run one at a time, what the user waits for first", async () => {
    const { find, end, started } = start();
    const all = [find("a"), find("b"), find("c", true)];
    assert.deepEqual(started(), ["a"]);
    end("1");
    await turn();
    assert.deepEqual(started(), ["a", "c"]);
    end("2");
    await turn();
    end("3");
    assert.deepEqual(await Promise.all(all), ["1", "3", "2"]);
    assert.deepEqual(started(), ["a", "c", "b"]);
  });

  it("are not repeated while their files stay as they are", async () => {
    const { queue, find, end, started, stale } = start();
    const first = find("a");
    end("1", "x.ts");
    await first;
    queue.forget("y.ts");
    assert.equal(await find("a"), "1");
    queue.forget("x.ts");
    assert.deepEqual(stale, ["a"]);
    const again = find("a");
    end("2", "x.ts");
    assert.equal(await again, "2");
    assert.deepEqual(started(), ["a", "a"]);
  });

  it("are repeated after any change when the user acts on them", async () => {
    const { queue, find, end, started } = start();
    const first = find("a");
    end("1", "x.ts");
    await first;
    assert.equal(await find("a", true), "1");
    queue.forget("y.ts");
    const again = find("a", true);
    end("2", "x.ts");
    assert.equal(await again, "2");
    assert.deepEqual(started(), ["a", "a"]);
  });

  it("give an answer that is not kept when a file changes meanwhile", async () => {
    const { queue, find, end, started, stale } = start();
    const first = find("a");
    queue.forget("x.ts");
    end("1", "x.ts");
    assert.equal(await first, "1");
    assert.deepEqual(stale, ["a"]);
    await turn();
    const again = find("a");
    queue.forget("y.ts");
    end("2", "x.ts");
    await again;
    assert.equal(await find("a"), "2");
    assert.deepEqual(started(), ["a", "a"]);
  });

  it("that wait are dropped beyond a hundred, the oldest first", async () => {
    const { queue, find } = start();
    const waiting = Array.from({ length: 102 }, (_, at) => find(String(at)));
    assert.equal(await waiting[1], null);
    queue.dispose();
    assert.equal(await waiting[101], null);
  });

  it("that the user waits for are not dropped for others", async () => {
    const { queue, find, end, started } = start();
    const running = find("running");
    const waiting = Array.from({ length: 100 }, (_, at) => find(String(at)));
    const urgent = find("urgent", true);
    assert.equal(await waiting[0], null);
    end("1");
    await running;
    await turn();
    assert.deepEqual(started(), ["running", "urgent"]);
    end("2");
    assert.equal(await urgent, "2");
    queue.dispose();
  });

  it("keep two hundred answers, the latest", async () => {
    const { find, end, started } = start();
    for (let at = 0; at <= 200; at += 1) {
      const searched = find(String(at));
      end("1");
      await searched;
      await turn();
    }
    await find("1");
    assert.equal(started().length, 201);
    const again = find("0");
    end("2");
    assert.equal(await again, "2");
  });

  it("end without an answer when the window closes", async () => {
    const { queue, find, end } = start();
    const running = find("a");
    queue.dispose();
    end("1");
    assert.equal(await running, null);
  });

  it("report their failures, and the next one runs", async () => {
    const queue = new SearchQueue<string>();
    const search = { author: "", isUrgent: false };
    const failing = queue.find({ ...search, key: "a" }, () => Promise.reject(new Error("broken")));
    const searched = { answer: "1", files: new Set<string>(), cost: 1 };
    const next = queue.find({ ...search, key: "b" }, () => Promise.resolve(searched));
    await assert.rejects(failing, /broken/);
    assert.equal(await next, "1");
  });
});

describe("searches for the cards of several authors", () => {
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());

  it("take turns, however many one has sent", async () => {
    const { find, end, started } = start();
    for (let at = 0; at < 50; at += 1) void find(`m${String(at)}`, false, "mallory");
    void find("b0", false, "bobby");
    void find("b1", false, "bobby");
    for (let at = 0; at < 4; at += 1) {
      end("");
      await turn();
    }
    assert.deepEqual(started(), ["m0", "b0", "m1", "b1", "m2"]);
  });

  it("are dropped of the one with the most", async () => {
    const { queue, find } = start();
    void find("running", false, "anna");
    let isDropped = false;
    void find("b", false, "bobby").then(() => (isDropped = true));
    const mallorys = Array.from({ length: 150 }, (_, at) => find(String(at), false, "mallory"));
    assert.equal(await mallorys[0], null);
    await turn();
    assert.equal(isDropped, false);
    queue.dispose();
  });

  it("wait while the author's budget is used up, unless the user acts on them", async () => {
    const { find, endAtCost, started } = start();
    for (let at = 0; at < 3; at += 1) {
      void find(`m${String(at)}`, false, "mallory");
      await turn();
      endAtCost(4_000);
      await turn();
    }
    void find("m3", false, "mallory");
    void find("m4", false, "mallory");
    assert.deepEqual(started(), ["m0", "m1"]);
    void find("b", false, "bobby");
    await turn();
    endAtCost(1);
    await turn();
    assert.deepEqual(started(), ["m0", "m1", "b"]);
    void find("m3", true, "mallory");
    await turn();
    endAtCost(1);
    await turn();
    assert.deepEqual(started(), ["m0", "m1", "b", "m3"]);
    timers.pass(60_000);
    await turn();
    endAtCost(1);
    await turn();
    assert.deepEqual(started().slice(4), ["m2", "m4"]);
  });

  it("have a budget together: keys are free", async () => {
    const { find, endAtCost, started } = start();
    for (let at = 0; at < 9; at += 1) {
      void find(String(at), false, `mallory${String(at)}`);
      await turn();
      endAtCost(6_000);
      await turn();
    }
    assert.deepEqual(started(), ["0", "1", "2", "3"]);
  });
});
