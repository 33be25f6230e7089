// Messages that bring changes: sent from the composer with words, to peers that take them, and kept in an edit.
import assert from "node:assert/strict";
import type { ChangesPart } from "../../../../protocol/changesPart.ts";
import { changesText } from "../../../../protocol/changesText.ts";
import type { MessageEntry } from "../../../../protocol/webview.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { LOBBY, sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { entryAt } from "../../../../extension/core/model/transcript.ts";
import { restoreWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { sessionView } from "../../../../extension/core/view/selectors.ts";
import * as core from "../../../support/core.ts";
import { effectTuple } from "../../../support/coreChecks.ts";
import { someChanges, someFile, somePart } from "../../../support/sampleValues.ts";

const one = sessionNumber(1);
const attach = (state: State): State =>
  core.after(state, { type: "user/attach", session: one, attachment: { part: someChanges } });
const submit = (state: State, text: string): CoreEvent => ({
  ...{ type: "user/submit", request: 7, session: one, text },
  attached: state.sessions[one]?.attached?.id ?? "",
});
const linkedTo = (can: readonly string[]): State =>
  core.after(core.withBobby, core.unlinked("bobby", "lost"), core.calls("bobby", { can: [...can] }));
const TEXT = changesText(someChanges);

describe("a message that brings changes", () => {
  const attached = attach(core.withBobby);
  const said = core.after(attached, submit(attached, "Please look."));
  const confirmed = core.after(said, core.confirm("bobby", 1));
  const index = (confirmed.sessions[1]?.transcript.end ?? 0) - 1;
  const entry = (state: State, place = index): MessageEntry => {
    const session = state.sessions[1];
    const found = session === undefined ? undefined : entryAt(session.transcript, place);
    return found?.kind === "message" ? found : assert.fail();
  };

  it("waits in the composer, which says what it is, and comes back with the window", () => {
    const [, session = assert.fail()] = attached.sessions;
    const { attached: shown } = sessionView(attached, session);
    const bytes = Buffer.byteLength(TEXT);
    assert.deepEqual(shown, {
      ...{ kind: "changes", id: session.attached?.id, bytes, files: 4, added: 5, removed: 1 },
    });
    const saved = saveWindow(attached) ?? assert.fail();
    assert.deepEqual(restoreWindow(saved, "next").sessions[1]?.attached, session.attached);
  });

  it("goes from the composer with a cleared history, which deletes the changes, but lines of code stay", () => {
    const cleared: CoreEvent = { type: "history/cleared", session: null };
    assert.equal(core.after(attached, cleared).sessions[1]?.attached, null);
    const lines = { part: somePart, heading: "a.ts", code: "x" };
    const quoting = core.after(core.withBobby, { type: "user/attach", session: one, attachment: lines });
    assert.notEqual(core.after(quoting, cleared).sessions[1]?.attached, null);
  });

  it("has the words, the changes in readable form, and their part", () => {
    const [, session] = said.sessions;
    const text = `Please look.\n\n${TEXT}`;
    assert.deepEqual(
      [session?.pending[0]?.text, session?.pending[0]?.part, session?.attached],
      [text, { ...someChanges, at: 14 }, null],
    );
    assert.deepEqual([entry(confirmed).text, entry(confirmed).part], [text, { ...someChanges, at: 14 }]);
  });

  for (const [can, text] of [
    [["part", "files"], TEXT],
    [["part"], `${TEXT}\nTo receive them, update Fork Chat and ask for the changes again.`],
    [[], `${TEXT}\nTo receive them, update Fork Chat and ask for the changes again.`],
  ] as const)
    it(`says what comes, or would have come, to a peer with can ${JSON.stringify(can)}`, () => {
      const state = attach(linkedTo(can));
      const sent = core
        .run(state, submit(state, ""))
        .effects.flatMap((effect) => (effect.type === "network" ? [effect.args[1]] : []))
        .find((frame) => typeof frame === "object" && "type" in frame && frame.type === "message");
      assert.ok(sent !== undefined && typeof sent === "object" && "text" in sent);
      assert.equal(sent.text, text);
      assert.deepEqual("part" in sent ? sent.part : null, text === TEXT ? someChanges : null);
    });

  it("keeps its changes when its words are edited", () => {
    const edit: CoreEvent = {
      ...{ type: "user/submit", request: 8, session: one, text: "Please!" },
      about: { kind: "edit", index },
    };
    const edited = core.after(confirmed, edit, core.confirm("bobby", 2));
    assert.deepEqual(
      [entry(edited).text, entry(edited).part],
      [`Please!\n\n${TEXT}`, { ...someChanges, at: 9 }],
    );
  });

  it("takes its changes back when it is retracted", () => {
    const { effects } = core.run(confirmed, { type: "user/retract", session: one, index });
    const withdrawn = effects.map(effectTuple).filter(([call]) => call === "transfers withdrawn");
    assert.deepEqual(
      withdrawn.map(([, , id]) => id),
      [someChanges.id, someChanges.bases?.id],
    );
  });

  describe("whose changes have been applied", () => {
    const frame = { type: "message" as const, seq: 1, at: 0, text: TEXT, part: someChanges };
    const heard = core.after(core.withBobby, core.frame("bobby", frame));
    const apply = (which: "all" | "some" | "none", part = someChanges): CoreEvent => ({
      ...{ type: "changes/applied", sid: core.sid("bobby"), index, part, which },
    });
    const change = (part: ChangesPart): CoreEvent | core.Step =>
      core.frame("bobby", { ...frame, seq: 2, part, about: { kind: "edit", seq: 1 } });

    it("says when, and whether all of them, also once the window is back", () => {
      assert.deepEqual(entry(core.after(heard, apply("all"))).applied, { at: core.NOW });
      const partly = core.after(heard, apply("all"), apply("some"));
      const saved = saveWindow(partly) ?? assert.fail();
      assert.deepEqual(entry(restoreWindow(saved, "next")).applied, { at: core.NOW, partly: true });
    });

    it("no longer says so when they have been taken back", () => {
      assert.ok(!("applied" in entry(core.after(heard, apply("all"), apply("none")))));
    });

    it("goes on saying so when its words are edited, but not of other changes", () => {
      const applied = core.after(heard, apply("all"));
      assert.deepEqual(entry(core.after(applied, change({ ...someChanges, at: 9 }))).applied, {
        at: core.NOW,
      });
      for (const other of [{ list: [] }, { sha256: someFile.id }] as Partial<ChangesPart>[])
        assert.ok(!("applied" in entry(core.after(applied, change({ ...someChanges, ...other })))));
    });

    it("is the one that was meant, not a later one with the same id", () => {
      const later = core.frame("bobby", { ...frame, seq: 2, part: { ...someChanges, list: [] } });
      const state = core.after(heard, later, apply("all"));
      assert.deepEqual(entry(state).applied, { at: core.NOW });
      assert.ok(!("applied" in entry(state, index + 1)));
    });

    it("says nothing if other changes have taken their place meanwhile", () => {
      assert.equal(core.after(heard, apply("all", { ...someChanges, list: [] })), heard);
    });
  });

  it("is not offered before the peer asks", () => {
    const frame = { type: "message" as const, seq: 1, at: 0, text: TEXT, part: someChanges };
    const { effects, state } = core.run(core.withBobby, core.frame("bobby", frame));
    assert.ok(!effects.some(({ type }) => type === "transfers"));
    assert.deepEqual(entry(state).part, someChanges);
  });

  it("does not go to the lobby", () => {
    const state = { ...core.online, passesParts: true };
    const say: CoreEvent = { type: "user/say", request: 7, session: LOBBY, text: TEXT, part: someChanges };
    const [call] = core.run(state, say).effects.map(effectTuple);
    assert.equal(call?.[0], "send");
    assert.ok(!JSON.stringify(call).includes('"part"'));
  });
});
