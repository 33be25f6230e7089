// Conversations on the user's own machine, in a real folder: what comes back, what goes, and what two windows may do.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join as pathOf } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { restoreWindow, saveWindow } from "../../extension/core/savedWindow.ts";
import { LOBBY, type State } from "../../extension/core/state.ts";
import { conversationOf } from "../../extension/core/history.ts";
import { entryAt } from "../../extension/core/transcript.ts";
import type { HistorySettings } from "../../extension/host/history.ts";
import { parseHistory } from "../../extension/host/historyFile.ts";
import type { CoreEvent } from "../../extension/core/events.ts";
import * as core from "../support/core.ts";
import { KeptWindow } from "../support/keptWindow.ts";

const { hear, introduce, join, joined, linked, listening, NOW, open, said, tell, type } = core;
const WRITER = fileURLToPath(new URL("../support/historyWriter.ts", import.meta.url));

const enter = (missed = 0, seq = 0, connection = 1): CoreEvent[] => [
  join("anna"),
  open(connection),
  listening,
  tell(joined("anna", { seq, missed }), connection),
];
const fork = (id = "w.1"): core.Step[] => [type("\\fork bobby"), introduce(id, "bobby"), linked("bobby")];
const quit: CoreEvent = { type: "user/command", request: 9, command: { name: "quit", argument: "" } };
const leave: CoreEvent = { type: "user/command", request: 9, command: { name: "leave", argument: "" } };
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
const chatter = (from: number, to: number): CoreEvent[] =>
  numbers(from, to).map((seq) => said(seq, "bobby", `m${seq}`));
const heard = (from: number, to: number): string[] => numbers(from, to).map((seq) => `bobby: m${seq}`);

/** The state as the window's journal gives it back. */
function reloaded(state: State): State {
  const saved = saveWindow(state);
  assert.ok(saved !== null);
  return restoreWindow(saved, "x");
}

describe("kept conversations", function () {
  this.timeout(60_000);
  let parent: string;
  let folder: string;
  const windows: KeptWindow[] = [];
  const window = (settings: Partial<HistorySettings> = {}): KeptWindow => {
    const made = new KeptWindow(folder, settings);
    windows.push(made);
    return made;
  };
  const files = (): string[] => readdirSync(folder).map((name) => pathOf(folder, name));
  const onlyFile = (): string => {
    const [file, ...others] = files();
    assert.ok(file !== undefined && others.length === 0, `${files().length} files`);
    return file;
  };

  beforeEach(() => {
    parent = mkdtempSync(pathOf(tmpdir(), "fork-chat-history-"));
    folder = pathOf(parent, "history");
  });
  afterEach(() => {
    for (const made of windows.splice(0)) {
      made.history.close();
      assert.deepEqual(made.warnings, []);
    }
    rmSync(parent, { recursive: true, force: true });
  });

  it("are in files for their user alone", () => {
    window().take(...enter());
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(onlyFile()).mode & 0o777, 0o600);
  });

  it("give a window that comes back everything it showed, under the indices it had", () => {
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

  it("give back what the window's own file does not hold, when it was killed between the two writes", () => {
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

  it("stand before a new session with the same people, and nothing is told twice by the server", () => {
    const first = window().take(...enter(), ...chatter(1, 5), quit);
    assert.deepEqual(first.messages(), []);
    const second = window();
    second.take(join("anna"), open(), listening);
    assert.deepEqual(second.messages(), heard(1, 5));
    assert.deepEqual(second.state.lastSeen, { epoch: core.EPOCH, seq: 5 });
    second.take(tell(joined("anna", { seq: 7, missed: 2 })), ...chatter(4, 7));
    assert.deepEqual(second.messages(), heard(1, 7));
    assert.equal(files().length, 1);
  });

  it("do not mix what was said to one person, at one server, under one name with anything else", () => {
    window().take(...enter(), ...fork(), hear("bobby", 1, "secret"), said(1, "carmen", "open"), quit);
    const other = window().take(join("frida"));
    assert.deepEqual(other.messages(), []);
    const again = window().take(...enter(), ...fork());
    assert.deepEqual(again.messages(0), ["carmen: open"]);
    assert.deepEqual(again.messages(1), ["bobby: secret"]);
  });

  it("take amendments with them, and of an earlier session no number counts any more", () => {
    const first = window().take(...enter(), ...fork(), hear("bobby", 1, "frist"));
    first.take(
      core.frame("bobby", {
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
    for (const made of windows) made.history.close();
    const later = window().take(...enter(), ...fork());
    const entry = entryAt(later.state.sessions[1]?.transcript ?? later.state.sessions[0].transcript, 0);
    assert.equal(entry?.kind === "message" && entry.edited, true);
    assert.equal(entry?.kind === "message" && "seq" in entry, false);
  });

  it("go on in a session that takes over what an ended one left to read", () => {
    const first = window().take(...enter(), ...fork(), hear("bobby", 1, "one"));
    first.take(core.look(0), hear("bobby", 2, "last words"), core.unlinked("bobby", "left"));
    assert.equal(first.state.sessions[1]?.link, "ended");
    first.take(core.look(0), type("\\fork bobby"), introduce("w.2", "bobby", "anew"), linked("anew"));
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

  it("are bounded in lines: a file that has grown to twice that is rewritten", () => {
    const first = window({ messages: 100 }).take(...enter());
    let most = 0;
    for (const event of chatter(1, 1000)) {
      first.take(event);
      most = Math.max(most, readFileSync(onlyFile(), "utf8").split("\n").length);
    }
    assert.ok(most <= 203, `${most} lines`);
    first.history.close();
    const second = window({ messages: 100 }).take(quit, ...enter());
    assert.deepEqual(second.messages(), heard(901, 1000));
  });

  it("are bounded in days", () => {
    const day = 24 * 3_600_000;
    const first = window().take(...enter(), said(1, "bobby", "old"));
    first.history.close();
    const second = window();
    second.now = NOW + 31 * day;
    assert.deepEqual(second.take(...enter()).messages(), []);
    second.history.close();
    // What nobody opens goes as well, once it is as old.
    const lone = onlyFile();
    utimesSync(lone, (NOW - 31 * day) / 1000, (NOW - 31 * day) / 1000);
    window().take(join("frida"));
    assert.ok(!files().includes(lone));
  });

  it("are not there with 0 days, and what was kept goes", () => {
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

  it("are forgotten by leaving and quitting where that is set, and the window is told", () => {
    const first = window({ forgetOnLeave: true }).take(...enter(), ...fork(), hear("bobby", 1, "secret"));
    assert.equal(files().length, 2);
    first.take(leave);
    assert.equal(files().length, 1);
    assert.equal(first.forgotten, 1);
    first.take(quit);
    assert.deepEqual(files(), []);
  });

  it("are cleared, here and in the files, and stay so after another join", () => {
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

  it("have one writer for each file, and what two windows kept is there once", () => {
    const first = window().take(...enter(), ...chatter(1, 3));
    const second = window().take(...enter(0, 3), ...chatter(4, 6));
    assert.deepEqual(second.messages(), heard(1, 6), "what the first keeps is read");
    assert.equal(files().length, 2);
    first.take(...chatter(4, 5));
    first.history.close();
    second.history.close();
    const third = window().take(...enter());
    assert.deepEqual(third.messages().sort(), heard(1, 6));
    assert.equal(files().length, 1);
  });

  it("of one window stay when another comes back", () => {
    const first = window().take(...enter(), ...fork(), hear("bobby", 1, "one"));
    const second = window().take(...enter(), ...fork(), hear("bobby", 1, "beside"));
    first.history.close();
    second.history.close();
    const back = window().adopt(reloaded(first.state));
    assert.deepEqual(back.messages(1), ["bobby: one"]);
    back.history.close();
    const words = window()
      .take(...enter(), ...fork())
      .messages(1);
    assert.deepEqual(words.sort(), ["bobby: beside", "bobby: one"]);
  });

  it("are taken over from a window that died, by one of those that try", async () => {
    const writer = await killed(50);
    const [first, second] = [window().take(...enter(), ...fork()), window().take(...enter(), ...fork())];
    for (const each of [first, second]) assert.ok(each.messages(1).length >= writer);
    first.take(hear("bobby", 1, "to the first"));
    second.take(hear("bobby", 1, "to the second"));
    first.history.close();
    second.history.close();
    const words = window()
      .take(...enter(), ...fork())
      .messages(1);
    assert.ok(words.includes("bobby: to the first") && words.includes("bobby: to the second"));
    assert.equal(words.filter((word) => word === "bobby: message 7").length, 1);
  });

  it("are left to a window that lives: another reads them, and writes a file of its own", async () => {
    let lines = 0;
    const writer = writing();
    for await (const line of createInterface({ input: writer.stdout })) {
      lines = Number(line);
      if (lines === 20) {
        const beside = window().take(...enter(), ...fork(), hear("bobby", 1, "beside"));
        assert.ok(beside.messages(1).length > 20);
        beside.history.close();
      }
      if (lines >= 60) break;
    }
    writer.kill("SIGKILL");
    await once(writer, "exit");
    const words = window()
      .take(...enter(), ...fork())
      .messages(1);
    for (const seq of numbers(1, lines)) assert.ok(words.includes(`bobby: message ${seq}`), String(seq));
    assert.ok(words.includes("bobby: beside"));
    assert.equal(new Set(words).size, words.length);
  });

  it("hold everything that a process had written when it is killed", async () => {
    const last = await killed(200);
    const words = window()
      .take(...enter(), ...fork())
      .messages(1);
    assert.ok(words.length >= last && last >= 200, `${words.length} of ${last}`);
    assert.deepEqual(
      words,
      numbers(1, words.length).map((seq) => `bobby: message ${seq}`),
    );
  });

  it("cut at any byte of the last line, hold all before it", () => {
    const first = window().take(...enter(), said(1, "bobby", "one"), said(2, "carmen", "zwei Ä\u{1F600}"));
    const before = readFileSync(onlyFile());
    first.take(said(3, "bobby", "three"));
    const whole = readFileSync(onlyFile());
    assert.ok(before.length < whole.length && whole.subarray(0, before.length).equals(before));
    first.history.close();
    const path = onlyFile();
    for (let length = before.length; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const next = window().take(join("anna"));
      const words = ["bobby: one", "carmen: zwei Ä\u{1F600}"];
      // The line break itself is not missed.
      const expected = length + 1 >= whole.length ? [...words, "bobby: three"] : words;
      assert.deepEqual(next.messages(), expected, `cut at ${length}`);
      // And what is written from here on is not lost in the torn line.
      next.take(quit);
      assert.deepEqual(window().take(join("anna")).messages(), expected, `after ${length}`);
      windows.pop()?.history.close();
      windows.pop();
      for (const file of files()) rmSync(file);
    }
  });

  it("with any byte of one line changed, hold all the others", () => {
    const first = window().take(...enter(), said(1, "bobby", "one"));
    const start = readFileSync(onlyFile()).length;
    first.take(said(2, "bobby", "two"));
    const end = readFileSync(onlyFile()).length;
    first.take(said(3, "bobby", "three"));
    const whole = readFileSync(onlyFile());
    for (let at = start; at < end; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      const kept = parseHistory(damaged.toString("utf8"));
      const texts = [...(kept?.lines.values() ?? [])].map(({ entry }) => entry.text);
      // A break that is none any more joins two lines to one that is neither.
      const expected = at === end - 1 ? ["one"] : ["one", "three"];
      assert.deepEqual(texts.slice(-expected.length), expected, `changed at ${at}`);
    }
  });

  it("are written whole again once the disk takes it, after one warning", () => {
    const first = window({ messages: 100 }).take(...enter(), ...chatter(1, 150));
    // Something else in the folder's place: the next rewriting fails.
    renameSync(folder, `${folder}.away`);
    writeFileSync(folder, "");
    first.take(...chatter(151, 250));
    assert.deepEqual(first.messages(), heard(1, 250), "on the screen all is well");
    assert.equal(first.warnings.splice(0).length, 1);
    rmSync(folder);
    renameSync(`${folder}.away`, folder);
    first.take(...chatter(251, 252));
    first.history.close();
    assert.deepEqual(
      window()
        .take(...enter())
        .messages(),
      heard(153, 252),
    );
  });

  function writing(): ReturnType<typeof spawn> & { readonly stdout: Readable } {
    return spawn(process.execPath, ["--import", "tsx", WRITER, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Lets a window as a process of its own write so many messages, kills it, and tells how many it had told of. */
  async function killed(count: number): Promise<number> {
    const writer = writing();
    let last = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      last = Number(line);
      if (last >= count) break;
    }
    writer.kill("SIGKILL");
    await once(writer, "exit");
    return last;
  }
});
