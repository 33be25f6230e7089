// Lines of code in a composer: they are sent with the typed text, to those who can show them, and are never lost.
import assert from "node:assert/strict";
import { readCode, writeCode } from "../../../../protocol/codeText.ts";
import type { MessageEntry } from "../../../../protocol/webview.ts";
import { problemQuote } from "../../../../extension/core/code/problemText.ts";
import { outputQuote } from "../../../../extension/core/code/terminalOutput.ts";
import { failureQuote } from "../../../../extension/core/code/testFailure.ts";
import { sessionView } from "../../../../extension/core/view/selectors.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import { entryAt } from "../../../../extension/core/model/transcript.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { restoreWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import {
  after,
  calls,
  confirm,
  look,
  online,
  run,
  type,
  unlinked,
  withBobby,
} from "../../../support/core.ts";
import { effectTuple } from "../../../support/coreChecks.ts";
import { somePart } from "../../../support/sampleValues.ts";

const one = sessionNumber(1);
const attachment = { part: { ...somePart, at: 0 }, heading: "", code: "a\nb" };
const attach = (session = one): CoreEvent => ({ type: "user/attach", session, attachment });

const withCode = (state: State, text: string, session = one): CoreEvent => ({
  ...{ type: "user/submit", request: 7, session, text },
  attached: state.sessions[session]?.attached?.id ?? "",
});

const sent = (state: State, ...events: CoreEvent[]): unknown[] =>
  run(state, ...events)
    .effects.map(effectTuple)
    .filter(([call]) => call === "sendLink" || call === "send");

const codeIn = ({ sessions: [, session] }: State): string | undefined =>
  session?.attached != null && "code" in session.attached ? session.attached.code : undefined;

const TEXT = "look\n\nsrc/a.ts:12-13\n```typescript\na\nb\n```";

describe("lines of code in a composer", () => {
  const attached = after(withBobby, attach());

  it("go out with what is typed, once", () => {
    const [message] = sent(attached, withCode(attached, "look")) as [unknown, unknown, object][];
    assert.deepEqual(message?.[2], {
      ...{ type: "message", seq: 1, at: 1_700_000_000_000, text: TEXT },
      part: { ...somePart, at: 6 },
    });
    const state = after(attached, withCode(attached, "look"));
    assert.equal(state.sessions[1]?.attached, null);
  });

  it("go out alone", () => {
    const state = after(attached, withCode(attached, ""));
    assert.equal(state.sessions[1]?.pending[0]?.text, TEXT.slice(6));
  });

  it("stay where another line was submitted: one that the page did not show them with, a command, or an edit", () => {
    for (const event of [type("look", 1), type("\\help", 1)]) {
      assert.notEqual(after(attached, event).sessions[1]?.attached, null);
    }
    const said = after(withBobby, type("one", 1), confirm("bobby", 1), attach());
    const index = (said.sessions[1]?.transcript.end ?? 0) - 1;
    const edit = { ...withCode(said, "two"), about: { kind: "edit", index } } as CoreEvent;
    const edited = after(said, edit);
    assert.deepEqual([edited.sessions[1]?.pending[0]?.text, codeIn(edited)], ["two", "a\nb"]);
  });

  it("stay when the text is too long with them", () => {
    const state = after(attached, withCode(attached, "x".repeat(16 * 1024 - 10)));
    assert.equal(state.sessions[1]?.pending.length, 0);
    assert.notEqual(state.sessions[1].attached, null);
  });

  it("are replaced, and taken out", () => {
    assert.notEqual(after(attached, attach()).sessions[1]?.attached, null);
    const state = after(attached, { type: "user/attach", session: one, attachment: null });
    assert.equal(state.sessions[1]?.attached, null);
  });

  it("come back with the window", () => {
    const saved = saveWindow(attached);
    assert.ok(saved !== null);
    assert.equal(codeIn(restoreWindow(saved, "next")), "a\nb");
  });

  it("stay with the words of a message that is edited", () => {
    const said = after(attached, withCode(attached, "look"), confirm("bobby", 1));
    const index = (said.sessions[1]?.transcript.end ?? 0) - 1;
    const edit: CoreEvent = {
      ...{ type: "user/submit", request: 7, session: one, text: "look here" },
      about: { kind: "edit", index },
    };
    const edited = after(said, edit, confirm("bobby", 2));
    const entry = entryAt(edited.sessions[1]?.transcript ?? said.sessions[0].transcript, index);
    assert.ok(entry?.kind === "message");
    assert.deepEqual(readCode(entry.text, entry.part), { words: "look here", heading: "", code: "a\nb" });
  });
});

describe("other things in a composer", () => {
  const output = outputQuote("one\ntwo", { command: "npm test", exitCode: 1 }) ?? assert.fail();
  const failure = failureQuote({ name: "adds", path: "a.test.ts", line: 4 }, { message: "no", stack: [] });
  const problem = problemQuote(attachment, { severity: "error", message: "No." }) ?? assert.fail();
  const seen = (state: State): unknown => sessionView(state, state.sessions[1] ?? assert.fail()).attached;

  for (const [what, given, shown] of [
    ["a problem", problem, { kind: "problem", path: "src/a.ts", range: { from: 12, to: 13 }, unsaved: true }],
    ["a failed test", failure, { kind: "test", name: "adds" }],
    ["an output", output, { kind: "output", command: "npm test" }],
  ] as const)
    it(`are seen, kept, sent and edited like code: ${what}`, () => {
      const attached = after(withBobby, { type: "user/attach", session: one, attachment: given });
      const { text } = writeCode({ words: "", ...given }, given.part);
      const { id } = attached.sessions[1]?.attached ?? assert.fail();
      assert.deepEqual(seen(attached), { ...shown, id, bytes: text.length });
      const kept = restoreWindow(saveWindow(attached) ?? assert.fail(), "next");
      assert.deepEqual(kept.sessions[1]?.attached, attached.sessions[1]?.attached);
      const said = after(attached, withCode(attached, "look"), confirm("bobby", 1));
      const index = (said.sessions[1]?.transcript.end ?? 0) - 1;
      const entryOf = (state: State) =>
        entryAt(state.sessions[1]?.transcript ?? state.sessions[0].transcript, index) as MessageEntry;
      assert.equal(entryOf(said).text, `look\n\n${text}`);
      assert.deepEqual(entryOf(said).part, { ...given.part, at: 6 });
      const edit: CoreEvent = {
        ...{ type: "user/submit", request: 7, session: one, text: "look here" },
        about: { kind: "edit", index },
      };
      const edited = entryOf(after(said, edit, confirm("bobby", 2)));
      assert.equal(edited.text, `look here\n\n${text}`);
      assert.deepEqual(edited.part, { ...given.part, at: 11 });
    });
});

describe("a message with code", () => {
  it("goes as text to a window that has no cards", () => {
    const old = after(withBobby, attach());
    const channels = old.channels.map((channel) => ({
      ...channel,
      link: channel.link === null ? null : { ...channel.link, showsParts: false },
    }));
    const [message] = sent({ ...old, channels }, withCode(old, "look")) as [unknown, unknown, object][];
    assert.deepEqual(message?.[2], { type: "message", seq: 1, at: 1_700_000_000_000, text: TEXT });
  });

  it("goes whole to one that learns of them on a later link", () => {
    const attached = after(withBobby, attach());
    const said = after(attached, withCode(attached, "look"));
    const { effects } = run(said, unlinked("bobby", "lost"), calls("bobby", { received: 0 }));
    assert.ok(
      effects.map(effectTuple).some((effect) => JSON.stringify(effect).includes('"part":{"kind":"code"')),
    );
  });

  it("goes as text to a server that does not announce parts", () => {
    for (const passesParts of [true, false]) {
      const state = after({ ...online, passesParts }, attach(LOBBY));
      const [say] = sent(state, withCode(state, "look", LOBBY)) as [unknown, unknown, object][];
      assert.equal("part" in (say?.[2] ?? {}), passesParts);
    }
  });
});

describe("a message from elsewhere than the composer", () => {
  const typed = after(withBobby, attach(), { type: "user/draft", session: one, text: "half a", about: null });
  const say = (change: object): CoreEvent => ({
    type: "user/say",
    request: 7,
    session: one,
    text: "look",
    ...change,
  });

  it("brings its own code, and leaves the composer as it was", () => {
    const said = after(typed, say({ quote: attachment }));
    const [, session] = said.sessions;
    assert.equal(session?.pending[0]?.text, TEXT);
    assert.deepEqual([session.draft, codeIn(said)], ["half a", "a\nb"]);
  });

  it("is never a command, and opens no other session", () => {
    const { state } = run(typed, look(0), say({ text: "\\quit" }));
    assert.equal(state.sessions[1]?.pending[0]?.text, "\\quit");
    assert.equal(state.active, 0);
  });

  it("is refused where the text in the composer would be", () => {
    const { state, effects } = run(typed, say({ text: " " }));
    assert.deepEqual(state.sessions[1]?.pending, []);
    assert.ok(effects.some((effect) => effect.type === "settle" && !effect.outcome.ok));
  });
});
