// Whose the files of kept conversations are: windows that live, slept or died, other hosts on the same folder, and a file that
// is taken from a living window all the same.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, renameSync, rmSync, truncateSync, utimesSync } from "node:fs";
import { uptime } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { HOST } from "../../../../extension/host/storage/processes.ts";
import { hear } from "../../../support/core.ts";
import { chatter, enter, fork, KeptConversations, numbers } from "../../../support/keptConversations.ts";

const WRITER = fileURLToPath(new URL("../../../support/historyWriter.ts", import.meta.url));
const LONG_AGO_MS = 400 * 24 * 3_600_000;

describe("saved conversations and their owners", function () {
  this.timeout(60_000);
  const kept = new KeptConversations();
  const { window, files, onlyFile } = kept;
  const heldBy = (owner: string): string => {
    const path = onlyFile().replace(/\.0\./, `.${owner}.`);
    renameSync(onlyFile(), path);
    return path;
  };
  const date = (path: string, at: number): void => utimesSync(path, at / 1000, at / 1000);
  const isLeft = (path: string): boolean => {
    window().history.clear(null);
    return files().includes(path);
  };

  it("belong to a running process, but not to one that reuses a dead one's id after a reboot", () => {
    window()
      .take(...enter(), ...chatter(1, 2))
      .history.close();
    const path = onlyFile().replace(/\.0\./, `.${process.ppid}.`);
    renameSync(onlyFile(), path);
    const beside = window().take(...enter(2, 2), ...chatter(3, 3));
    beside.history.clear(null);
    assert.ok(files().includes(path));
    const beforeStart = new Date(Date.now() - (uptime() + 3600) * 1000);
    utimesSync(path, beforeStart, beforeStart);
    beside.history.clear(null);
    assert.ok(!files().includes(path));
  });

  it("are not taken from a running process because of a file's date, as after a pause of the machine", () => {
    window()
      .take(...enter(), ...chatter(1, 2))
      .history.close();
    const path = heldBy(`${process.ppid}-${HOST}`);
    date(path, Date.now() - LONG_AGO_MS);
    assert.ok(isLeft(path));
  });

  it("of another machine, container or boot are left to it while their dates are recent", () => {
    window()
      .take(...enter(), ...chatter(1, 2))
      .history.close();
    // No process of this id is here, which says nothing about where it is.
    const path = heldBy("999999999-0123456789ab");
    assert.ok(isLeft(path));
    date(path, Date.now() + LONG_AGO_MS);
    const other = window().take(...enter());
    assert.deepEqual(other.messages(), ["bobby: m1", "bobby: m2"]);
    assert.ok(!files().includes(path), "its clock was wrong, or it has died");
  });

  it("of another host with this very process id do not belong to this process", () => {
    window()
      .take(...enter(), ...chatter(1, 2))
      .history.close();
    assert.ok(isLeft(heldBy(`${process.pid}-0123456789ab`)));
  });

  for (const [what, take] of [
    ["taken over", (path: string) => renameSync(path, path.replace(/\.\d+-[0-9a-f]+\./, ".0."))],
    ["deleted", (path: string) => rmSync(path)],
    [
      "replaced by a copy",
      (path: string) => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
    ],
    [
      "emptied and taken over",
      (path: string) => {
        truncateSync(path);
        renameSync(path, path.replace(/\.\d+-[0-9a-f]+\./, ".0."));
      },
    ],
  ] as const) {
    it(`lose no line when a running window's file is ${what} anyway`, () => {
      const first = window().take(...enter(), ...fork(), hear("bobby", 1, "one"));
      for (const file of files()) take(file);
      const second = window().take(...enter(), ...fork(), hear("bobby", 1, "beside"));
      first.take(hear("bobby", 2, "two"), hear("bobby", 3, "three"));
      second.take(hear("bobby", 2, "beside again"));
      first.history.close();
      second.history.close();
      assert.equal(first.warnings.splice(0).length, 1);
      // A window that finds an empty file keeps a copy of it, and warns.
      if (what.startsWith("emptied")) second.warnings.splice(0);
      const words = window()
        .take(...enter(), ...fork())
        .messages(1);
      const all = ["one", "two", "three", "beside", "beside again"];
      assert.deepEqual(words.sort(), all.map((word) => `bobby: ${word}`).sort());
    });
  }

  it("lose no line when another process's file is taken in the middle of a write", async () => {
    const writer = spawn(process.execPath, ["--import", "tsx", WRITER, kept.folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let last = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      last = Number(line);
      if (last === 20 || last === 40) {
        // No window takes a file that is only being written.
        for (const file of files().filter((each) => each.endsWith(".history"))) {
          if (file.includes(`.${writer.pid}-`)) renameSync(file, file.replace(/\.\d+-[0-9a-f]+\./, ".0."));
        }
        window().take(...enter(), ...fork());
      }
      if (last >= 80) break;
    }
    await killed(writer);
    for (const each of kept.windows) each.history.close();
    const words = window()
      .take(...enter(), ...fork())
      .messages(1);
    for (const seq of numbers(1, last)) {
      assert.equal(words.filter((word) => word === `bobby: message ${seq}`).length, 1, String(seq));
    }
  });

  async function killed(writer: ChildProcess): Promise<void> {
    writer.kill("SIGKILL");
    await once(writer, "exit");
  }
});
