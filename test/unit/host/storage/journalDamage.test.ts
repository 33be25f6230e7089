// Unacknowledged messages in a damaged journal: each is restored, or the user is warned.
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changesBetween } from "../../../../extension/core/saved/savedChanges.ts";
import { outlineOf } from "../../../../extension/core/saved/savedPieces.ts";
import { saveWindow } from "../../../../extension/core/saved/savedWindow.ts";
import type { State } from "../../../../extension/core/model/state.ts";
import { lineOf } from "../../../../extension/host/storage/checkedLines.ts";
import { Journal, readJournal } from "../../../../extension/host/storage/journal.ts";
import { after as afterwards, confirm, hear, type, withBobby, type Step } from "../../../support/core.ts";
import { makeMemoryFolder } from "../../../support/memoryFolder.ts";

const NUMBER = 1;
const draft: Step = {
  type: "user/draft",
  session: withBobby.sessions[1]?.number ?? withBobby.active,
  text: "half a sentence",
  about: null,
};

describe("unsent messages in a damaged journal", function () {
  this.timeout(60_000);
  let folder: string;
  let path: string;
  before(() => {
    folder = makeMemoryFolder("fork-chat-damage-");
    path = join(folder, "window.journal");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The file of a window that was in a state and took these steps. */
  function write(start: State, ...steps: readonly Step[]): Buffer {
    const journal = new Journal(path);
    const window = saveWindow(start);
    assert.ok(window !== null);
    journal.begin({ owner: null, window });
    let former = start;
    for (const step of steps) {
      const state = afterwards(former, step);
      const change = changesBetween(former, state);
      if (change !== null) journal.add(change, () => outlineOf(state));
      former = state;
    }
    journal.close();
    return readFileSync(path);
  }

  function pending(): string[] | undefined {
    return readJournal(path)
      ?.window.peers.find(({ number }) => number === NUMBER)
      ?.pending.map(({ id, text }) => `${id} ${text}`);
  }

  const flipped = (file: Buffer, at: number): Buffer => {
    const bytes = Buffer.from(file);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };

  /** Each line's break and check, and of the rest each seventh byte. */
  function placesIn(file: Buffer): number[] {
    const nearStart = (at: number): boolean => at - file.lastIndexOf("\n", at - 1) < 10;
    return [...file.keys()].filter((at) => at % 7 === 0 || nearStart(at));
  }

  it("survive any damaged byte, and so do drafts and numbers", () => {
    const waiting = afterwards(withBobby, type("kept in the snapshot", 1));
    const whole = write(waiting, hear("bobby", 1, "heard"), type("second", 1), confirm("bobby", 1), draft);
    const expected = readJournal(path);
    assert.deepEqual(pending(), ["2 second"]);
    for (const at of placesIn(whole)) {
      writeFileSync(path, flipped(whole, at));
      const kept = readJournal(path);
      assert.deepEqual(pending(), ["2 second"], `changed at ${at}`);
      assert.equal(kept?.window.peers[0]?.draft, "half a sentence", `changed at ${at}`);
      assert.deepEqual(kept.window.wires, expected?.window.wires, `changed at ${at}`);
    }
  });

  it("cause no warning when nothing is missing", () => {
    const whole = write(withBobby, type("one", 1), type("two", 1));
    const text = whole.toString("utf8");
    const own = text.indexOf('"two"');
    for (const at of [10, own, text.lastIndexOf('"two"'), whole.length - 1]) {
      writeFileSync(path, flipped(whole, at));
      const kept = readJournal(path);
      assert.deepEqual([kept?.isComplete, pending()], [true, ["1 one", "2 two"]], `changed at ${at}`);
    }
  });

  it("are reported missing when a whole part of the file is destroyed, and what follows stays intact", () => {
    const whole = write(withBobby, type("one", 1), type("two", 1), type("three", 1), confirm("bobby", 1));
    for (const [lost, left] of [
      ["one", ["2 two", "3 three"]],
      ["two", ["3 three"]],
      ["three", ["2 two"]],
    ] as const) {
      const lines = whole.toString("utf8").split("\n");
      const damaged = lines.map((line) =>
        line.includes(`"${lost}"`) && line.includes('"id"') ? line.replace(/./gu, "\0") : line,
      );
      writeFileSync(path, damaged.join("\n"));
      assert.deepEqual(pending(), left, lost);
      assert.deepEqual([readJournal(path)?.isDamaged, readJournal(path)?.isComplete], [true, false], lost);
    }
  });

  it("are reported missing at the end of the file", () => {
    const whole = write(withBobby, type("one", 1), type("two", 1));
    const start = whole.indexOf('"two"') - 200;
    writeFileSync(
      path,
      Buffer.concat([whole.subarray(0, start), Buffer.alloc(whole.length - start), Buffer.from("\n")]),
    );
    assert.deepEqual([readJournal(path)?.isComplete, pending()], [false, ["1 one"]]);
  });

  it("survive when the beginning of the file is destroyed", () => {
    const whole = write(afterwards(withBobby, type("one", 1)), type("two", 1));
    const [first = "", second = "", ...others] = whole.toString("utf8").split("\n");
    writeFileSync(
      path,
      [first, second]
        .map((line) => line.replace(/./gu, "\0"))
        .concat(others)
        .join("\n"),
    );
    assert.deepEqual(pending(), ["1 one", "2 two"]);
  });

  it("survive when a window of another version continues the file", () => {
    write(withBobby);
    const [one, two] = [
      afterwards(withBobby, type("one", 1)),
      afterwards(withBobby, type("one", 1), confirm("bobby", 1)),
    ];
    const former = [changesBetween(withBobby, one), changesBetween(one, two)].map((change) =>
      lineOf({ change }),
    );
    const text = readFileSync(path, "utf8");
    writeFileSync(path, text + (former[0] ?? ""));
    assert.deepEqual([readJournal(path)?.isComplete, pending()], [true, ["1 one"]]);
    writeFileSync(path, text + former.join(""));
    assert.deepEqual(pending(), []);
  });
});
