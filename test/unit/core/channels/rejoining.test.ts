// The server is back: what was missed, what is sent again, and what the user is told.
import assert from "node:assert/strict";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import {
  after,
  blank,
  close,
  EPOCH,
  join,
  joined,
  listening,
  messageId,
  numbered,
  offline,
  online,
  open,
  OTHER_EPOCH,
  tell,
  type,
} from "../../../support/core.ts";
import { check, lobbyLines, specify } from "../../../support/coreChecks.ts";

describe("when the server is back", () => {
  const back = after(offline, { type: "timer", key: "reconnect" }, open(2));

  specify([
    {
      description: "the lobby is open again, and no session is lost or duplicated",
      given: back,
      events: [tell(joined("anna"), 2)],
      expected: {
        connection: "online",
        users: ["anna", "bobby", "carmen"],
        sessions: [" 0 lobby", "*1 bobby A open", " 2 carmen B open"],
        lines: ["0 info You're back in the lobby."],
        effects: [],
      },
    },
    {
      description: "missed messages follow, and numbering continues from there",
      given: back,
      events: [
        tell(joined("anna", { seq: 2, missed: 2 }), 2),
        tellSaid(1, "bobby", "one"),
        tellSaid(2, "bobby", "two"),
      ],
      expected: { lines: ["0 info You're back in the lobby.", "0 bobby: one", "0 bobby: two"] },
    },
    {
      description: "messages that were shown before are not shown again",
      given: after(
        offline,
        { type: "timer", key: "reconnect" },
        open(2),
        tell(joined("anna", { seq: 5, missed: 1 }), 2),
      ),
      events: [tellSaid(4, "bobby", "old"), tellSaid(5, "bobby", "new"), tellSaid(5, "bobby", "new")],
      expected: { lines: ["0 bobby: new"] },
    },
    {
      description: "a gap is reported",
      given: back,
      events: [tell(joined("anna", { seq: 900, missed: 512, gap: true }), 2)],
      expected: {
        lines: ["0 info You're back in the lobby. Some messages sent in the meantime are missing."],
      },
    },
    {
      description: "a gap is reported to someone who quit and rejoins, and whose saved lines end before it",
      given: after(
        ...[blank, join("anna")],
        { type: "history/loaded", session: LOBBY, entries: [], seen: { epoch: EPOCH, seq: 5 } } as const,
        ...[open(), listening],
      ),
      events: [tell(joined("anna", { seq: 900, missed: 200, gap: true }))],
      expected: {
        lines: ["0 info You're back in the lobby. Some messages sent in the meantime are missing."],
      },
    },
    {
      description: "a different server, without the earlier messages, is reported",
      given: back,
      events: [tell(joined("anna", { epoch: OTHER_EPOCH, gap: true }), 2)],
      expected: {
        lines: [
          "0 info You're back in the lobby. The server restarted, so messages sent in the meantime are missing.",
        ],
      },
    },
    {
      description: "a name that now belongs to someone else is reported",
      given: back,
      events: [tell(joined("anna_2"), 2)],
      expected: {
        me: "anna_2",
        lines: ["0 info The name anna is taken, so you are anna_2.", "0 info You're back in the lobby."],
      },
    },
    {
      description: "a server that lacks more than it ever had is counted from 0",
      given: back,
      events: [tell(joined("anna", { seq: 1, missed: 7 }), 2), tellSaid(1, "bobby", "first")],
      expected: { lines: ["0 info You're back in the lobby.", "0 bobby: first"] },
    },
  ]);

  it("messages in flight are sent again, under the same id", () => {
    const interrupted = after(online, type("hello"), close(), { type: "timer", key: "reconnect" }, open(2));
    check(interrupted, [tell(joined("anna"), 2)], {
      pending: ["0 sending hello"],
      effects: [
        ["cancel", "grace"],
        ["send", 2, { type: "say", id: "w.1", text: "hello" }],
      ],
    });
  });

  it("a message that arrived although its acknowledgement was lost is not shown twice", () => {
    const interrupted = after(online, type("hello"), close(), { type: "timer", key: "reconnect" }, open(2));
    const state = after(
      interrupted,
      tell(joined("anna", { seq: 1, missed: 1 }), 2),
      tell({ type: "said", seq: 1, at: 1, from: "anna", id: messageId("w.1"), text: "hello" }, 2),
      tell({ type: "ack", id: messageId("w.1"), seq: 1, at: 1 }, 2),
    );
    assert.equal(lobbyLines(state).filter((line) => line === "anna (own): hello").length, 1);
    assert.deepEqual(state.sessions[0].pending, []);
  });

  it("a message that was acknowledged before is not sent again", () => {
    const done = after(online, type("hello"), numbered("w.1", 1), close());
    check(done, [{ type: "timer", key: "reconnect" }, open(2), tell(joined("anna", { seq: 1 }), 2)], {
      pending: [],
      lines: [],
    });
  });
});

function tellSaid(seq: number, from: string, text: string): ReturnType<typeof tell> {
  return tell({ type: "said", seq, at: 1, from, id: messageId(`m.${seq}`), text }, 2);
}
