// What was meant for one conversation never goes to another one that has got its number.
import assert from "node:assert/strict";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { conversationId, destination } from "../../../../extension/core/view/conversations.ts";
import { err } from "../../../../protocol/result.ts";
import { after, blank, invite, linked, online, SERVER, withBobby } from "../../../support/core.ts";

const lobby = sessionNumber(0);
const one = sessionNumber(1);

/** As after quitting and joining again: session 1 is with someone else. */
const withCarmen = after(online, invite("carmen"), linked("carmen"));

describe("what is meant for a conversation", () => {
  const bobby = conversationId(withBobby, one);

  it("goes there", () => {
    const to = destination(withBobby, one, bobby);
    assert.ok(to.ok);
    assert.deepEqual([to.value.session, to.value.server], [withBobby.sessions[1], SERVER]);
  });

  it("does not go to another one with the same number", () => {
    assert.deepEqual(destination(withCarmen, one, bobby), err(failures.notThere.text));
  });

  it("does not go to the lobby of another server", () => {
    const { me } = online;
    const elsewhere = { ...online, me: me && { ...me, server: "ws://127.0.0.1:1" } };
    assert.deepEqual(
      destination(elsewhere, lobby, conversationId(online, lobby)),
      err(failures.notThere.text),
    );
    assert.ok(destination(online, lobby, conversationId(online, lobby)).ok);
  });

  it("goes nowhere after it has ended, or without joining", () => {
    const [first, session] = withBobby.sessions;
    const ended = {
      ...withBobby,
      sessions: [first, { ...(session ?? assert.fail()), link: "ended" }],
    } as const;
    assert.deepEqual(destination(ended, one, bobby), err(failures.sessionEnded("bobby").text));
    assert.deepEqual(destination(blank, lobby, null), err(failures.notJoined.text));
    assert.deepEqual(destination(online, one, bobby), err(failures.noSuchSession("1").text));
  });
});
