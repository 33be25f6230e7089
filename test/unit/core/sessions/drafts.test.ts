// What is typed and not sent.
import assert from "node:assert/strict";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import { saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { after, confirm, hear, online, type, withBobby } from "../../../support/core.ts";

describe("drafts", () => {
  it("are kept per session, and for no unknown session", () => {
    const state = after(
      withBobby,
      { type: "user/draft", session: LOBBY, text: "to all", about: null },
      { type: "user/draft", session: sessionNumber(1), text: "to bobby", about: null },
      { type: "user/draft", session: sessionNumber(5), text: "to nobody", about: null },
    );
    assert.deepEqual(
      state.sessions.map((session) => session.draft),
      ["to all", "to bobby"],
    );
  });

  for (const [description, line] of [
    ["is gone when its message was sent", "hello"],
    ["is gone when it was a command", "\\users"],
    ["is gone when it was a command that does not exist", "\\usrs"],
  ] as const) {
    it(description, () => {
      const state = after(
        online,
        { type: "user/draft", session: LOBBY, text: line, about: null },
        type(line),
      );
      assert.equal(state.sessions[0].draft, "");
    });
  }

  it("lose the message they reply to when the history is cleared, and stay", () => {
    const said = after(withBobby, hear("bobby", 1, "a secret"));
    const index = (said.sessions[1]?.transcript.end ?? 0) - 1;
    const about = { kind: "reply", index, from: "bobby", text: "a secret" } as const;
    const draft = { type: "user/draft", session: sessionNumber(1), text: "well", about } as const;
    const answering = after(said, draft);
    assert.equal(answering.sessions[1]?.draftAbout?.text, "a secret");
    const state = after(answering, { type: "history/cleared", session: null });
    assert.deepEqual([state.sessions[1]?.draft, state.sessions[1]?.draftAbout], ["well", null]);
    assert.ok(!JSON.stringify(saveWindow(state)).includes("secret"));
  });

  it("keep a half-written edit when the history is cleared", () => {
    const said = after(withBobby, type("mien", 1), confirm("bobby", 1));
    const index = (said.sessions[1]?.transcript.end ?? 0) - 1;
    const about = { kind: "edit", index, former: "mien", text: "mine, at last" } as const;
    const editing = after(said, { type: "user/draft", session: sessionNumber(1), text: "", about });
    const state = after(editing, { type: "history/cleared", session: null });
    assert.deepEqual([state.sessions[1]?.draft, state.sessions[1]?.draftAbout], ["mine, at last", null]);
  });

  it("disappear with their session", () => {
    const draft = { type: "user/draft", session: sessionNumber(1), text: "to bobby", about: null } as const;
    const state = after(withBobby, draft, type("\\leave", 1));
    assert.deepEqual(
      state.sessions.map((session) => session.draft),
      [""],
    );
  });
});
