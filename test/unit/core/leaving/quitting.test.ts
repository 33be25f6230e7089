// Leaving everything.
import assert from "node:assert/strict";
import {
  after,
  blank,
  confirm,
  hear,
  invite,
  join,
  joined,
  listening,
  noTimers,
  offline,
  online,
  open,
  SERVER,
  show,
  tell,
  type,
  withBoth,
} from "../../../support/core.ts";
import { specify } from "../../../support/coreChecks.ts";

describe("quitting", () => {
  specify([
    {
      description: "notifies peers and server, and forgets everything",
      given: withBoth,
      events: [type("\\quit", 0, 8)],
      expected: {
        me: null,
        connection: "idle",
        users: [],
        sessions: ["*0 lobby"],
        effects: [
          ["sendLink", "d1", { type: "bye", reason: "quit" }],
          ["closeLink", "d1", 1000],
          ...noTimers("bobby"),
          ["sendLink", "i-carmen", { type: "bye", reason: "quit" }],
          ["closeLink", "i-carmen", 1000],
          ...noTimers("carmen"),
          ["disconnect", 1, "quit"],
          ["cancel", "reconnect"],
          ["stopListening"],
          ["settle", 8, "ok"],
          ["expect", []],
        ],
      },
    },
    {
      description: "works without the server, and stops retrying it",
      given: offline,
      events: [type("\\quit", 0, 8), { type: "timer", key: "reconnect" }],
      expected: {
        me: null,
        effects: [
          ["sendLink", "d1", { type: "bye", reason: "quit" }],
          ["closeLink", "d1", 1000],
          ...noTimers("bobby"),
          ["sendLink", "i-carmen", { type: "bye", reason: "quit" }],
          ["closeLink", "i-carmen", 1000],
          ...noTimers("carmen"),
          ["cancel", "reconnect"],
          ["stopListening"],
          ["settle", 8, "ok"],
          ["expect", []],
        ],
      },
    },
    {
      description: "answers a pending join",
      given: after(blank, join("anna", 3)),
      events: [type("\\quit", 0, 8)],
      expected: {
        me: null,
        effects: [
          ["disconnect", 1, "quit"],
          ["cancel", "reconnect"],
          ["stopListening"],
          ["settle", 3, "refused"],
          ["settle", 8, "ok"],
        ],
      },
    },
    {
      description: "answers pending forks, on either side",
      given: after(online, type("\\fork bobby", 0, 4), invite("carmen"), type("\\fork carmen", 0, 5)),
      events: [type("\\quit", 0, 8)],
      expected: {
        effects: [
          ["cancel", "fork:w.1"],
          ["settle", 4, "fork-failed"],
          ["cancel", "invite:session-carmen"],
          ["settle", 5, "fork-failed"],
          ["disconnect", 1, "quit"],
          ["cancel", "reconnect"],
          ["stopListening"],
          ["settle", 8, "ok"],
          ["expect", []],
        ],
      },
    },
    {
      description:
        "a next stay begins at session 1 with an empty lobby, under new connection and message ids",
      given: after(withBoth, type("\\quit")),
      events: [join("anna"), open(2), listening, tell(joined("anna"), 2), type("hello")],
      expected: {
        sessions: ["*0 lobby"],
        effects: [
          ["connect", 2, SERVER, "anna"],
          ["listen", "anna", "network", null],
          ["join", 2, { name: "anna" }],
          ["settle", 1, "ok"],
          ["send", 2, { type: "say", id: "w.2", text: "hello" }],
          ["settle", 7, "ok"],
        ],
      },
    },
    {
      description: "ignores what peers still send",
      given: after(withBoth, type("\\quit")),
      events: [hear("bobby", 1, "wait"), confirm("bobby", 1)],
      expected: { unchanged: true },
    },
  ]);

  it("still knows whether the panel is visible", () => {
    assert.equal(after(online, type("\\quit")).visible, true);
    assert.equal(after(online, show(false), type("\\quit")).visible, false);
  });
});
