// Names that look like those of people the user knows, told by a server or a peer that does not refuse them.
import assert from "node:assert/strict";
import type { State } from "../../../../extension/core/model/state.ts";
import type { KnownPeer } from "../../../../extension/core/model/person.ts";
import {
  after,
  blank,
  CARD,
  introduce,
  invite,
  join,
  joined,
  listening,
  NOW,
  open,
  pin,
  run,
  settings,
  tell,
  type,
} from "../../../support/core.ts";

const known = (name: string, change: Partial<KnownPeer> = {}): KnownPeer => ({
  name,
  pin: pin("known"),
  verified: false,
  blocked: false,
  at: NOW - 1_000,
  ...change,
});

/** A user in the lobby who remembers people from before, and accepts every fork. */
const online = (name: string, ...people: readonly KnownPeer[]): State =>
  after(
    blank,
    { type: "people/loaded", people },
    settings({ acceptForks: "always" }),
    join(name),
    open(),
    listening,
    tell(joined(name)),
  );

function answerTo(state: State, from: string, key = pin("other"), session = "session-1"): string | undefined {
  const { effects } = run(state, invite(from, session, key));
  const sent = effects.flatMap((effect) =>
    effect.type === "network" && effect.call === "send" ? [effect.args[1].type] : [],
  );
  return sent[0];
}

describe("a fork by someone whose name looks like", () => {
  for (const [what, state, from] of [
    ["the user's own", online("ops"), "орѕ"],
    ["that of a person with another key", online("anna", known("ops")), "орѕ"],
    ["that of a person who is verified", online("anna", known("José", { verified: true })), "јоѕе́"],
    ["that of a person who is blocked", online("anna", known("rnike", { pin: null, blocked: true })), "mike"],
  ] as const) {
    it(`${what} is declined`, () => assert.equal(answerTo(state, from), "decline"));
  }

  it("that of the same key, or no one's, is accepted", () => {
    const state = online("anna", known("ops"));
    assert.equal(answerTo(state, "орѕ", pin("known")), "accept");
    assert.equal(answerTo(state, "opa"), "accept");
  });
});

describe("the user's own request to someone whose name looks like", () => {
  const asked = (...people: readonly KnownPeer[]): State => {
    const state = online("anna", ...people);
    const users = [...state.users, "орѕ"];
    return after({ ...state, users }, type("\\fork орѕ", 0, 4));
  };
  const dialled = (state: State, key: string): boolean =>
    run(
      state,
      introduce("w.1", "ops", "session-1", { peer: { name: "орѕ", pin: pin(key), card: CARD } }),
    ).effects.some((effect) => effect.type === "network" && effect.call === "dial");

  it("that of a person with another key opens nothing", () => {
    assert.equal(dialled(asked(known("ops", { verified: true })), "other"), false);
  });

  it("that of the same key, or of no one known, goes on", () => {
    assert.equal(dialled(asked(known("ops")), "known"), true);
    assert.equal(dialled(asked(known("opa")), "other"), true);
  });
});

describe("two requests at once by people whose names look alike", () => {
  it("are never both shown, no matter who introduces them", () => {
    const state = after(online("anna"), settings({ acceptForks: "ask" }), invite("ops", "session-1"));
    assert.equal(answerTo(state, "орѕ", pin("other"), "session-2"), "decline");
    assert.equal(answerTo(state, "opa", pin("other"), "session-2"), undefined);
  });
});
