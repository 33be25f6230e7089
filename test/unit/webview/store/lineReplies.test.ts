// Replies to a line of code, from the page over its host to the other side: written, kept, sent, edited and retracted.
import assert from "node:assert/strict";
import * as v from "valibot";
import { restoreWindow, SavedWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import { entryAt } from "../../../../extension/core/model/transcript.ts";
import { notesOf } from "../../../../extension/core/view/notes.ts";
import { writeCode } from "../../../../protocol/codeText.ts";
import type { MessageEntry } from "../../../../protocol/webview.ts";
import { after, confirm, frame, look, NOW, withBobby } from "../../../support/core.ts";
import { somePart } from "../../../support/sampleValues.ts";
import { PageAndHost } from "../../../support/pageAndHost.ts";

const BOBBY = sessionNumber(1);
const { text, at } = writeCode({ words: "look", heading: "", code: "a\nb" }, somePart);
const card = frame("bobby", { type: "message", seq: 1, at: NOW, text, part: { ...somePart, at } });

describe("a reply to a line of code", () => {
  let window: PageAndHost;
  let index = -1;
  const session = () => {
    const [, bobby] = window.host.state.sessions;
    assert.ok(bobby !== undefined);
    return bobby;
  };
  const entry = (at: number): MessageEntry => {
    const found = entryAt(session().transcript, at);
    assert.ok(found?.kind === "message");
    return found;
  };
  const replyTo = (line: number) => window.page.composer.reply(BOBBY, index, entry(index), line);
  /** Sends what is in the composer; it is acknowledged. */
  const send = async (words: string, received: number) => {
    await window.send(BOBBY, words).settle();
    window.happens(confirm("bobby", received));
    await window.settle();
    return session().transcript.end - 1;
  };

  beforeEach(async () => {
    window = await new PageAndHost(after(withBobby, card, look(1))).settle();
    index = session().transcript.end - 1;
  });

  it("names the line as its author's file counts it", () => {
    replyTo(2);
    const about = window.page.composer.about(BOBBY);
    assert.deepEqual(about?.kind === "reply" && about.line, { line: 2, number: 13 });
    replyTo(3);
    const none = window.page.composer.about(BOBBY);
    assert.ok(none?.kind === "reply" && none.line === undefined);
  });

  it("is kept half-written, over a reload too", async () => {
    replyTo(2);
    await window.write(BOBBY, "why").settle();
    window.page.composer.flush();
    await window.settle();
    const stored: unknown = JSON.parse(JSON.stringify(saveWindow(window.host.state)));
    const reloaded = restoreWindow(v.parse(SavedWindow, stored), "w");
    const about = reloaded.sessions[1]?.draftAbout;
    assert.deepEqual(about?.kind === "reply" && about.line, { line: 2, number: 13 });
    const again = await new PageAndHost(window.host.state).settle();
    const there = again.page.composer.about(BOBBY);
    assert.deepEqual(there?.kind === "reply" && there.line, { line: 2, number: 13 });
  });

  it("is sent with its line, shown with it, and is a note at it", async () => {
    replyTo(2);
    const sent = entry(await send("why?", 1));
    assert.deepEqual(sent.part, { kind: "note", line: 2 });
    assert.deepEqual(sent.reply?.range, { from: 12, to: 13 });
    assert.deepEqual(
      notesOf(window.host.state, session())[0]?.comments.map((comment) => [comment.text, comment.line]),
      [
        ["look", null],
        ["why?", 2],
      ],
    );
  });

  it("keeps its line when it is edited, and loses it when it is retracted", async () => {
    replyTo(2);
    const own = await send("why?", 1);
    window.page.composer.edit(BOBBY, own, entry(own));
    await window.settle();
    window.page.composer.setText(BOBBY, "why not?");
    window.page.composer.submit(BOBBY);
    await window.settle();
    window.happens(confirm("bobby", 2));
    assert.deepEqual([entry(own).text, entry(own).part], ["why not?", { kind: "note", line: 2 }]);
    window.page.send({ type: "retract", session: BOBBY, index: own });
    await window.settle();
    window.happens(confirm("bobby", 3));
    assert.deepEqual([entry(own).retracted, entry(own).part], [true, undefined]);
  });

  it("comes back with its line when it is not accepted", async () => {
    replyTo(2);
    await window.send(BOBBY, "x".repeat(17_000)).settle();
    const about = window.page.composer.about(BOBBY);
    assert.deepEqual(about?.kind === "reply" && about.line, { line: 2, number: 13 });
  });

  it("is about the code that goes with it, if there is any", async () => {
    const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "c" };
    window.happens({ type: "user/attach", session: BOBBY, attachment });
    await window.settle();
    replyTo(2);
    const sent = entry(await send("rather this", 1));
    assert.equal(sent.part?.kind, "code");
    assert.equal(sent.reply?.index, index);
  });

  it("of the other side to a line that there is not is one to the message", () => {
    const part = { kind: "note", line: 3 } as const;
    window.happens(
      frame("bobby", {
        ...{ type: "message", seq: 2, at: NOW, text: "there", part },
        about: { kind: "reply", of: "mine", seq: 1 },
      }),
    );
    assert.equal(notesOf(window.host.state, session())[0]?.comments.at(-1)?.line, null);
  });
});
