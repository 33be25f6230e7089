// Files in composers, in the state: they are part of the draft.
import assert from "node:assert/strict";
import * as v from "valibot";
import { FileId } from "../../../../protocol/bulk.ts";
import { offerText } from "../../../../protocol/fileText.ts";
import { sessionNumber } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { applyChange } from "../../../../extension/core/saved/applyChange.ts";
import {
  changesBetween,
  isIrreplaceable,
  SavedChange,
} from "../../../../extension/core/saved/savedChanges.ts";
import { restoreWindow, SavedWindow, saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import { sessionView } from "../../../../extension/core/view/selectors.ts";
import { after, introduce, linked, sid, type, unlinked, withBobby } from "../../../support/core.ts";

const ONE = sessionNumber(1);

const file = (letter: string) => ({
  id: v.parse(FileId, `${letter.repeat(21)}A`),
  ...{ name: `${letter}.png`, size: 3, path: `/transfers/${letter}`, shownPath: `${letter}.png` },
  copied: true as const,
});
const compose = (letter: string, to = "bobby"): CoreEvent => ({
  ...{ type: "file/composed", sid: sid(to), file: file(letter) },
});
const offer = (letter: string): CoreEvent => {
  const { id, name, size } = file(letter);
  const part = { kind: "file", id, name, size } as const;
  return { type: "user/say", request: 7, session: ONE, text: offerText(part), part };
};
const names = ({ sessions }: State) => sessions.map(({ files }) => files.map(({ name }) => name).join(" "));

describe("files in composers, in the state", () => {
  const both = after(withBobby, compose("a"), compose("b"));

  it("are shown in their order, and none is for a session that is gone", () => {
    assert.deepEqual(names(after(both, compose("c", "carmen"))), ["", "a.png b.png"]);
    const [, session] = both.sessions;
    assert.ok(session !== undefined);
    const { id, name, size } = file("a");
    assert.deepEqual(sessionView(both, session).files?.[0], { id, name, size });
  });

  it("leave with the message that offers them, and stay if it is not sent", () => {
    assert.deepEqual(names(after(both, offer("a"))), ["", "b.png"]);
    const over = after(both, unlinked("bobby", "left"));
    assert.deepEqual(names(after(over, offer("a"))), ["", "a.png b.png"]);
  });

  it("are replaced where they stand, and removed", () => {
    const moved = { ...file("a"), path: "/elsewhere" };
    const state = after(both, { type: "file/composed", sid: sid("bobby"), file: moved });
    assert.deepEqual(state.sessions[1]?.files, [moved, file("b")]);
    assert.deepEqual(names(after(both, { type: "file/discarded", id: moved.id })), ["", "b.png"]);
  });

  it("survive a reload, however the window was saved", () => {
    const read = (saved: unknown) =>
      restoreWindow(v.parse(SavedWindow, JSON.parse(JSON.stringify(saved))), "x");
    assert.deepEqual(read(saveWindow(both)).sessions[1]?.files, [file("a"), file("b")]);
    const change = changesBetween(withBobby, both);
    const before = saveWindow(withBobby);
    assert.ok(change !== null && before !== null);
    assert.ok(isIrreplaceable(change));
    const kept = v.parse(SavedChange, JSON.parse(JSON.stringify(change)));
    assert.deepEqual(read(applyChange(before, kept)).sessions[1]?.files, [file("a"), file("b")]);
  });

  it("keep a session that has ended, and go on in the next one with the same person", () => {
    const over = after(both, unlinked("bobby", "left"));
    assert.deepEqual([over.sessions[1]?.link, names(over)], ["ended", ["", "a.png b.png"]]);
    const again = after(over, type("\\fork bobby"), introduce("w.2", "bobby", "again"), linked("again"));
    assert.deepEqual(names(again), ["", "a.png b.png"]);
  });

  it("stay when the history is cleared", () => {
    assert.deepEqual(names(after(both, { type: "history/cleared", session: null })), ["", "a.png b.png"]);
  });
});
