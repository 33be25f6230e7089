// Comparing a session's safety number: our confirmation is kept with the key, the peer's lasts as long as the session.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import { verifiedBy } from "../../../../extension/core/people/verification.ts";
import {
  after,
  fires,
  frame,
  invite,
  linked,
  look,
  offline,
  pin,
  run,
  type,
  unlinked,
  withBobby,
  withBoth,
} from "../../../support/core.ts";
import { check, lobbyLines, specify } from "../../../support/coreChecks.ts";

const decided = (value: boolean, session = 1): CoreEvent => ({
  type: "user/verified",
  session: sessionNumber(session),
  value,
});
const told = (value: boolean, session = "bobby") => frame(session, { type: "verified", value });

function verified(state: State, number = 1): string {
  const session = state.sessions.find((each) => each.number === number);
  assert.ok(session?.kind === "peer");
  return verifiedBy(state, session);
}

/** Frames about the number which go out over links. */
const frames = (state: State, ...events: Parameters<typeof run>[1][]): unknown[] =>
  run(state, ...events).effects.flatMap((effect) =>
    effect.type === "network" && effect.call === "sendLink" && effect.args[1].type === "verified"
      ? [effect.args]
      : [],
  );

describe("compared safety numbers", () => {
  it("are verified by no one, one side or both, as each has said", () => {
    assert.equal(verified(withBobby), "nobody");
    assert.equal(verified(after(withBobby, decided(true))), "me");
    assert.equal(verified(after(withBobby, told(true))), "peer");
    assert.equal(verified(after(withBobby, told(true), decided(true))), "both");
    assert.equal(verified(after(withBobby, told(true), decided(true), decided(false))), "peer");
    assert.equal(verified(after(withBobby, told(true), decided(true), told(false))), "me");
  });

  specify([
    {
      description: "that match are remembered with the key, and the peer is notified",
      given: withBobby,
      events: [decided(true)],
      expected: {
        lines: ["1 info You verified bobby: the safety numbers match."],
        effects: [
          ["remember", "bobby"],
          ["sendLink", "d1", { type: "verified", value: true }],
        ],
      },
    },
    {
      description: "do not exist for the lobby or for unknown sessions",
      given: withBobby,
      events: [decided(true, 0), decided(true, 9)],
      expected: { unchanged: true },
    },
    {
      description: "confirmed by the peer are shown once, however often it repeats it",
      given: withBobby,
      events: [told(true), told(true)],
      expected: { lines: ["1 info bobby compared the safety numbers, and they match."], effects: [] },
    },
    {
      description: "rejected by the peer produce a warning",
      given: after(withBobby, told(true)),
      events: [told(false)],
      expected: {
        lines: [
          "1 error bobby compared the safety numbers, and they differ. Be careful what you share here.",
        ],
      },
    },
  ]);

  it("that differ produce a warning that says what to do, and the session stays", () => {
    const state = after(withBobby, decided(false));
    const text = state.sessions[1]?.transcript.chunks.flat().at(-1)?.text ?? "";
    for (const word of ["differ", "\\leave", "\\block bobby"]) assert.ok(text.includes(word), word);
    check(state, [], { sessions: [" 0 lobby", "*1 bobby A open"] });
    assert.deepEqual(frames(withBobby, decided(false)), [["d1", { type: "verified", value: false }]]);
  });

  it("are sent over the next link if the peer is away; a peer without a result gets nothing", () => {
    const away = after(withBobby, unlinked("bobby", "lost"));
    assert.deepEqual(frames(away, decided(true)), []);
    assert.deepEqual(frames(after(away, decided(true)), linked("bobby")).length, 1);
    assert.deepEqual(frames(away, linked("bobby")), []);
  });

  it("do not require the server", () => {
    assert.equal(verified(after(offline, look(1), decided(true), told(true))), "both");
  });

  it("count for the next session with that key, and for no other; the peer's answer counts only for its session", () => {
    const compared = after(withBobby, decided(true), told(true), type("\\leave", 1));
    const again = after(compared, invite("bobby", "second"), linked("second"));
    assert.equal(verified(again, 2), "me");
    const other = after(compared, invite("bobby", "third", pin("another")));
    const answered = after(other, type("\\accept bobby"), linked("third"));
    assert.equal(verified(answered, 2), "nobody");
    assert.equal(answered.people.find(({ name }) => name === "bobby")?.verified, false);
  });

  it("say nothing about anyone else", () => {
    const state = after(withBoth, decided(true, 1), told(true, "bobby"));
    assert.deepEqual([verified(state, 1), verified(state, 2)], ["both", "nobody"]);
    assert.deepEqual(lobbyLines(state), lobbyLines(withBoth));
  });

  it("are kept for a bounded number of keys, those met last", () => {
    const learnt = Array.from({ length: 400 }, (_, n): CoreEvent => ({
      type: "peer/number",
      pin: pin(`p${n}`),
      number: String(n),
    }));
    const { numbers } = after(withBobby, ...learnt, fires("pace"));
    assert.ok(numbers.size < 300 && numbers.get(pin("p399")) === "399" && !numbers.has(pin("p0")));
  });

  it("produce few lines, however often they change, and end with a warning not to rely on them", () => {
    const flapping = Array.from({ length: 1_001 }, (_, n) => told(n % 2 === 0));
    const state = after(withBobby, ...flapping);
    const linesOf = ({ sessions }: State): string[] => {
      const [, bobby] = sessions;
      return bobby === undefined ? [] : slice(bobby.transcript, 0, Infinity).entries.map(({ text }) => text);
    };
    const lines = linesOf(state).slice(linesOf(withBobby).length);
    assert.equal(lines.length, 6);
    assert.equal(
      lines.at(-1),
      "bobby keeps changing their answer about the safety numbers. Don't rely on it.",
    );
    assert.equal(state.sessions[1]?.verifiedByPeer, true);
  });
});
