// What is cleared, and windows that are closed meanwhile: their journals are on the same disk.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { conversationOf } from "../../../../extension/core/saved/history.ts";
import { saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import type { Session } from "../../../../extension/core/model/session.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { ClosedWindows } from "../../../../extension/host/storage/closedWindows.ts";
import { Journal, readJournal } from "../../../../extension/host/storage/journal.ts";
import { hear, linked, look, said } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";
import { enter, fork, KeptConversations, leave, quit } from "../../../support/keptConversations.ts";

const CLOSED = "c".repeat(32);
const OPEN = "a".repeat(32);

describe("history that is cleared while another window is closed", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window, filesWith } = kept;
  const journal = (id: string): string => join(kept.journals, `${id}.journal`);

  /** A window with a lobby and a private session, closed with both. */
  function closeOne(): State {
    const closed = window({}, CLOSED).take(...enter(), said(1, "bobby", "open words"), ...fork());
    closed.take(hear("bobby", 1, "private words"), look(0));
    closed.close();
    assert.deepEqual(filesWith("private words").length, 2, "the conversation’s and the window’s");
    return closed.state;
  }

  const conversation = ({ me, sessions }: State, which: (session: Session) => boolean) => {
    const session = sessions.find(which);
    assert.ok(me !== null && session !== undefined);
    return conversationOf(me, session);
  };

  it("is nowhere on disk, and does not return with the closed window", async () => {
    const before = closeOne();
    window({}, OPEN).history.clear(null);
    assert.deepEqual([...filesWith("open words"), ...filesWith("private words")], []);

    const again = await window({}, "n".repeat(32)).comeBack(CLOSED);
    assert.deepEqual([again.messages(0), again.messages(1)], [[], []]);
    // Its session goes on, under the numbers that it had.
    const [lobby, peer] = again.state.sessions;
    assert.deepEqual(
      [lobby.transcript.end, peer?.transcript.end, peer?.unread],
      [before.sessions[0].transcript.end, before.sessions[1]?.transcript.end, 0],
    );
    again.take(linked("bobby"), hear("bobby", 2, "afterwards"));
    assert.deepEqual(again.messages(1), ["bobby: afterwards"]);
  });

  it("is only the cleared conversation", async () => {
    const state = closeOne();
    window({}, OPEN).history.clear(conversation(state, ({ kind }) => kind === "peer"));
    assert.deepEqual(filesWith("private words"), []);
    const again = await window({}, "n".repeat(32)).comeBack(CLOSED);
    assert.deepEqual([again.messages(0), again.messages(1)], [["bobby: open words"], []]);
  });

  it("is cleared even if the closed window had left the session and its journal still contains it", () => {
    const closed = window({}, CLOSED).take(...enter(), ...fork(), hear("bobby", 1, "private words"));
    const bobby = conversation(closed.state, ({ kind }) => kind === "peer");
    closed.take(leave);
    closed.close();
    assert.ok(filesWith("private words").includes(`${CLOSED}.journal`));
    window({}, OPEN).history.clear(bobby);
    assert.deepEqual(filesWith("private words"), []);
  });

  it("on leaving, if the setting is on, disappears from closed windows too", () => {
    closeOne();
    const leaving = window({ forgetOnLeave: true }, OPEN).take(...enter(), ...fork(), leave);
    assert.deepEqual(filesWith("private words"), []);
    assert.notDeepEqual(filesWith("open words"), []);
    leaving.take(quit);
    assert.deepEqual(filesWith("open words"), []);
  });

  it("leaves no quote of a message that was being replied to", () => {
    const closed = window({}, CLOSED).take(...enter(), said(1, "bobby", "open words"));
    const about = { kind: "reply", index: 0, from: "bobby", text: "open words" } as const;
    closed.take({ type: "user/draft", session: closed.state.sessions[0].number, text: "half", about });
    closed.close();
    window({}, OPEN).history.clear(null);
    assert.deepEqual(filesWith("open words"), []);
    assert.equal(readJournal(journal(CLOSED))?.window.lobby.draft, "half");
  });

  it("leaves no copy of a file in the composer, and no other file less", () => {
    const closed = window({}, CLOSED).take(...enter(), ...fork());
    const session = closed.state.sessions.find((each) => each.kind === "peer") ?? assert.fail();
    const file = { name: "a", size: 1, path: "/a", shownPath: "/a" };
    const [own, copy] = [fileId(1), fileId(2)];
    closed.take({ type: "file/composed", sid: session.sid, file: { ...file, id: own } });
    closed.take({ type: "file/composed", sid: session.sid, file: { ...file, id: copy, copied: true } });
    closed.close();
    const files = (): string[] =>
      readJournal(journal(CLOSED))?.window.peers[0]?.files.map(({ id }) => id) ?? [];
    const windows = new ClosedWindows(kept.journals);
    assert.deepEqual(files(), [own, copy]);
    const { sid, pin } = session;
    assert.deepEqual(windows.sessions(), [{ sid, pin, isOpen: false, files: ["/a", "/a"] }]);
    window({}, OPEN).history.clear(null);
    assert.deepEqual(files(), [own]);
  });

  it("makes no file newer than it was, nor readable by others", () => {
    closeOne();
    const then = Date.now() / 1000 - 20 * 24 * 3600;
    utimesSync(journal(CLOSED), then, then);
    window({}, OPEN).history.clear(null);
    const { mtimeMs, mode } = statSync(journal(CLOSED));
    assert.ok(Math.abs(mtimeMs / 1000 - then) < 2);
    assert.equal(mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(kept.journals), [`${CLOSED}.journal`]);
  });

  it("stays in windows that are open elsewhere, until they have ended", async () => {
    const state = closeOne();
    const owner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const saved = saveWindow(state);
    assert.ok(saved !== null && owner.pid !== undefined);
    const living = new Journal(journal(CLOSED));
    living.begin({ owner: owner.pid, window: saved });
    living.close();
    const whole = readFileSync(journal(CLOSED));
    const clearing = window({}, OPEN).take(...enter());
    clearing.history.clear(null);
    assert.deepEqual(readFileSync(journal(CLOSED)), whole);
    const windows = new ClosedWindows(kept.journals);
    assert.deepEqual(windows.conversationsElsewhere(), [conversation(state, ({ kind }) => kind === "peer")]);
    assert.deepEqual(
      windows.sessions().map(({ isOpen }) => isOpen),
      [true],
    );
    owner.kill("SIGKILL");
    await once(owner, "exit");
    assert.deepEqual(windows.conversationsElsewhere(), []);
    clearing.history.clear(null);
    assert.deepEqual(filesWith("private words"), []);
  });

  it("includes what a crash left half-written, and what cannot be read", () => {
    mkdirSync(kept.journals);
    const old = Date.now() / 1000 - 3600;
    for (const name of ["one.journal.new", "two.journal.rewritten", "three.journal"]) {
      writeFileSync(join(kept.journals, name), "private words");
      utimesSync(join(kept.journals, name), old, old);
    }
    // Another window is just writing it.
    writeFileSync(join(kept.journals, "four.journal.new"), "private words");
    const clearing = window({}, OPEN).take(...enter(), ...fork());
    clearing.history.clear(conversation(clearing.state, ({ kind }) => kind === "peer"));
    assert.deepEqual(filesWith("private words").sort(), ["four.journal.new", "three.journal"]);
    clearing.history.clear(null);
    assert.deepEqual(filesWith("private words"), ["four.journal.new"]);
  });
});
