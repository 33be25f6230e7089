// Relay tickets for a bulk link: who asks for them, who follows them, and that the session's own link stays as it is.
import assert from "node:assert/strict";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import * as core from "../../../support/core.ts";
import { effectTuple } from "../../../support/coreChecks.ts";

const bobby = core.sid("bobby");
const asks = (session: string): CoreEvent => ({ type: "bulk/needsTicket", session: core.sid(session) });
const outcome = (state: State, ...events: (CoreEvent | core.Step)[]) => {
  const { state: after, effects } = core.run(state, ...events);
  return { after, effects: effects.map(effectTuple) };
};

// Anna dialed bobby, and carmen dialed her.
const both: State = { ...core.withBoth, place: { ...core.withBoth.place, relaysFiles: true } };
const given = (id: string): CoreEvent =>
  core.tell({ type: "tunneling", id: core.messageId(id), sid: bobby, ticket: core.TOKEN });
const offered = (session: string, key = session): CoreEvent =>
  core.tell({
    ...{ type: "tunnel", from: session, sid: core.sid(session), pin: core.pin(key), ticket: core.TOKEN },
  });

describe("tickets for a bulk link", () => {
  const { after, effects } = outcome(both, asks("bobby"));
  const id = after.channels[0]?.tickets ?? "";

  it("are asked for at the server, and change nothing else", () => {
    assert.deepEqual(effects, [
      ["send", 1, { type: "tunnel", id, sid: bobby, to: "bobby", pin: core.pin("bobby") }],
    ]);
    assert.deepEqual({ ...after.channels[0], tickets: null }, both.channels[0]);
  });

  it("reach the transfers once", () => {
    assert.deepEqual(outcome(after, given(id), given(id)).effects, [
      ["transfers relayed", bobby, { server: core.SERVER, ticket: core.TOKEN }],
    ]);
    assert.deepEqual(outcome(after, given("another")).effects, []);
  });

  it("are not there after an error", () => {
    const error = core.tell({ type: "error", code: "unknown-user", text: "No.", id: core.messageId(id) });
    assert.deepEqual(outcome(after, error, error).effects, [["transfers relayed", bobby, null]]);
  });

  it("are not asked for where the server has none, the user wants none, or the peer has to ask", () => {
    for (const [state, session] of [
      [core.withBoth, "bobby"],
      [core.after(both, core.settings({ connection: "direct" })), "bobby"],
      [core.after(both, core.close()), "bobby"],
      [core.after(both, core.unlinked("bobby", "lost")), "bobby"],
      [both, "carmen"],
    ] as const)
      assert.deepEqual(outcome(state, asks(session)).effects, [
        ["transfers relayed", core.sid(session), null],
      ]);
  });

  it("are followed when the peer that dialed the session's link has asked for them", () => {
    const { after, effects } = outcome(both, offered("carmen"));
    assert.deepEqual(effects, [
      ["meetAtRelay", { server: core.SERVER, ticket: core.TOKEN }, core.pin("carmen")],
    ]);
    assert.deepEqual(after.channels, both.channels);
  });

  it("are not followed for another key, an unknown session, or a link that this side dialed", () => {
    for (const event of [offered("carmen", "dora"), offered("dora"), offered("bobby")])
      assert.deepEqual(outcome(both, event).effects, []);
    const direct = core.after(both, core.settings({ connection: "direct" }));
    assert.deepEqual(outcome(direct, offered("carmen")).effects, []);
  });

  it("have a budget for each peer, which leaves the relay to the others", () => {
    const { relayDialsPerPeer } = limits;
    const many = Array.from({ length: 200 }, () => offered("carmen"));
    const { after, effects } = outcome(both, ...many);
    assert.equal(effects.length, relayDialsPerPeer);
    assert.deepEqual(
      outcome(after, asks("bobby")).effects.map(([what]) => what),
      ["send"],
    );
  });

  it("are asked for within that budget, however often the peer ends a bulk link and asks for another", () => {
    const { effects } = outcome(both, ...Array.from({ length: 200 }, () => asks("bobby")));
    assert.equal(effects.filter(([what]) => what === "send").length, limits.relayDialsPerPeer);
  });
});
