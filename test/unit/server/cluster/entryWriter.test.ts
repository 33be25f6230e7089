// When commands go into the log, and which of them go together.
import assert from "node:assert/strict";
import type { Command } from "../../../../protocol/cluster.ts";
import { limits } from "../../../../protocol/limits.ts";
import { EntryWriter } from "../../../../server/cluster/entryWriter.ts";
import { FakeTime } from "../../../support/fakeTime.ts";

/** What etcd takes in a request, unless it was set otherwise. */
const ENGINE_BYTES = 1.5 * 1024 * 1024;

type Outcome = "done" | "again" | "over";

const expire = (sid: string): Command => ({ type: "expire", sid }) as Command;
const enter = (sid: string): Command => ({ type: "enter", sid }) as unknown as Command;

describe("the writer of entries", () => {
  let time: FakeTime;
  let writer: EntryWriter;
  /** Each entry, when it was put, and how to answer it. */
  let put: {
    readonly text: string;
    readonly sids: string;
    readonly at: number;
    readonly answer: (outcome: Outcome) => void;
  }[];
  beforeEach(() => {
    time = new FakeTime();
    put = [];
    writer = new EntryWriter({
      life: 1,
      put: (text) =>
        new Promise((answer) => {
          const { commands } = JSON.parse(text) as { commands: { sid: string }[] };
          put.push({ text, sids: commands.map(({ sid }) => sid).join(""), at: time.now - 1_000, answer });
        }),
      wallTime: () => 0,
      now: () => time.now,
      nextTurn: (turn) => time.later(0, turn),
      later: time.later,
    });
  });

  /** Asks for a command, and answers entries after a millisecond. */
  const ask = async (sid: string, waitMs: number, command = expire(sid)): Promise<void> => {
    writer.append(command);
    await time.pass(0);
    await time.pass(1);
    put.at(-1)?.answer("done");
    await Promise.resolve();
    await time.pass(waitMs - 1);
  };
  const entries = (): string[] => put.map(({ sids, at }) => `${at} ${sids}`);

  it("puts what comes after a pause in the next turn, with all that is asked in that turn", async () => {
    writer.append(expire("a"));
    await ask("b", 10);
    await ask("c", 6);
    await ask("d", 1);
    assert.deepEqual(entries(), ["0 ab", "10 c", "16 d"]);
  });

  it("puts what comes within 5 ms of an entry as one entry after them", async () => {
    await ask("a", 2);
    await ask("b", 2);
    await ask("c", 11);
    await ask("d", 1);
    assert.deepEqual(entries(), ["0 a", "5 bc", "15 d"]);
  });

  it("puts what comes within 10 ms of an entry with several commands as one entry after them", async () => {
    writer.append(expire("a"));
    await ask("b", 4);
    await ask("c", 3);
    await ask("d", 4);
    await ask("e", 20);
    await ask("f", 1);
    assert.deepEqual(entries(), ["0 ab", "10 cd", "20 e", "32 f"]);
  });

  it("puts an entry after 5 ms that has enough commands", async () => {
    writer.append(expire("a"));
    await ask("b", 3);
    for (let n = 0; n < 15; n++) writer.append(expire("c"));
    await time.pass(4);
    assert.deepEqual(entries(), ["0 ab"]);
    writer.append(expire("d"));
    await time.pass(0);
    assert.deepEqual(entries(), ["0 ab", `7 ${"c".repeat(15)}d`]);
  });

  it("puts joins within 25 ms of an entry as one entry after them", async () => {
    await ask("a", 4, enter("a"));
    await ask("b", 12, enter("b"));
    await ask("c", 30, enter("c"));
    await ask("d", 10, enter("d"));
    assert.deepEqual(entries(), ["0 a", "25 bc", "50 d"]);
  });

  it("puts joins with what is urgent, if that comes first", async () => {
    await ask("a", 10);
    await ask("b", 2, enter("b"));
    await ask("c", 1);
    await ask("d", 1, enter("d"));
    await ask("e", 40);
    assert.deepEqual(entries(), ["0 a", "12 bc", "22 de"]);
  });

  it("puts nothing while an entry is on its way, nor when all that waited is taken back", async () => {
    writer.append(expire("a"));
    await time.pass(0);
    const takeBack = writer.append(expire("b"));
    await time.pass(50);
    assert.deepEqual(entries(), ["0 a"]);
    put[0]?.answer("done");
    assert.equal(takeBack(), true);
    await Promise.resolve();
    await time.pass(50);
    writer.append(expire("c"));
    await time.pass(0);
    assert.equal(takeBack(), false);
    assert.deepEqual(entries(), ["0 a", "100 c"]);
  });

  it("puts no entry that is too large for the engine, however large the messages are", async () => {
    const bytes: number[] = [];
    const text = "\u0001".repeat(limits.textBytes);
    const wide = "\u4e00".repeat(limits.textBytes / 3);
    for (const each of [wide, wide, wide, text, text, text]) {
      writer.append({ type: "say", message: { type: "say", text: each } } as Command);
    }
    for (let n = 0; n < 6; n++) {
      await time.pass(5);
      bytes.push(Buffer.byteLength(put.at(-1)?.text ?? ""));
      put.at(-1)?.answer("done");
      await Promise.resolve();
    }
    assert.ok(Math.max(...bytes) < ENGINE_BYTES / 2, `${Math.max(...bytes)} bytes`);
  });

  it("puts an entry in doubt again, before any other", async () => {
    writer.append(expire("a"));
    await time.pass(0);
    writer.append(expire("b"));
    put[0]?.answer("again");
    await Promise.resolve();
    await time.pass(101);
    put[1]?.answer("done");
    await Promise.resolve();
    await time.pass(10);
    assert.deepEqual(
      entries().map((entry) => entry.slice(-1)),
      ["a", "a", "b"],
    );
  });
});
