// The question before a message that looks like a secret: what is typed reaches the store only after it.
import assert from "node:assert/strict";
import type { SessionNumber } from "../../../../protocol/webview.ts";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { failures } from "../../../../extension/core/texts/texts.ts";
import { after, confirm, hear, look, said, withBoth } from "../../../support/core.ts";
import { somePart } from "../../../support/sampleValues.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);
const CARMEN = sessionNumber(2);
const TOKEN = `ghp_${"a".repeat(36)}`;
const asked = after(withBoth, said(1, "bobby", "anyone?"), hear("carmen", 1, "a question"), look(2));

const open = (state: State = asked): Promise<PageAndHost> => new PageAndHost(state).settle();

function sessionOf(window: PageAndHost, session: SessionNumber) {
  return window.host.state.sessions.find(({ number }) => number === session) ?? assert.fail();
}

function pending(window: PageAndHost, session: SessionNumber): string[] {
  return sessionOf(window, session).pending.map(({ text }) => text);
}

/** Answers the only open question; returns whom it names. */
async function answer(window: PageAndHost, agreed: boolean): Promise<string> {
  const [question, ...others] = window.questions.splice(0);
  assert.ok(question !== undefined && others.length === 0, "one question is open");
  question.answer(agreed);
  await window.settle();
  const { session } = question.about;
  return session.kind === "lobby" ? "everyone" : session.peer;
}

describe("a typed message that looks like a secret", () => {
  it("is sent only after a question that names the receiver", async () => {
    for (const [session, receiver] of [
      [LOBBY, "everyone"],
      [CARMEN, "carmen"],
    ] as const) {
      const window = await open();
      await window.send(session, `use ${TOKEN}`).settle();
      assert.deepEqual(pending(window, session), []);
      assert.equal(window.questions[0]?.about.text, `use ${TOKEN}`);
      assert.equal(await answer(window, true), receiver);
      assert.deepEqual(pending(window, session), [`use ${TOKEN}`]);
      assert.equal(window.shown(session), "");
    }
  });

  it("returns to the composer when the user declines", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).settle();
    await answer(window, false);
    assert.deepEqual(pending(window, CARMEN), []);
    assert.equal(window.shown(CARMEN), TOKEN);
    window.page.composer.flush();
    await window.settle();
    assert.equal(sessionOf(window, CARMEN).draft, TOKEN);
  });

  it("is in the draft until it is answered, before what is written meanwhile, and is not lost with the window", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).send(CARMEN, "behind it").settle();
    assert.equal(sessionOf(window, CARMEN).draft, `${TOKEN}\nbehind it`);
    assert.equal(window.shown(CARMEN), "");
    window.write(CARMEN, "half a sent").page.composer.flush();
    await window.settle();
    assert.equal(sessionOf(window, CARMEN).draft, `${TOKEN}\nbehind it\nhalf a sent`);
    assert.equal(window.shown(CARMEN), "half a sent");
    await answer(window, true);
    assert.deepEqual(pending(window, CARMEN), [TOKEN, "behind it"]);
    assert.equal(sessionOf(window, CARMEN).draft, "half a sent");
    assert.equal(window.shown(CARMEN), "half a sent");
  });

  it("is asked about each time", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).settle();
    await answer(window, true);
    await window.send(CARMEN, TOKEN).settle();
    await answer(window, false);
    assert.deepEqual(pending(window, CARMEN), [TOKEN]);
  });

  it("is asked about as a reply, and stays one", async () => {
    const window = await open();
    const { transcript } = sessionOf(window, CARMEN);
    const index = transcript.chunks.flat().findIndex(({ kind }) => kind === "message");
    const question = transcript.chunks.flat()[index];
    assert.ok(question?.kind === "message");
    window.page.composer.reply(CARMEN, transcript.start + index, question);
    await window.send(CARMEN, TOKEN).settle();
    const { draft, draftAbout } = sessionOf(window, CARMEN);
    assert.deepEqual([draft, draftAbout?.kind], [TOKEN, "reply"]);
    await answer(window, false);
    assert.equal(window.shown(CARMEN), TOKEN);
    assert.equal(window.page.composer.about(CARMEN)?.kind, "reply");
    window.page.composer.submit(CARMEN);
    await window.settle();
    await answer(window, true);
    const sent = sessionOf(window, CARMEN).pending.map(({ text, about }) => [text, about?.kind]);
    assert.deepEqual(sent, [[TOKEN, "reply"]]);
  });

  it("is asked about as an edit, and stays one", async () => {
    const window = await open();
    await window.send(CARMEN, "first").settle();
    window.happens(confirm("carmen", 1));
    await window.settle();
    const { transcript } = sessionOf(window, CARMEN);
    const entries = transcript.chunks.flat();
    const index = entries.findLastIndex(({ kind }) => kind === "message");
    const first = entries[index];
    assert.ok(first?.kind === "message" && first.own);
    window.page.composer.edit(CARMEN, transcript.start + index, first);
    await window.send(CARMEN, TOKEN).settle();
    const { draft, draftAbout } = sessionOf(window, CARMEN);
    assert.deepEqual([draft, draftAbout?.kind, draftAbout?.text], ["", "edit", TOKEN]);
    await answer(window, false);
    assert.equal(window.shown(CARMEN), TOKEN);
    assert.equal(window.page.composer.about(CARMEN)?.kind, "edit");
    window.page.composer.submit(CARMEN);
    await window.settle();
    await answer(window, true);
    const sent = sessionOf(window, CARMEN).pending.map(({ text, about }) => [text, about?.kind]);
    assert.deepEqual(sent, [[TOKEN, "edit"]]);
  });

  it("is asked about above lines of code, which stay in the composer with it", async () => {
    const window = await open();
    const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };
    window.happens({ type: "user/attach", session: CARMEN, attachment });
    await window.settle();
    await window.send(CARMEN, TOKEN).settle();
    await answer(window, false);
    assert.equal(window.shown(CARMEN), TOKEN);
    window.page.composer.submit(CARMEN);
    await window.settle();
    await answer(window, true);
    assert.equal(sessionOf(window, CARMEN).attached, null);
    const [sent] = sessionOf(window, CARMEN).pending;
    assert.ok(sent?.part?.kind === "code" && sent.text.startsWith(TOKEN));
  });

  it("keeps the lines behind it in their order when it is sent", async () => {
    const window = await open();
    window.send(CARMEN, "\\mute").send(CARMEN, "one").send(CARMEN, TOKEN).send(CARMEN, "two");
    await window.send(CARMEN, "\\mute").send(CARMEN, "three").settle();
    assert.deepEqual(pending(window, CARMEN), ["one"]);
    await answer(window, true);
    assert.deepEqual(pending(window, CARMEN), ["one", TOKEN, "two", "three"]);
  });

  it("returns with the messages behind it, in their order, when the user declines", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).send(CARMEN, "two").send(CARMEN, "three").settle();
    await answer(window, false);
    assert.deepEqual(pending(window, CARMEN), []);
    assert.equal(window.shown(CARMEN), `${TOKEN}\ntwo\nthree`);
  });

  it("holds a command behind it until the user has answered, and the command runs in any case", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).send(CARMEN, "\\sw bobby").send(CARMEN, "hello bobby").settle();
    assert.equal(window.host.state.active, CARMEN);
    await answer(window, false);
    assert.equal(window.host.state.active, BOBBY);
    assert.deepEqual(pending(window, CARMEN), []);
    assert.deepEqual(pending(window, BOBBY), ["hello bobby"]);
  });

  it("returns to its own session, while what was written behind a command moves to the one that it leads to", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).send(CARMEN, "\\sw bobby").write(CARMEN, "hello bobb").settle();
    await answer(window, false);
    assert.equal(window.host.state.active, BOBBY);
    assert.equal(window.shown(CARMEN), TOKEN);
    assert.equal(window.shown(BOBBY), "hello bobb");
  });

  it("does not hold the lines of other sessions", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).send(BOBBY, "hello").settle();
    assert.deepEqual(pending(window, BOBBY), ["hello"]);
    assert.equal(window.questions.length, 1);
  });

  it("is asked about one after the other", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).send(CARMEN, `${TOKEN}2`).settle();
    await answer(window, true);
    await window.send(CARMEN, "later").settle();
    await answer(window, true);
    assert.deepEqual(pending(window, CARMEN), [TOKEN, `${TOKEN}2`, "later"]);
  });

  it("is not sent to a session that has got the number of the one that was meant", async () => {
    const window = await open();
    await window.send(CARMEN, TOKEN).settle();
    const [lobby, bobby, carmen] = window.host.state.sessions;
    assert.ok(bobby !== undefined && carmen !== undefined);
    // Numbers of sessions are given anew after quitting.
    const other = { ...bobby, number: CARMEN };
    window.host.replace({ ...window.host.state, sessions: [lobby, { ...carmen, number: BOBBY }, other] });
    await answer(window, true);
    assert.deepEqual(pending(window, CARMEN), []);
    assert.deepEqual(window.warnings, [failures.notThere.text]);
  });

  it("is no command, which sends nothing", async () => {
    const window = await open();
    await window.send(CARMEN, `\\whatever ${TOKEN}`).settle();
    assert.deepEqual(window.questions, []);
    await window.send(CARMEN, `\\\\${TOKEN}`).settle();
    assert.equal(window.questions.length, 1);
  });
});
