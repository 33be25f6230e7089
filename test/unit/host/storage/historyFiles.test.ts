// The files of kept conversations: several windows, windows that are killed, torn and damaged files, and a disk that fails.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { parseHistory } from "../../../../extension/host/storage/historyFile.ts";
import { hear, join, said } from "../../../support/core.ts";
import {
  chatter,
  enter,
  fork,
  heard,
  KeptConversations,
  numbers,
  quit,
  reloaded,
} from "../../../support/keptConversations.ts";

const WRITER = fileURLToPath(new URL("../../../support/historyWriter.ts", import.meta.url));

describe("the files of saved conversations", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window, files, onlyFile } = kept;

  it("have one writer each, and show once what two windows saved", () => {
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

  it("of one window stay when another returns", () => {
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

  it("of a window that ended are taken over by exactly one of those that try", async () => {
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

  it("of a running window are only read by another, which writes its own", async () => {
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

  it("contain everything that a process wrote before it was killed", async () => {
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

  it("cut at any byte of the last line, contain everything before it", () => {
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
      kept.windows.pop()?.history.close();
      kept.windows.pop();
      for (const file of files()) rmSync(file);
    }
  });

  it("with any byte of one line changed, contain all other lines", () => {
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

  it("are read in message order, in whatever order their lines were written", () => {
    window().take(...enter(), ...chatter(1, 3));
    const [header = "", , ...lines] = readFileSync(onlyFile(), "utf8").trimEnd().split("\n");
    const kept = parseHistory([header, ...lines.slice(1), ...lines.slice(0, 1)].join("\n"));
    assert.deepEqual(
      [...(kept?.lines.values() ?? [])].map(({ index }) => index),
      [...(kept?.lines.keys() ?? [])].sort((a, b) => a - b),
    );
    assert.deepEqual(kept?.lines.size, lines.length);
  });

  it("are written completely again once the disk is writable, after one warning", () => {
    const first = window({ messages: 100 }).take(...enter(), ...chatter(1, 150));
    // Something else in the kept.folder's place: the next rewriting fails.
    renameSync(kept.folder, `${kept.folder}.away`);
    writeFileSync(kept.folder, "");
    first.take(...chatter(151, 250));
    assert.deepEqual(first.messages(), heard(1, 250), "on the screen all is well");
    assert.equal(first.warnings.splice(0).length, 1);
    rmSync(kept.folder);
    renameSync(`${kept.folder}.away`, kept.folder);
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
    return spawn(process.execPath, ["--import", "tsx", WRITER, kept.folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  /** Lets a window in its own process write so many messages, kills it, and returns how many it had reported as saved. */
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
