// The files that server and window find when they start, broken in every way. Each is read, or told as lost; nothing throws.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { panelState } from "../../extension/core/panelView.ts";
import { changesBetween } from "../../extension/core/savedChanges.ts";
import { restoreWindow, SavedWindow, saveWindow } from "../../extension/core/savedWindow.ts";
import { readJournal } from "../../extension/host/journal.ts";
import { Pin } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";
import { PanelState } from "../../protocol/webview.ts";
import { HeldName } from "../../server/heldNames.ts";
import { openNameStore } from "../../server/nameStore.ts";
import { Registry } from "../../server/registry.ts";
import {
  after as afterwards,
  confirm,
  hear,
  online,
  pin,
  run,
  type,
  withBobby,
  withBoth,
} from "../support/core.ts";
import { FRAMES, fuzz } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

/** Files are slower than frames. */
const FILES = FRAMES / 50;

describe("a file of whatever contents", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fork-chat-fuzz-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  fuzz(`of names is read as names, or forgotten with a line in the log (${FILES} files)`, (seed) => {
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
      const store = openNameStore(folder, (_level, event, fields) =>
        log.push(`${event} ${JSON.stringify(fields)}`),
      );
      const read = store.read();
      kept.add(read.length > 0);
      for (const name of read) assert.ok(v.is(HeldName, name));
      assert.ok(log.length === 0 || (read.length === 0 && log.length === 1), "each loss is told, once");
      const registry = new Registry(
        limits,
        read,
        () => undefined,
        () => 0,
      );
      const someone = { pin: v.parse(Pin, "-".repeat(43)), addressKey: "1", cameAt: 0 };
      assert.match(registry.enter("anna", someone).name, /^anna(_\d+)?$/u);
    }
    assert.equal(kept.size, 2);
  });

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
      // Mostly sound lines: a file is read no further than its first one that is not.
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
});

/** A line of a journal as it is written, with its check. */
function checked(json: string): string {
  return `${createHash("sha256").update(json).digest("hex").slice(0, 8)} ${json}\n`;
}
