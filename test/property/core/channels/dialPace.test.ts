// How often a window dials a peer, whatever that peer, and the server, say. Time is simulated; each dial is counted.
import assert from "node:assert/strict";
import fc from "fast-check";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { update } from "../../../../extension/core/update.ts";
import type { PeerMessage } from "../../../../protocol/peer.ts";
import { boot, CARD, helloOf, NOW, pin, sid, tell, type, withBobby } from "../../../support/core.ts";

type Hello = Extract<PeerMessage, { type: "hello" }>;

/** What the peer does with a link: says hello with these numbers, maybe something more, and ends it after a while. */
type Habit = {
  readonly answer: Partial<Hello> | "none";
  readonly more: PeerMessage | "second hello" | null;
  readonly end: number | "bye";
  readonly lastsMs: number;
};

const habit: fc.Arbitrary<Habit> = fc.record({
  answer: fc.oneof(
    { weight: 6, arbitrary: fc.record({ received: fc.nat(3) }) },
    fc.record({ received: fc.nat(3), sent: fc.nat(3) }),
    fc.record({ n: fc.integer({ min: 1, max: 9 }) }),
    fc.constant({ boot: boot("another"), knows: null, received: 0, sent: 0 }),
    fc.constant("none" as const),
  ),
  more: fc.constantFrom<Habit["more"]>(
    null,
    "second hello",
    { type: "message", seq: 9, at: NOW, text: "a gap" },
    { type: "ack", received: 99 },
  ),
  end: fc.constantFrom<Habit["end"]>(1000, 1006, 4003, 4006, 4007, "bye"),
  lastsMs: fc.nat(1_500),
});

type Moment = { readonly at: number; readonly event: (state: State) => CoreEvent | null };

/** anna's window, with three messages that bobby has acknowledged and one that waits; bobby and the server are scripted. */
class World {
  state: State;
  readonly dialled: number[] = [];
  #now = 0;
  #moments: Moment[] = [];
  readonly #timers = new Map<string, number>();
  readonly #habits: readonly Habit[];
  #unique = 0;

  constructor(habits: readonly Habit[]) {
    this.#habits = habits;
    this.state = withBobby;
    for (const text of ["one", "two", "three", "four"]) this.dispatch(type(text, 1));
    this.dispatch({ type: "link/frame", link: "d1", frame: { type: "ack", received: 3 } });
    this.plan(5_000, () => ({
      type: "link/closed",
      link: "d1",
      end: { kind: "lost", code: 1006, text: "" },
    }));
  }

  plan(at: number, event: Moment["event"]): void {
    this.#moments.push({ at, event });
  }

  dispatch(event: CoreEvent): void {
    const unique = `unique-${String(++this.#unique).padStart(15, "0")}`;
    const { state, effects } = update(this.state, { ...event, at: NOW + this.#now, random: 0, unique });
    this.state = state;
    for (const effect of effects) {
      if (effect.type === "schedule") this.#timers.set(effect.key, this.#now + effect.ms);
      if (effect.type === "cancel") this.#timers.delete(effect.key);
      if (effect.type !== "network") continue;
      if (effect.call === "dial") this.#answer(effect.args[0]);
    }
  }

  runUntil(end: number): void {
    for (;;) {
      const moment = this.#moments.toSorted((a, b) => a.at - b.at)[0];
      const timer = [...this.#timers].sort(([, a], [, b]) => a - b)[0];
      const next = Math.min(moment?.at ?? Infinity, timer?.[1] ?? Infinity);
      if (next > end) return;
      this.#now = Math.max(this.#now, next);
      if (moment !== undefined && moment.at === next) {
        this.#moments = this.#moments.filter((each) => each !== moment);
        const event = moment.event(this.state);
        if (event !== null) this.dispatch(event);
      } else if (timer !== undefined) {
        this.#timers.delete(timer[0]);
        this.dispatch({ type: "timer", key: timer[0] as "reconnect" });
      }
    }
  }

  /** bobby takes the call, and ends it as he likes. */
  #answer(link: string): void {
    const { answer, more, end, lastsMs } = this.#habits[this.dialled.length % this.#habits.length] ?? {
      ...{ answer: {}, more: null, end: 1006, lastsMs: 0 },
    };
    this.dialled.push(this.#now);
    const at = this.#now + 2;
    this.plan(at, () => ({
      ...{ type: "link/connected", link, role: "dialler", path: "direct", ways: [] },
      ...{ pin: pin("bobby"), ownPin: pin("anna") },
    }));
    if (answer !== "none") {
      this.plan(at + 1, (state) => ({
        ...{ type: "link/frame", link, frame: helloOf(state, "bobby", answer) },
      }));
    }
    if (more === "second hello") {
      this.plan(at + 2, () => ({
        type: "link/closed",
        link,
        end: { kind: "protocol", code: 4006, text: "" },
      }));
      return;
    }
    if (more !== null) this.plan(at + 2, () => ({ type: "link/frame", link, frame: more }));
    this.plan(at + 3 + lastsMs, () =>
      end === "bye"
        ? { type: "link/frame", link, frame: { type: "bye", reason: "closed" } }
        : { type: "link/closed", link, end: { kind: "closed", code: end, text: "" } },
    );
  }

  /** bobby calls by himself again and again, says hello, and is gone. */
  call(at: number, everyMs: number, received = 0): void {
    const link = `i${at}`;
    this.plan(at, () => {
      this.call(at + everyMs, everyMs, (received + 1) % 4);
      return {
        ...{ type: "link/connected", link, role: "listener", path: "direct", ways: [] },
        ...{ pin: pin("bobby"), ownPin: pin("anna") },
      };
    });
    this.plan(at, (state) => ({
      ...{ type: "link/frame", link },
      frame: helloOf(state, "bobby", {
        n: (state.channels[0]?.n ?? 0) + 1,
        received,
        ...(state.channels[0] === undefined ? {} : { sent: state.channels[0].received }),
      }),
    }));
    this.plan(at + 3, () => ({ type: "link/closed", link, end: { kind: "closed", code: 4006, text: "" } }));
  }

  /** The server tells again and again that bobby wants to be met. */
  reach(at: number, everyMs: number): void {
    this.plan(at, () => {
      this.reach(at + everyMs, everyMs);
      return tell({ type: "reach", sid: sid("bobby"), from: "bobby", pin: pin("bobby"), card: CARD });
    });
  }
}

/** The most dials within any stretch of ten seconds. */
function mostInTenSeconds(dialled: readonly number[]): number {
  return Math.max(
    0,
    ...dialled.map((start) => dialled.filter((at) => at >= start && at < start + 10_000).length),
  );
}

describe("a window whose links end right after hello", function () {
  this.timeout(60_000);

  it("dials more and more slowly, whatever the peer sends", () => {
    fc.assert(
      fc.property(
        fc.array(habit, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 50, 700),
        fc.constantFrom(0, 60, 1_100),
        (habits, reachMs, callMs) => {
          const world = new World(habits);
          if (reachMs > 0) world.reach(5_000, reachMs);
          if (callMs > 0) world.call(5_000, callMs);
          world.runUntil(125_000);
          // The first pauses are short, and begin again after some hellos, a few times.
          assert.ok(mostInTenSeconds(world.dialled) <= 24, `dialled at ${world.dialled.join(" ")}`);
          const late = world.dialled.filter((at) => at > 65_000);
          assert.ok(late.length <= 24, `dialled at ${world.dialled.join(" ")}`);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a peer that was restored from an older copy of its memory", () => {
  it("costs a few dials, and the session stays", () => {
    const world = new World([{ answer: { received: 1 }, more: null, end: 1006, lastsMs: 100_000 }]);
    world.runUntil(60_000);
    assert.equal(world.dialled.length, 1);
    const session = world.state.sessions[1];
    assert.ok(session?.kind === "peer" && session.link === "open");
    assert.deepEqual(
      session.pending.map(({ text, status }) => `${status} ${text}`),
      ["failed four"],
    );
  });
});
