// Names that look like those of people the user knows, told by a server or a peer that does not refuse them.
import assert from "node:assert/strict";
import type { State } from "../../../../extension/core/model/state.ts";
import type { KnownPeer } from "../../../../extension/core/model/person.ts";
import {
  after,
  blank,
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
} from "../../../support/core.ts";

const known = (name: string, change: Partial<KnownPeer> = {}): KnownPeer => ({
  name,
  pin: pin("known"),
  verified: false,
  blocked: false,
  at: NOW - 1_000,
  ...change,
});

/** Somebody in the lobby who remembers people from before, and takes every fork. */
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

function answerTo(state: State, from: string, key = pin("other")): string | undefined {
  const { effects } = run(state, invite(from, "session-1", key));
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
