// Who is in the lobby: arrivals, departures, lists.
import assert from "node:assert/strict";
import { limits } from "../../../../protocol/limits.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import { after, online, tell, withBobby } from "../../../support/core.ts";
import { check, lobbyLines, specify } from "../../../support/coreChecks.ts";

describe("people in the lobby", () => {
  specify([
    {
      description: "are announced and sorted in when they arrive",
      given: online,
      events: [tell({ type: "arrived", name: "Boris" }), tell({ type: "arrived", name: "aaron" })],
      expected: {
        users: ["aaron", "anna", "bobby", "Boris", "carmen"],
        lines: ["0 info Boris has joined.", "0 info aaron has joined."],
      },
    },
    {
      description: "do not arrive twice, in any case",
      given: online,
      events: [tell({ type: "arrived", name: "BOBBY" })],
      expected: { unchanged: true },
    },
    {
      description: "are shown as having quit, closed their window, or lost the connection",
      given: after(online, tell({ type: "arrived", name: "dora" })),
      events: [
        tell({ type: "left", name: "bobby", reason: "quit" }),
        tell({ type: "left", name: "carmen", reason: "closed" }),
        tell({ type: "left", name: "dora", reason: "lost" }),
      ],
      expected: {
        users: ["anna"],
        lines: [
          "0 info bobby has quit.",
          "0 info carmen's window was closed.",
          "0 info dora lost the connection.",
        ],
      },
    },
    {
      description: "cannot leave if they are not there",
      given: online,
      events: [tell({ type: "left", name: "dora", reason: "quit" })],
      expected: { unchanged: true },
    },
    {
      description: "can leave without ending private sessions",
      given: withBobby,
      events: [tell({ type: "left", name: "bobby", reason: "lost" })],
      expected: { sessions: [" 0 lobby", "*1 bobby A open"], users: ["anna", "carmen"] },
    },
    {
      description: "are replaced by a list from the server, each name once",
      given: online,
      events: [tell({ type: "users", items: ["zoe", "anna", "Zoe", "bobby"].map((name) => ({ name })) })],
      expected: { users: ["anna", "bobby", "Zoe"], lines: [], effects: [] },
    },
  ]);

  it("produce join and quit lines that can be folded", () => {
    const state = after(
      online,
      tell({ type: "arrived", name: "dora" }),
      tell({ type: "left", name: "dora", reason: "quit" }),
    );
    const { transcript } = state.sessions[0];
    const told = slice(transcript, transcript.end - 2, transcript.end).entries;
    assert.deepEqual(
      told.map((entry) => (entry.kind === "notice" ? entry.presence : null)),
      [
        { name: "dora", what: "joined" },
        { name: "dora", what: "left" },
      ],
    );
  });

  it("are no more than a server may have", () => {
    const names = Array.from({ length: limits.clients }, (_, i) => ({ name: `guest${i}` }));
    const crowded = after(online, tell({ type: "users", items: names }));
    check(crowded, [tell({ type: "arrived", name: "one-more" })], { unchanged: true });
  });

  it("may arrive by the thousand, one after the other", () => {
    const arrivals = Array.from({ length: 2000 }, (_, i) => tell({ type: "arrived", name: `guest${i}` }));
    const state = after(online, ...arrivals);
    assert.equal(state.users.length, 2003);
    assert.deepEqual(state.users, [...state.users].sort());
    const last = "info 1990 more arrivals and departures. Most recently, guest1999 joined.";
    assert.equal(lobbyLines(state).at(-1), last);
    assert.equal(lobbyLines(state).length, lobbyLines(online).length + 11);
  });
});
