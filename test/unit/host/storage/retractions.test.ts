// Words that were taken back, and the files in which they stand: those of conversations and of windows.
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CoreEvent } from "../../../../extension/core/model/events.ts";
import { REWRITE_PAUSE_MS } from "../../../../extension/host/storage/rewriteQueue.ts";
import { frame, hear, messageId, NOW, said, tell, type Step } from "../../../support/core.ts";
import { FakeTimers } from "../../../support/fakeTimers.ts";
import { chatter, enter, fork, KeptConversations, leave } from "../../../support/keptConversations.ts";

const WINDOW = "a".repeat(32);

const retracted = (seq: number, of: number): CoreEvent =>
  tell({
    ...{ type: "said", seq, at: NOW, from: "bobby", id: messageId(`other.${seq}`), text: "(retracted)" },
    about: { kind: "retract", seq: of },
  });
const retractedInPrivate = (seq: number, of: number): Step =>
  frame("bobby", {
    ...{ type: "message", seq, at: NOW, text: "(retracted)" },
    about: { kind: "retract", seq: of },
  });

describe("retracted text", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window, filesWith } = kept;
  const timers = new FakeTimers();
  beforeEach(() => timers.install());
  afterEach(() => timers.uninstall());

  /** A rewritten file has another inode. */
  const inodes = (): Map<string, number> =>
    new Map(
      [kept.folder, kept.journals].flatMap((folder) =>
        readdirSync(folder).map((name) => [name, statSync(join(folder, name)).ino] as const),
      ),
    );
  const rewritten = (before: ReadonlyMap<string, number>): number =>
    [...inodes()].filter(([name, inode]) => before.get(name) !== inode).length;

  it("soon disappears from the conversation's file and the window's, with its quotes", () => {
    const anna = window({}, WINDOW).take(...enter(), said(1, "bobby", "secret words"));
    anna.take(
      tell({
        ...{ type: "said", seq: 2, at: NOW, from: "carmen", id: messageId("c.2"), text: "indeed" },
        about: { kind: "reply", seq: 1 },
      }),
    );
    anna.take(retracted(3, 1));
    assert.equal(filesWith("secret words").length, 2);
    timers.pass(REWRITE_PAUSE_MS);
    assert.deepEqual(filesWith("secret words"), []);
    assert.deepEqual(anna.messages(), ["bobby: ", "carmen: indeed"]);
    // The files go on.
    anna.take(said(4, "bobby", "other words"));
    assert.equal(filesWith("other words").length, 2);
    anna.close();
  });

  it("disappears at once when the window closes, and when the session is left", () => {
    const anna = window({}, WINDOW).take(...enter(), said(1, "bobby", "secret words"), retracted(2, 1));
    anna.take(...fork(), hear("bobby", 1, "private words"), retractedInPrivate(2, 1), leave);
    assert.deepEqual(filesWith("private words"), [`${WINDOW}.journal`]);
    anna.close();
    assert.deepEqual([...filesWith("secret words"), ...filesWith("private words")], []);
  });

  it("disappears from the window's file when no conversations are saved", () => {
    const anna = window({ days: 0 }, WINDOW).take(...enter(), said(1, "bobby", "secret words"));
    anna.take(retracted(2, 1));
    assert.deepEqual(filesWith("secret words"), [`${WINDOW}.journal`]);
    timers.pass(REWRITE_PAUSE_MS);
    assert.deepEqual(filesWith("secret words"), []);
    anna.close();
  });

  it("disappears from the conversation's file even if the session no longer holds the line", () => {
    const anna = window({}, WINDOW).take(...enter(), said(1, "bobby", "secret words"));
    for (let seq = 2; seq < 400; seq++) anna.take(said(seq, "carmen", "x".repeat(16_000)));
    assert.ok(anna.state.sessions[0].transcript.start > 1);
    const files = (): string[] => filesWith("secret words").filter((name) => name.endsWith(".history"));
    assert.equal(files().length, 1);
    anna.take(retracted(400, 1));
    timers.pass(REWRITE_PAUSE_MS);
    assert.deepEqual(files(), []);
    assert.equal(
      anna.messages().length,
      anna.state.sessions[0].transcript.end - anna.state.sessions[0].transcript.start,
    );
    anna.close();
  });

  it("is erased in one file at a time, however many messages are retracted", () => {
    const anna = window({}, WINDOW).take(...enter(), ...fork(), ...chatter(1, 200));
    for (let seq = 1; seq <= 100; seq++) anna.take(hear("bobby", seq, `p${seq}`));
    const before = inodes();
    assert.equal(before.size, 3);
    for (let seq = 1; seq <= 100; seq++) {
      anna.take(retracted(200 + seq, seq), retractedInPrivate(100 + seq, seq));
    }
    assert.equal(rewritten(before), 0);
    timers.pass(REWRITE_PAUSE_MS);
    assert.equal(rewritten(before), 2, "one conversation’s, and the window’s");
    timers.pass(REWRITE_PAUSE_MS);
    assert.equal(rewritten(before), 3);
    const once = inodes();
    timers.pass(10 * REWRITE_PAUSE_MS);
    assert.equal(rewritten(once), 0);
    anna.close();
  });
});
