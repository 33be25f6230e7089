// Conversations on the user's own machine, in a real folder: what comes back, what is bounded, and what goes.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join as pathOf } from "node:path";
import { LOBBY } from "../../../../extension/core/model/session.ts";
import { conversationOf } from "../../../../extension/core/saved/history.ts";
import { entryAt } from "../../../../extension/core/model/transcript.ts";
import {
  EPOCH,
  frame,
  hear,
  introduce,
  join,
  joined,
  linked,
  listening,
  look,
  NOW,
  open,
  said,
  tell,
  type,
  unlinked,
} from "../../../support/core.ts";
import {
  chatter,
  enter,
  fork,
  heard,
  KeptConversations,
  leave,
  quit,
  reloaded,
} from "../../../support/keptConversations.ts";

/** Joins as anna, with the server's URL as it was typed. */
const at = (server: string) =>
  enter().map((event) => (event.type === "user/join" ? { ...event, server } : event));

describe("saved conversations", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window, files, onlyFile } = kept;

  it("are in files for their user only", () => {
    window().take(...enter());
    assert.equal(statSync(kept.folder).mode & 0o777, 0o700);
    assert.equal(statSync(onlyFile()).mode & 0o777, 0o600);
  });

  it("restore everything a returning window showed, with the same indices", () => {
    const first = window().take(...enter(), ...chatter(1, 1200));
    const { transcript } = first.state.sessions[0];
    first.history.close();
    const second = window().adopt(reloaded(first.state));
    assert.deepEqual(second.messages(), heard(1, 1200));
    const restored = second.state.sessions[0].transcript;
    assert.deepEqual([restored.start, restored.end], [transcript.start, transcript.end]);
    assert.deepEqual(entryAt(restored, 700), entryAt(transcript, 700));
    second.take({ type: "window/restored" }, open(), listening, tell(joined("anna", { seq: 1200 })));
    second.take(...chatter(1201, 1210));
    second.history.close();
    assert.deepEqual(window().adopt(reloaded(second.state)).messages(), heard(1, 1210));
  });

  it("restore what the window's own file lacks, if it was killed between the two writes", () => {
    const first = window().take(...enter(), ...chatter(1, 600));
    const journaled = first.state;
    // The history has one more, which the journal has not: the server tells it again.
    first.take(said(601, "bobby", "m601"));
    first.history.close();
    const second = window().adopt(reloaded(journaled));
    assert.deepEqual(second.messages(), heard(1, 600));
    second.take({ type: "window/restored" }, open(), listening);
    second.take(tell(joined("anna", { seq: 601, missed: 1 })), said(601, "bobby", "m601"));
    second.history.close();
    assert.deepEqual(window().adopt(reloaded(second.state)).messages(), heard(1, 601));
  });

  it("precede a new session with the same people, and the server repeats nothing", () => {
    const first = window().take(...enter(), ...chatter(1, 5), quit);
    assert.deepEqual(first.messages(), []);
    const second = window();
    second.take(join("anna"), open(), listening);
    assert.deepEqual(second.messages(), heard(1, 5));
    assert.deepEqual(second.state.lastSeen, { epoch: EPOCH, seq: 5 });
    second.take(tell(joined("anna", { seq: 7, missed: 2 })), ...chatter(4, 7));
    assert.deepEqual(second.messages(), heard(1, 7));
    assert.equal(files().length, 1);
  });

  it("keep people, servers and names separate", () => {
    window().take(...enter(), ...fork(), hear("bobby", 1, "secret"), said(1, "carmen", "open"), quit);
    const other = window().take(join("frida"));
    assert.deepEqual(other.messages(), []);
    const again = window().take(...enter(), ...fork());
    assert.deepEqual(again.messages(0), ["carmen: open"]);
    assert.deepEqual(again.messages(1), ["bobby: secret"]);
  });

  it("are shared by all spellings of a server's URL", () => {
    window().take(...at("ws://LOCALHOST:43210/"), said(1, "bobby", "m1"), quit);
    window().take(...at("ws://[::1]:43210"), said(2, "bobby", "m2"), quit);
    assert.deepEqual(
      window()
        .take(...at("ws://127.0.0.1:43210"))
        .messages(),
      heard(1, 2),
    );
    assert.equal(files().length, 1);
    assert.deepEqual(
      window()
        .take(...at("ws://localhost:43211"))
        .messages(),
      [],
    );
  });

  it("that an earlier version saved per spelling are merged into one file", async () => {
    const former = ["ws://127.0.0.1:43210", "ws://localhost:43210/", "WS://LOCALHOST.:43210"].map(
      (server, i) => {
        const made = window().take(...at(server), said(i + 1, "bobby", `m${i + 1}`));
        made.history.close();
        const text = readFileSync(onlyFile(), "utf8");
        rmSync(onlyFile());
        return { server, text };
      },
    );
    for (const made of kept.windows.splice(0)) made.close();
    for (const { server, text } of former) {
      assert.ok(text.includes(JSON.stringify(server)));
      // As it was named then: by the very text.
      const name = createHash("sha256")
        .update(JSON.stringify([server, "anna", null]))
        .digest("hex");
      writeFileSync(pathOf(kept.folder, `${name.slice(0, 32)}.0.${name.slice(-12)}.history`), text);
    }
    assert.equal(files().length, 3);
    const found = await window().history.elsewhere(null);
    assert.deepEqual(
      found.map(({ entries }) => entries.length),
      [3],
    );
    assert.deepEqual(
      window()
        .take(...at("ws://localhost:43210"))
        .messages()
        .sort(),
      heard(1, 3),
    );
    assert.equal(files().length, 1);
  });

  it("of an earlier version's spelling are cleared as well", () => {
    const former = window().take(...at("ws://localhost:43210/"), said(1, "bobby", "m1"));
    const { me, sessions } = former.state;
    assert.ok(me !== null);
    former.close();
    renameSync(onlyFile(), onlyFile().replace(/[0-9a-f]{32}/u, "f".repeat(32)));
    window().history.clear(conversationOf({ ...me, server: "ws://127.0.0.1:43210" }, sessions[0]));
    assert.deepEqual(files(), []);
  });

  it("include amendments, and no number of an earlier session counts anymore", () => {
    const first = window().take(...enter(), ...fork(), hear("bobby", 1, "frist"));
    first.take(
      frame("bobby", {
        type: "message",
        seq: 2,
        at: NOW,
        text: "first",
        about: { kind: "edit", seq: 1 },
      }),
    );
    assert.deepEqual(first.messages(1), ["bobby: first"]);
    first.history.close();
    assert.deepEqual(window().adopt(reloaded(first.state)).messages(1), ["bobby: first"]);
    first.history.close();
    for (const made of kept.windows) made.history.close();
    const later = window().take(...enter(), ...fork());
    const entry = entryAt(later.state.sessions[1]?.transcript ?? later.state.sessions[0].transcript, 0);
    assert.equal(entry?.kind === "message" && entry.edited, true);
    assert.equal(entry?.kind === "message" && "seq" in entry, false);
  });

  it("continue in a session that takes over from an ended one", () => {
    const first = window().take(...enter(), ...fork(), hear("bobby", 1, "one"));
    first.take(look(0), hear("bobby", 2, "last words"), unlinked("bobby", "left"));
    assert.equal(first.state.sessions[1]?.link, "ended");
    first.take(look(0), type("\\fork bobby"), introduce("w.2", "bobby", "anew"), linked("anew"));
    first.take(hear("anew", 1, "again"));
    const words = ["bobby: one", "bobby: last words", "bobby: again"];
    assert.deepEqual(first.messages(2), words);
    assert.equal(files().length, 2, "the lobby’s and bobby’s");
    first.take(quit);
    assert.deepEqual(
      window()
        .take(...enter(), ...fork())
        .messages(1),
      words,
    );
  });

  it("are not saved with 0 days, and existing ones are deleted", () => {
    window().take(...enter(), ...chatter(1, 3), quit);
    assert.equal(files().length, 1);
    const none = window({ days: 0 });
    none.history.configure({ messages: 100, days: 0, forgetOnLeave: false });
    assert.deepEqual(files(), []);
    none.take(...enter(), ...chatter(1, 3));
    assert.deepEqual(files(), []);
    const some = window().take(...enter());
    some.history.configure({ messages: 100, days: 0, forgetOnLeave: false });
    assert.deepEqual(files(), []);
    some.history.configure({ messages: 100, days: 30, forgetOnLeave: false });
    some.take(...chatter(1, 2));
    some.history.close();
    assert.deepEqual(
      window()
        .take(...enter())
        .messages(),
      heard(1, 2),
    );
  });

  it("are deleted on leaving and quitting if the setting is on, and the window learns of it", () => {
    const first = window({ forgetOnLeave: true }).take(...enter(), ...fork(), hear("bobby", 1, "secret"));
    assert.equal(files().length, 2);
    first.take(leave);
    assert.equal(files().length, 1);
    assert.equal(first.forgotten, 1);
    first.take(quit);
    assert.deepEqual(files(), []);
  });

  it("are cleared here and in the files, and stay cleared after another join", () => {
    const first = window().take(...enter(), ...fork(), hear("bobby", 1, "secret"), ...chatter(1, 3));
    const { me, sessions } = first.state;
    assert.ok(me !== null);
    first.history.clear(conversationOf(me, sessions[0]));
    first.take({ type: "history/cleared", session: LOBBY }, said(4, "bobby", "after"));
    assert.deepEqual(first.messages(0), ["bobby: after"]);
    assert.deepEqual(first.messages(1), ["bobby: secret"]);
    assert.ok(files().every((file) => !readFileSync(file, "utf8").includes('"m2"')));
    first.history.close();
    assert.deepEqual(window().adopt(reloaded(first.state)).messages(0), ["bobby: after"]);
    first.take({ type: "history/cleared", session: null });
    assert.deepEqual([first.messages(0), first.messages(1)], [[], []]);
  });
});
