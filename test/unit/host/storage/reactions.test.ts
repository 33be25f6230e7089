// Reactions on the disk: as small as they are, and there after a restart and a crash.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { slice } from "../../../../extension/core/model/transcript.ts";
import { frame, hear, messageId, NOW, said, tell, type Step } from "../../../support/core.ts";
import { enter, fork, KeptConversations } from "../../../support/keptConversations.ts";
import type { KeptWindow } from "../../../support/keptWindow.ts";

const [WINDOW, OTHER] = ["a".repeat(32), "b".repeat(32)];
const [thumb, rocket] = ["\u{1f44d}", "\u{1f680}"];

const react = (seq: number, from: string, text: string, on = true): CoreEvent =>
  tell({
    ...{ type: "said", seq, at: NOW, from, id: messageId(`r.${seq}`), text },
    about: { kind: "react", seq: 1, on },
  });
const reactInPrivate = (seq: number, text: string): Step =>
  frame("bobby", {
    type: "message",
    seq,
    at: NOW,
    text,
    about: { kind: "react", of: "mine", seq: 1, on: true },
  });

const reactions = ({ state }: KeptWindow, number: number): [string, string[]][] =>
  slice(state.sessions[number]?.transcript ?? assert.fail(), 0, Infinity).entries.flatMap((entry) =>
    entry.kind === "message"
      ? (entry.reactions ?? []).map(({ text, by }): [string, string[]] => [text, by])
      : [],
  );

describe("saved reactions", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window } = kept;

  it("take no more room on a long message", () => {
    const size = (): number =>
      [kept.folder, kept.journals].reduce(
        (sum, path) =>
          sum + readdirSync(path).reduce((all, name) => all + statSync(join(path, name)).size, 0),
        0,
      );
    const anna = window({}, WINDOW).take(...enter(), said(1, "bobby", "x".repeat(16_000)));
    const before = size();
    for (let seq = 2; seq < 102; seq++) anna.take(react(seq, "carmen", thumb, seq % 2 === 0));
    assert.ok(size() - before < 100 * 1_000, `${size() - before} bytes for 100 reactions`);
  });

  it("are in both files when the window returns", async () => {
    const anna = window({}, WINDOW).take(...enter(), said(1, "bobby", "x"), react(2, "carmen", thumb));
    anna.take(react(3, "dora", rocket), react(4, "dora", thumb), react(5, "carmen", thumb, false));
    anna.take(...fork(), hear("bobby", 1, "p"), reactInPrivate(2, thumb));
    const lobby = [
      [thumb, ["dora"]],
      [rocket, ["dora"]],
    ];
    assert.deepEqual(reactions(anna, 0), lobby);
    const journal = readFileSync(join(kept.journals, `${WINDOW}.journal`), "utf8");
    assert.ok(journal.includes('"reacted"'), "as rows, not as whole lines");
    anna.close();
    const back = await window({}, OTHER).comeBack(WINDOW);
    assert.deepEqual(reactions(back, 0), lobby);
    assert.deepEqual(reactions(back, 1), [[thumb, ["bobby"]]]);
    back.close();
    // Without the window's own file.
    const later = window({}).take(...enter(0, 5));
    assert.deepEqual(reactions(later, 0), lobby);
  });
});
