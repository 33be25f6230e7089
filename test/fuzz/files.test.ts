// The files that server and window find when they start, broken in every way. Each is read, or told as lost; nothing throws.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { panelState } from "../../extension/core/view/panelView.ts";
import { changesBetween } from "../../extension/core/saved/savedChanges.ts";
import { restoreWindow, SavedWindow, saveWindow } from "../../extension/core/saved/savedWindow.ts";
import { parseHistory } from "../../extension/host/storage/historyFile.ts";
import { earlierLines } from "../../extension/host/storage/historyLines.ts";
import { readJournal } from "../../extension/host/storage/journal.ts";
import { Pin } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { Entry, PanelState } from "../../protocol/webview.ts";
import { HeldName } from "../../server/names/heldNames.ts";
import { openNameStore } from "../../server/names/nameStore.ts";
import { Registry } from "../../server/names/registry.ts";
import {
  after as afterwards,
  confirm,
  EPOCH,
  hear,
  NOW,
  online,
  pin,
  run,
  SERVER,
  type,
  withBobby,
  withBoth,
} from "../support/core.ts";
import { FRAMES, fuzz } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

/** Files are slower than frames. */
const FILES = FRAMES / 50;

describe("a file with arbitrary contents", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fork-chat-fuzz-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  fuzz(
    `of names is read as far as it is whole, with a line in the log where that is not all (${FILES} files)`,
    (seed) => {
      const held = ["anna", "Łukasz", "李小龙", "аnna", "anna_2"].map((name, n) => ({
        name,
        pin: pin(String(n)),
        address: "127.0.0.1",
        since: n,
      }));
      const mutator = new Mutator(seed, [
        { version: 1, names: held },
        { version: 1, names: [] },
      ]);
      const path = join(folder, "names.json");
      const kept = new Set<boolean>();
      for (let n = 0; n < FILES; n++) {
        writeFileSync(path, mutator.frame());
        const log: string[] = [];
        const store = openNameStore(
          folder,
          (_level, event, fields) => log.push(`${event} ${JSON.stringify(fields)}`),
          () => n,
        );
        assert.ok(store.ok);
        store.value.close();
        const read = store.value.before;
        kept.add(read.length > 0);
        for (const name of read) assert.ok(v.is(HeldName, name));
        assert.ok(log.length <= 1, "each loss is told, once");
        const registry = new Registry(limits, read, () => undefined);
        const someone = { pin: v.parse(Pin, "0".repeat(43)), address: "1", since: 0 };
        assert.match(registry.enter("anna", someone, 0).name, /^anna(_\d+)?$/u);
      }
      assert.equal(kept.size, 2);
    },
  );

  fuzz(`of a window gives back a window that can go on, or none (${FILES} files)`, (seed) => {
    const states = [
      online,
      withBobby,
      afterwards(withBobby, hear("bobby", 1, "first")),
      afterwards(withBobby, hear("bobby", 1, "first"), type("second", 1)),
      afterwards(withBobby, hear("bobby", 1, "first"), type("second", 1), confirm("bobby", 1)),
      withBoth,
    ];
    const snapshots = states.map((state) => ({ owner: 1, window: saveWindow(state) }));
    const changes = states.flatMap((state, n) => {
      const next = states[n + 1];
      return next === undefined ? [] : [{ change: changesBetween(state, next) }];
    });
    const first = new Mutator(seed, snapshots);
    const more = new Mutator(seed, [...changes, { owner: null }]);
    const path = join(folder, "window.journal");
    const outcomes = new Set<string>();
    for (let n = 0; n < FILES; n++) {
      const mutator = first.chance(0.5) ? first : more;
      // Mostly sound lines: without a sound snapshot little can be recovered.
      const snapshot = first.chance(0.6) ? JSON.stringify(first.pick(snapshots)) : first.frame();
      const lines = Array.from({ length: first.below(6) }, () =>
        first.chance(0.5) ? JSON.stringify(first.pick(changes)) : more.frame(),
      );
      let file = [snapshot, ...lines].map(checked).join("");
      while (first.chance(0.2)) file = mutator.breakText(file);
      writeFileSync(path, file);
      const kept = readJournal(path);
      outcomes.add(kept === null ? "none" : kept.window.peers.length > 0 ? "sessions" : "lobby");
      if (kept === null) continue;
      const parsed = v.safeParse(SavedWindow, kept.window);
      assert.ok(parsed.success, JSON.stringify(parsed.issues?.[0].path?.map(({ key }) => key)));
      assert.deepEqual(parsed.output, kept.window);
      const { state } = run(restoreWindow(kept.window, "again"), { type: "window/restored" });
      assert.ok(v.is(PanelState, panelState(state)));
      assert.equal(state.sessions.length, kept.window.peers.length + 1);
    }
    assert.deepEqual([...outcomes].sort(), ["lobby", "none", "sessions"]);
    assert.ok(readdirSync(folder).includes("window.journal"), "reading leaves the file where it is");
  });

  fuzz(`of a conversation gives entries that can be shown, or none (${FILES} files)`, (seed) => {
    const conversation = { server: SERVER, identity: "anna", peer: { name: "bobby", pin: pin("bobby") } };
    const seen = { epoch: EPOCH, seq: 1 };
    const headers = [
      { history: 1, conversation, seen },
      { history: 1, conversation: { ...conversation, peer: null }, seen: null },
    ];
    const message = { kind: "message", from: "bobby", own: false, at: NOW, text: "first", seq: 1 };
    const lines = [
      { index: 0, id: "a-0", entry: message, seen },
      { index: 1, id: "a-1", entry: { kind: "notice", level: "info", at: NOW, text: "bobby has joined." } },
      { index: 0, id: "a-2", entry: { ...message, text: "edited", edited: true } },
      {
        index: 2,
        id: "a-3",
        entry: { ...message, seq: 2, reply: { from: "bobby", text: "first", index: 0 } },
      },
    ];
    const [first, more] = [new Mutator(seed, headers), new Mutator(seed, lines)];
    const outcomes = new Set<string>();
    for (let n = 0; n < FILES; n++) {
      const header = first.chance(0.7) ? JSON.stringify(first.pick(headers)) : first.frame();
      const others = Array.from({ length: first.below(8) }, () =>
        first.chance(0.5) ? JSON.stringify(first.pick(lines)) : more.frame(),
      );
      let file = [header, ...others].map(checked).join("");
      while (first.chance(0.2)) file = more.breakText(file);
      const kept = parseHistory(file);
      if (kept === null) {
        outcomes.add("none");
        continue;
      }
      const earlier = earlierLines([kept, kept], { oldest: 0, gaps: [], count: 3 });
      outcomes.add(earlier.lines.length > 0 ? "lines" : "no line");
      assert.ok(earlier.lines.length <= 3);
      for (const [i, { index, entry }] of earlier.lines.entries()) {
        assert.equal(index, i);
        assert.ok(v.is(Entry, entry));
        assert.ok(entry.kind !== "message" || (entry.reply?.index ?? 0) < earlier.lines.length);
      }
    }
    assert.deepEqual([...outcomes].sort(), ["lines", "no line", "none"]);
  });
});

/** A line of a journal as it is written, with its check. */
function checked(json: string): string {
  return `${createHash("sha256").update(json).digest("hex").slice(0, 8)} ${json}\n`;
}
