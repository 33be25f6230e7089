// The window's file, torn at every place where a crash can tear it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { changesBetween } from "../../../../extension/core/saved/savedChanges.ts";
import { outlineOf } from "../../../../extension/core/saved/savedPieces.ts";
import { saveWindow, type SavedWindow } from "../../../../extension/core/saved/savedWindow.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { isOurs, isOwned, Journal, readJournal } from "../../../../extension/host/storage/journal.ts";
import { lineOf } from "../../../../extension/host/storage/checkedLines.ts";
import { HOST, startOf } from "../../../../extension/host/storage/processes.ts";
import { after as afterwards, confirm, frame, hear, NOW, type, withBobby } from "../../../support/core.ts";
import { makeMemoryFolder } from "../../../support/memoryFolder.ts";

const WRITER = fileURLToPath(new URL("../../../support/journalWriter.ts", import.meta.url));

/** What a window shows in the course of a conversation. */
const states: readonly State[] = [
  withBobby,
  afterwards(withBobby, hear("bobby", 1, "first")),
  afterwards(withBobby, hear("bobby", 1, "first"), type("zweite Ä\u{1F600}", 1)),
  afterwards(withBobby, hear("bobby", 1, "first"), type("zweite Ä\u{1F600}", 1), confirm("bobby", 1)),
  afterwards(
    withBobby,
    hear("bobby", 1, "first"),
    type("zweite Ä\u{1F600}", 1),
    confirm("bobby", 1),
    frame("bobby", { type: "message", seq: 2, at: NOW, text: "1st", about: { kind: "edit", seq: 1 } }),
  ),
];

const saved = (state: State): SavedWindow => {
  const window = saveWindow(state);
  assert.ok(window !== null);
  return window;
};

/** The same as it comes back from a file. */
const asRead = (state: State): unknown => JSON.parse(JSON.stringify(saved(state))) as unknown;

describe("a window's journal", function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;

  before(() => {
    folder = makeMemoryFolder("fork-chat-journal-");
    path = join(folder, "window.journal");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The file after each of the states. */
  function written(): Buffer[] {
    const journal = new Journal(path);
    const [first, ...others] = states;
    assert.ok(first !== undefined);
    journal.begin({ owner: 1, window: saved(first) });
    const files = [readFileSync(path)];
    let former = first;
    for (const state of others) {
      const change = changesBetween(former, state);
      assert.ok(change !== null);
      journal.add(change, () => outlineOf(state));
      files.push(readFileSync(path));
      former = state;
    }
    journal.close();
    return files;
  }

  /** Where the line ends that made a file from the one before it. */
  function firstLineEnd(files: readonly Buffer[], i: number): number {
    return i === 0 ? (files[0]?.length ?? 0) - 1 : (files[i]?.indexOf("\n", files[i - 1]?.length) ?? 0);
  }

  it("restores each state that was written completely", () => {
    for (const [i, file] of written().entries()) {
      const state = states[i];
      assert.ok(state !== undefined);
      writeFileSync(path, file);
      const kept = readJournal(path);
      assert.deepEqual([kept?.owner, kept?.window, kept?.isDamaged], [1, asRead(state), false]);
    }
  });

  it("cut at any byte, restores everything before the torn line", () => {
    const files = written();
    const whole = files.at(-1) ?? Buffer.alloc(0);
    const [snapshot = Buffer.alloc(0)] = files;
    const isNearEnd = (length: number): boolean => [1, 2, 12].some((n) => whole[length - n] === 0x0a);
    for (let length = 0; length <= whole.length; length++) {
      if (length % 9 !== 0 && length < whole.length && !isNearEnd(length)) continue;
      writeFileSync(path, whole.subarray(0, length));
      const kept = readJournal(path);
      // The line break itself is not missed, nor is the copy of a line.
      const complete = files.filter((_, i) => firstLineEnd(files, i) <= length).length;
      // A crash cuts no snapshot, since it is written aside. Another accident costs what is cut off.
      if (length + 1 < snapshot.length)
        assert.ok((kept?.window.peers[0]?.entries.length ?? 0) <= 1, `cut at ${length}`);
      else {
        const state = states[complete - 1];
        assert.ok(state !== undefined);
        assert.deepEqual(kept?.window, asRead(state), `cut at ${length}`);
      }
    }
  });

  it("with any byte of its last line changed, restores what came before it", () => {
    const files = written();
    const whole = files.at(-1) ?? Buffer.alloc(0);
    const before = files.at(-2)?.length ?? 0;
    const expected = asRead(states.at(-2) ?? withBobby);
    for (let at = before; at < whole.length - 1; at++) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      writeFileSync(path, damaged);
      assert.deepEqual(readJournal(path)?.window, expected, `changed at ${at}`);
    }
  });

  it("with any byte of its first lines changed, restores everything except what only that line contained", () => {
    const files = written();
    const whole = files.at(-1) ?? Buffer.alloc(0);
    const last = asRead(states.at(-1) ?? withBobby) as SavedWindow;
    const starts = [0];
    for (let at = whole.indexOf("\n"); at < (files[0]?.length ?? 0) - 1; at = whole.indexOf("\n", at + 1)) {
      starts.push(at + 1);
    }
    assert.ok(starts.length > 4);
    for (const start of starts) {
      for (const at of [start, start + 4, start + 9, start + 20]) {
        const damaged = Buffer.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ 1;
        writeFileSync(path, damaged);
        const kept = readJournal(path);
        assert.equal(kept?.isDamaged, true);
        assert.deepEqual([kept.window.me, kept.window.wires], [last.me, last.wires], `changed at ${at}`);
        const texts = (window: SavedWindow): string[] =>
          window.peers.flatMap(({ entries }) => entries.map(({ text }) => text));
        assert.deepEqual(texts(kept.window).slice(-2), texts(last).slice(-2), `changed at ${at}`);
      }
    }
  });

  it("with a damaged line in the middle, applies no other change to a wrong line", () => {
    const all = written();
    const lines = (all.at(-1) ?? Buffer.alloc(0)).toString("utf8").split("\n");
    const first = lines.findIndex((line) => line.includes('"first"'));
    lines[first] = `${lines[first] ?? ""}x`;
    writeFileSync(path, lines.join("\n"));
    const [peer] = readJournal(path)?.window.peers ?? [];
    const [expected] = saved(states.at(-1) ?? withBobby).peers;
    assert.ok(peer !== undefined && expected !== undefined);
    assert.deepEqual(
      peer.entries.map(({ text }) => text),
      expected.entries.map(({ text }) => text).filter((text) => text !== "1st"),
    );
    assert.equal(peer.start + peer.entries.length, expected.start + expected.entries.length);
  });

  it("is read even if an editor changed its line endings", () => {
    const whole = (written().at(-1) ?? Buffer.alloc(0)).toString("utf8");
    writeFileSync(path, `\uFEFF${whole.replaceAll("\n", "\r\n")}`);
    assert.deepEqual(readJournal(path)?.window, asRead(states.at(-1) ?? withBobby));
  });

  it("from an earlier version, whose snapshot is one line, is read", () => {
    const window = saved(states[1] ?? withBobby);
    writeFileSync(path, lineOf({ owner: 7, window }));
    assert.deepEqual(readJournal(path), {
      owner: 7,
      window: asRead(states[1] ?? withBobby),
      isDamaged: false,
      isComplete: true,
    });
  });

  it("belongs to a running process however old its date is, and to another host while its date is recent", () => {
    const owner = { owner: process.ppid, host: HOST, started: startOf(process.ppid) };
    written();
    utimesSync(path, 1, 1);
    assert.ok(isOwned(path, owner));
    assert.ok(!isOwned(path, { ...owner, started: "1" }), "another process has got its id");
    assert.ok(!isOwned(path, { ...owner, host: "elsewhere" }));
    const now = Date.now() / 1000;
    utimesSync(path, now, now);
    assert.ok(isOwned(path, { owner: 999_999_999, host: "elsewhere", started: "1" }));
    assert.ok(!isOwned(path, { owner: 999_999_999 }));
    assert.ok(!isOurs({ owner: process.pid, host: "elsewhere" }));
  });

  it("contains everything that a process wrote before it was killed", async () => {
    const writer = spawn(process.execPath, ["--import", "tsx", WRITER, path], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let last = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      last = Number(line);
      if (last >= 200) break;
    }
    writer.kill("SIGKILL");
    await once(writer, "exit");
    const received = readJournal(path)?.window.wires[0]?.received ?? 0;
    assert.ok(received >= last && last >= 200, `${received} of ${last}`);
    assert.equal(readJournal(path)?.window.peers[0]?.entries.length, received + 1);
  });

  it("reports a full disk, and leaves no file open however often it is retried (skipped outside of Linux)", function () {
    if (process.platform !== "linux") return this.skip();
    const open = (): number => readdirSync("/proc/self/fd").length;
    const before = open();
    const journal = new Journal(path);
    for (let i = 0; i < 5; i++) {
      // The device that takes nothing stands where the snapshot is written first.
      symlinkSync("/dev/full", `${path}.new`);
      assert.throws(() => journal.begin({ owner: 1, window: saved(withBobby) }), { code: "ENOSPC" });
    }
    assert.equal(open(), before);
    assert.equal(journal.isOpen, false);
  });

  it("does not count a line as written when only its beginning fit on the disk", async () => {
    // Eight blocks of 1,024 bytes: the snapshot fits, and some of the changes.
    const limited = `trap '' XFSZ; ulimit -f 8; exec "$@"`;
    const writer = spawn("bash", ["-c", limited, "bash", process.execPath, "--import", "tsx", WRITER, path], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let error = "";
    writer.stderr.setEncoding("utf8").on("data", (text: string) => (error += text));
    const closed = once(writer, "close");
    let last = 0;
    for await (const line of createInterface({ input: writer.stdout })) last = Number(line);
    await closed;
    assert.match(error, /EFBIG/);
    assert.ok(last > 0);
    assert.equal(readJournal(path)?.window.wires[0]?.received, last);
  });
});
