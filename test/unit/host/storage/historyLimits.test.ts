// How much of a conversation is kept, and how long.
import assert from "node:assert/strict";
import { readFileSync, utimesSync } from "node:fs";
import { entryAt } from "../../../../extension/core/model/transcript.ts";
import { parseHistory } from "../../../../extension/host/storage/historyFile.ts";
import type { LobbyAbout } from "../../../../protocol/fields.ts";
import { frame, join, messageId, NOW, said, tell } from "../../../support/core.ts";
import {
  chatter,
  enter,
  fork,
  heard,
  KeptConversations,
  quit,
  reloaded,
} from "../../../support/keptConversations.ts";

describe("what is kept of conversations", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window, files, onlyFile } = kept;

  it("are limited in lines: a file of twice the limit is rewritten", () => {
    const first = window({ messages: 100 }).take(...enter());
    let most = 0;
    for (const event of chatter(1, 1000)) {
      first.take(event);
      most = Math.max(most, readFileSync(onlyFile(), "utf8").split("\n").length);
    }
    assert.ok(most <= 204, `${most} lines`);
    first.history.close();
    const second = window({ messages: 100 }).take(quit, ...enter());
    assert.deepEqual(second.messages(), heard(901, 1000));
  });

  it("do not add a dropped line again as the newest when it changes", () => {
    const first = window({ messages: 100 }).take(...enter(), ...chatter(1, 220));
    const changed = (seq: number, text: string, about: LobbyAbout) =>
      tell({ type: "said", seq, at: NOW, from: "bobby", id: messageId(`other.${seq}`), text, about });
    first.take(changed(221, "👍", { kind: "react", seq: 30, on: true }));
    first.take(changed(222, "m210", { kind: "edit", seq: 210 }));
    const file = parseHistory(readFileSync(onlyFile(), "utf8"));
    const texts = [...(file?.lines.values() ?? [])].map(({ entry }) => entry.text);
    assert.deepEqual([texts.includes("m30"), texts.at(-1)], [false, "m220"]);
    first.history.close();
    const second = window({ messages: 100 }).take(...enter());
    assert.deepEqual(second.messages(), heard(121, 220));
    const edited = entryAt(second.state.sessions[0].transcript, 210 - 121);
    assert.equal(edited?.kind === "message" && edited.edited, true);
  });

  it("accept new lines after they dropped all lines as too old", () => {
    const first = window({ messages: 100 });
    first.now = NOW + 31 * 24 * 3_600_000;
    first.take(...enter(), ...chatter(1, 220));
    first.take(said(221, "bobby", "m221"));
    first.history.close();
    assert.ok(
      window({ messages: 100 })
        .take(...enter())
        .messages()
        .includes("bobby: m221"),
    );
  });

  const day = 24 * 3_600_000;
  const startAt = (days: number): ReturnType<typeof window> => {
    const started = window();
    started.now = NOW + days * day;
    return started;
  };

  it("are limited in days, when two starts agree on the day", () => {
    window()
      .take(...enter(), said(1, "bobby", "old"))
      .history.close();
    for (const days of [6, 12, 18, 24, 30]) {
      startAt(days)
        .take(...enter())
        .history.close();
    }
    const second = startAt(31).take(...enter());
    assert.deepEqual(second.messages(), ["bobby: old"], "its clock may be wrong");
    second.history.close();
    const third = startAt(32).take(...enter());
    assert.deepEqual(third.messages(), []);
    third.history.close();
    // Files that are never opened are deleted too, at the same age.
    const lone = onlyFile();
    utimesSync(lone, NOW / 1000, NOW / 1000);
    startAt(33).take(join("frida"));
    assert.ok(!files().includes(lone));
  });

  it("lose nothing when a start's clock is ahead or behind", () => {
    window()
      .take(...enter(), ...chatter(1, 3))
      .history.close();
    utimesSync(onlyFile(), NOW / 1000, NOW / 1000);
    for (const days of [60, 1, -40, 2, 400, 3]) {
      const started = startAt(days).take(...enter());
      assert.deepEqual(started.messages(), heard(1, 3), `at day ${days}`);
      started.history.close();
    }
  });

  it("are kept for their full time when the clock was behind at receipt", () => {
    const words = ["bobby: hello"];
    startAt(-400).take(...enter(), said(1, "bobby", "hello"), quit);
    for (const days of [0, 1, 2, 9, 17, 29, 30]) {
      const next = startAt(days).take(...enter());
      assert.deepEqual(next.messages(), words, `at day ${days}`);
      next.take(quit);
    }
    startAt(31).take(...enter(), quit);
    assert.deepEqual(
      startAt(32)
        .take(...enter())
        .messages(),
      [],
    );
  });

  it("are kept by the time of receipt, however wrong their authors' clocks are", () => {
    const words = ["bobby: from a clock that is behind"];
    const behind = {
      type: "message",
      seq: 1,
      at: NOW - 40 * day,
      text: "from a clock that is behind",
    } as const;
    startAt(-1)
      .take(...enter(), ...fork())
      .history.close();
    const first = window().take(...enter(), ...fork(), frame("bobby", behind));
    first.history.close();
    assert.deepEqual(startAt(1).adopt(reloaded(first.state)).messages(1), words);
    for (const made of kept.windows) made.history.close();
    for (const days of [10, 11, 29]) {
      const later = startAt(days).take(...enter(), ...fork());
      assert.deepEqual(later.messages(1), words, `at day ${days}`);
      later.take(quit);
    }
    startAt(31).take(...enter(), quit);
    assert.deepEqual(
      startAt(32)
        .take(...enter(), ...fork())
        .messages(1),
      [],
    );
  });
});
