// Many requests for where one is: the user is asked, and answers are sent, a few times only.
import assert from "node:assert/strict";
import type { Effect } from "../../../../extension/core/model/effects.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import type { CoreSettings } from "../../../../extension/core/model/settings.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { whereTexts } from "../../../../extension/core/texts/sessionTexts.ts";
import { update } from "../../../../extension/core/update.ts";
import { limits } from "../../../../protocol/limits.ts";
import * as core from "../../../support/core.ts";
import { effectTuple, lines } from "../../../support/coreChecks.ts";

const { after, run, withBobby, withBoth } = core;
const one = sessionNumber(1);
const where = core.frame("bobby", { type: "where" });

const tellWhere = (value: CoreSettings["tellWhere"]): CoreEvent => core.settings({ tellWhere: value });
const verified = after(withBobby, { type: "user/verified", session: one, value: true });

/** What leaves the window, or is shown to its user. */
const noticed = (effects: readonly Effect[]): (readonly unknown[])[] =>
  effects
    .map(effectTuple)
    .filter(([kind]) => kind !== "schedule" && kind !== "cancel" && kind !== "withdraw");

describe("a flood of requests for where one is", () => {
  /** As many requests, one each so many milliseconds; the user says "not now" to each. */
  function flood(
    given: State,
    count: number,
    everyMs: number,
  ): { state: State; asked: number; told: number } {
    let [state, asked, told] = [given, 0, 0];
    const step = (event: CoreEvent, at: number): void => {
      const result = update(state, { ...event, at, random: 0, unique: `u${at}`.padEnd(22, "-") });
      state = result.state;
      asked += result.effects.filter(({ type }) => type === "ask").length;
      told += result.effects.filter(({ type }) => type === "tellWhere").length;
    };
    for (let i = 0; i < count; i++) {
      const at = core.NOW + i * everyMs;
      const frames = typeof where === "function" ? where(state) : [where];
      for (const event of frames) step(event, at);
      for (const { id } of state.questions) step({ type: "user/answer", question: id, answer: "no" }, at);
    }
    return { state, asked, told };
  }

  const most = (ms: number): number => limits.whereBurst + Math.ceil((ms / 1000) * limits.wheresPerSecond);

  it("asks the user a few times, and makes as few lines", () => {
    const { state, asked } = flood(withBobby, 10_000, 6);
    assert.ok(asked >= limits.whereBurst && asked <= most(60_000), String(asked));
    const added =
      lines(state.sessions[1] ?? assert.fail()).length - lines(withBobby.sessions[1] ?? assert.fail()).length;
    assert.equal(added, asked);
  });

  it("is answered a few times even for verified people", () => {
    const { told } = flood(after(verified, tellWhere("verified")), 10_000, 6);
    assert.ok(told >= limits.whereBurst && told <= most(60_000), String(told));
  });

  it("changes nothing once the budget is used up", () => {
    const { state } = flood(withBobby, limits.whereBurst, 0);
    assert.equal(run(state, where).state, state);
  });

  it("is not refilled by a new link or a new session", () => {
    const { state } = flood(withBobby, limits.whereBurst, 0);
    const relinked = after(state, core.unlinked("bobby", "lost"), core.calls("bobby"));
    assert.deepEqual(noticed(run(relinked, where).effects), []);
    const again = after(
      state,
      core.unlinked("bobby", "left"),
      core.invite("bobby", "again"),
      core.linked("again"),
    );
    assert.equal(again.sessions.length, 2);
    assert.deepEqual(noticed(run(again, core.frame("again", { type: "where" })).effects), []);
  });

  it("takes nothing from the budget of others", () => {
    const { state } = flood(withBoth, limits.whereBurst, 0);
    assert.deepEqual(noticed(run(state, core.frame("carmen", { type: "where" })).effects), [
      ["ask", whereTexts.question("carmen")],
    ]);
  });

  it("leaves no budgets behind that are full again", () => {
    const { state } = flood(withBoth, 1, 0);
    const later = update(state, {
      ...{ type: "link/frame", link: "i-carmen", frame: { type: "where" } },
      ...{ at: core.NOW + 60_000, random: 0, unique: core.UNIQUE },
    });
    assert.deepEqual([...later.state.whereBudgets.keys()], [core.pin("carmen")]);
  });

  describe("from everyone the user has a session with", () => {
    // As many as a window takes at once.
    const names = Array.from({ length: 32 }, (_, i) => `peer${i}`);
    const crowd = after(core.online, ...names.flatMap((name) => [core.invite(name), core.linked(name)]));

    /** A window with a clock: timers fire when their time comes. */
    class Clock {
      state = crowd;
      asked = 0;
      readonly #timers = new Map<string, { event: CoreEvent; at: number }>();
      #at = core.NOW;

      dispatch(...steps: readonly core.Step[]): void {
        for (const step of steps)
          for (const event of typeof step === "function" ? step(this.state) : [step]) this.#update(event);
      }

      pass(ms: number): void {
        this.#at += ms;
        for (const [key, { event, at }] of this.#timers)
          if (at <= this.#at && this.#timers.delete(key)) this.#update(event);
      }

      #update(event: CoreEvent): void {
        const stamp = { at: this.#at, random: 0, unique: `u${this.asked}`.padEnd(22, "-") };
        const { state, effects } = update(this.state, { ...event, ...stamp });
        this.state = state;
        for (const effect of effects) {
          if (effect.type === "ask") this.asked += 1;
          if (effect.type === "cancel") this.#timers.delete(effect.key);
          if (effect.type === "schedule" && effect.key.startsWith("where:"))
            this.#timers.set(effect.key, { event: core.fires(effect.key), at: this.#at + effect.ms });
        }
      }

      /** Everyone asks, once a second, for so long. Returns the most questions that were open. */
      flood(seconds: number): number {
        let most = 0;
        for (let second = 0; second < seconds; second++) {
          for (const name of names) this.dispatch(core.frame(name, { type: "where" }));
          const open = this.state.questions.map((question) => question.about === "where" && question.sid);
          assert.equal(new Set(open).size, open.length, "one for each person");
          most = Math.max(most, open.length);
          this.pass(1_000);
        }
        return most;
      }

      /** Lines that say that someone asks, by session. */
      lines(): number[] {
        return this.state.sessions
          .slice(1)
          .map(
            (session) =>
              lines(session).filter((line) =>
                line.endsWith(whereTexts.asked(session.kind === "peer" ? session.peer : "")),
              ).length,
          );
      }
    }

    it("has one open question for each, says each in its session, and expires within a minute", () => {
      const window = new Clock();
      assert.equal(window.state.sessions.length, names.length + 1);
      assert.equal(window.flood(600), names.length);
      const minutes = 600_000 / limits.whereMs;
      assert.equal(window.asked, names.length * minutes);
      assert.deepEqual(
        window.lines(),
        names.map(() => minutes),
      );
      window.pass(limits.whereMs);
      assert.deepEqual(window.state.questions, []);
    });

    it("keeps no more for later while the user must not be disturbed, and asks nothing that has expired", () => {
      const window = new Clock();
      window.dispatch(core.occupied(true));
      assert.equal(window.flood(300), names.length);
      assert.equal(window.state.unasked.length, names.length);
      assert.equal(window.asked, 0);
      window.pass(limits.whereMs);
      window.dispatch(core.occupied(false));
      assert.equal(window.asked, 0);
      assert.deepEqual([window.state.questions, window.state.unasked], [[], []]);
      assert.ok(
        window.lines().every((count) => count === 300_000 / limits.whereMs),
        "each is said in its session",
      );
    });
  });
});
