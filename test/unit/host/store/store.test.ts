// The store: one event at a time, effects in order, one answer for each request.
import assert from "node:assert/strict";
import { allOrNothing, DisposableStore } from "../../../../extension/host/vscode/disposableStore.ts";
import { Store } from "../../../../extension/host/store/store.ts";
import type { Effect } from "../../../../extension/core/model/effects.ts";
import { initialState } from "../../../../extension/core/model/state.ts";

const source = { now: () => 1000, random: () => 0.5, unique: () => "u".repeat(22) };

describe("the store", () => {
  it("answers a request with the core's outcome", async () => {
    const store = new Store(initialState("w"), source, () => undefined);
    const outcome = await store.request((request) => ({
      type: "user/command",
      request,
      command: { name: "help", argument: "" },
    }));
    assert.ok(!outcome.ok && outcome.code === "not-joined");
  });

  it("queues an event that an effect causes until the current one is done", () => {
    const effects: Effect[] = [];
    const seen: string[] = [];
    const store = new Store(initialState("w"), source, (effect) => {
      effects.push(effect);
      if (effect.type === "network" && effect.call === "connect") {
        store.dispatch({
          type: "rendezvous/closed",
          connection: 1,
          cause: { kind: "unreachable", text: "nobody is there" },
        });
      }
    });
    store.onChange((_before, after) => seen.push(after.connection.status));
    store.dispatch({ type: "user/join", request: 1, name: "anna", server: "ws://127.0.0.1:1" });
    assert.deepEqual(seen, ["connecting", "idle"]);
    assert.deepEqual(
      effects.map((effect) => (effect.type === "network" ? effect.call : effect.type)),
      ["connect", "stopListening"],
    );
  });

  it("notifies listeners of changes only, and none that has unsubscribed", () => {
    const store = new Store(initialState("w"), source, () => undefined);
    let told = 0;
    const subscription = store.onChange(() => told++);
    store.dispatch({ type: "timer", key: "reconnect" });
    assert.equal(told, 0);
    store.dispatch({ type: "panel/visible", visible: true });
    assert.equal(told, 1);
    subscription.dispose();
    store.dispatch({ type: "panel/visible", visible: false });
    assert.equal(told, 1);
  });

  it("gives each effect, listener and event its turn, also when one of them throws, and reports the errors", () => {
    const [done, errors]: [string[], string[]] = [[], []];
    const broken = new Set(["first effect", "first listener"]);
    const turn = (what: string): void => {
      done.push(what);
      if (broken.delete(what)) throw new Error(what);
    };
    let effects = 0;
    const store = new Store(
      initialState("w"),
      source,
      () => turn(`${effects++ === 0 ? "first" : "next"} effect`),
      () => true,
      (error) => errors.push(String(error)),
    );
    store.onChange(() => turn("first listener"));
    store.onChange(({ active }, after) => turn(`${active}→${after.active}`));
    store.dispatch({ type: "user/join", request: 1, name: "anna", server: "ws://127.0.0.1:1" });
    store.dispatch({ type: "panel/visible", visible: true });
    assert.deepEqual(errors, ["Error: first effect", "Error: first listener"]);
    assert.equal(done.filter((what) => what === "first listener").length, 2);
    assert.equal(done.filter((what) => what.includes("→")).length, 2);
  });
});

describe("the disposable store", () => {
  it("disposes the latest first, each once, even when disposed twice", () => {
    const order: number[] = [];
    const parts = new DisposableStore();
    for (const n of [1, 2, 3]) parts.add({ dispose: () => order.push(n) });
    assert.equal(parts.size, 3);
    parts.dispose();
    parts.dispose();
    assert.deepEqual(order, [3, 2, 1]);
    assert.equal(parts.size, 0);
  });

  it("disposes late additions at once", () => {
    const parts = new DisposableStore();
    parts.dispose();
    let disposed = false;
    parts.add({ dispose: () => (disposed = true) });
    assert.ok(disposed);
  });

  it("disposes the others when one throws, and then throws that error", () => {
    const order: number[] = [];
    const parts = new DisposableStore();
    parts.add({ dispose: () => order.push(1) });
    parts.add(failing("two"));
    parts.add({ dispose: () => order.push(3) });
    assert.throws(() => parts.dispose(), /^Error: two$/);
    assert.deepEqual(order, [3, 1]);
    assert.equal(parts.size, 0);
    parts.dispose();
  });

  it("throws all errors together when several throw", () => {
    const parts = new DisposableStore();
    for (const name of ["one", "two"]) parts.add(failing(name));
    assert.throws(
      () => parts.dispose(),
      (error) =>
        error instanceof AggregateError && error.errors.map(String).join() === "Error: two,Error: one",
    );
  });
});

describe("something made of several parts", () => {
  it("is whole, and keeps its parts until it is disposed", () => {
    const order: number[] = [];
    const made = allOrNothing((parts) => {
      for (const n of [1, 2]) parts.add({ dispose: () => order.push(n) });
      return parts;
    });
    assert.deepEqual(order, []);
    made.dispose();
    assert.deepEqual(order, [2, 1]);
  });

  it("leaves nothing when a step throws, whichever step it is", () => {
    for (let broken = 0; broken < 5; broken++) {
      const [made, disposed]: [number[], number[]] = [[], []];
      assert.throws(
        () =>
          allOrNothing((parts) => {
            for (let n = 0; n < 5; n++) {
              if (n === broken) throw new Error(`step ${n}`);
              made.push(n);
              parts.add({ dispose: () => disposed.push(n) });
            }
          }),
        new RegExp(`step ${broken}`),
      );
      assert.deepEqual(disposed, [...made].reverse());
    }
  });

  it("throws the step's error, also when a part cannot be disposed", () => {
    const order: number[] = [];
    assert.throws(
      () =>
        allOrNothing((parts) => {
          parts.add({ dispose: () => order.push(1) });
          parts.add(failing("cleanup"));
          throw new Error("the step");
        }),
      /the step/,
    );
    assert.deepEqual(order, [1]);
  });
});

function failing(name: string): { dispose(): void } {
  return {
    dispose: () => {
      throw new Error(name);
    },
  };
}
