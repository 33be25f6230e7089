// A server that says as much as its line carries, and one that invents a crowd: a window reads no faster than it can work, and
// keeps what people have said.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { limits } from "../../protocol/limits.ts";
import { cleanUp, connected, fakeServer, testNetwork, type FakeServer } from "../integration/netHarness.ts";
import { Client } from "../support/client.ts";

const MIB = 1024 * 1024;
/** What the systems' sockets and one piece of a read hold beyond the rate. */
const SLACK_BYTES = 256 * 1024;

describe("a hostile server", () => {
  afterEach(cleanUp);

  const longMessage = (seq: number): object => ({
    ...{ type: "said", seq, at: 1_790_000_000_000, from: "bobby", id: `m-${seq}` },
    text: "x".repeat(limits.textBytes),
  });

  it("is read at a limited byte rate, and nothing is lost", async () => {
    const server = await fakeServer();
    const window = testNetwork({ limits: { serverBurstBytes: MIB, serverBytesPerSecond: 3 * MIB } });
    await connected(window, server);
    const start = performance.now();
    for (let seq = 1; seq <= 300; seq++) server.say(longMessage(seq));
    await window.events.count(290);
    const seconds = (performance.now() - start) / 1_000;
    const bytes = window.events.items.length * limits.textBytes;
    const most = MIB + 3 * MIB * seconds + SLACK_BYTES;
    assert.ok(bytes <= most, `${bytes} bytes in ${seconds} s`);
    await window.events.count(301);
    const seqs = window.events.items.flatMap((event) =>
      event.type === "rendezvous/message" && event.message.type === "said" ? [event.message.seq] : [],
    );
    assert.deepEqual(
      seqs,
      Array.from({ length: 300 }, (_, n) => n + 1),
    );
  });

  it("is read at a limited message rate, however short the messages are", async () => {
    const server = await fakeServer();
    const window = testNetwork({ limits: { serverBurstFrames: 1_000, serverFramesPerSecond: 8_000 } });
    await connected(window, server);
    const start = performance.now();
    for (let n = 0; n < 12_000; n++)
      server.say({ type: n % 2 === 0 ? "arrived" : "left", name: "a", reason: "quit" });
    await window.events.count(10_000);
    const seconds = (performance.now() - start) / 1_000;
    const most = 1_000 + 8_000 * seconds + 2_000;
    assert.ok(window.events.items.length <= most, `${window.events.items.length} in ${seconds} s`);
  });

  describe("a server that invents a crowd", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "crowd-"))));
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("pushes no message out of a window or its saved history", async () => {
      const server = await fakeServer();
      const client = new Client({ folder });
      const joining = client.join("anna", server.url);
      await server.received.count(1);
      letIn(server);
      await joining;
      for (let seq = 1; seq <= 20; seq++) server.say({ ...longMessage(seq), text: `word ${seq}` });
      for (let n = 0; n < 5_200; n++) {
        server.say({ type: "arrived", name: `guest${n}` });
        server.say({ type: "left", name: `guest${n}`, reason: "quit" });
      }
      server.say({ type: "arrived", name: "dora" });
      await client.until("dora", ({ users }) => users.includes("dora"));
      const words = Array.from({ length: 20 }, (_, n) => `bobby: word ${n + 1}`);
      assert.deepEqual(client.messages("lobby"), words);
      assert.ok(client.lines("lobby").length < 50, `${client.lines("lobby").length} lines`);
      await client.close();
      const later = new Client({ folder });
      await later.begin();
      assert.deepEqual(later.messages("lobby"), words);
      await later.close();
      for (const file of readdirSync(join(folder, "history"))) {
        const { size } = statSync(join(folder, "history", file));
        assert.ok(size < 8 * MIB, `${file} has ${size} bytes`);
      }
    });

    function letIn(server: FakeServer): void {
      server.say({
        ...{ type: "joined", name: "anna", resume: "r".repeat(22), epoch: "epoch-of-test", seq: 0 },
        ...{ missed: 0, gap: false, you: { address: "127.0.0.1" }, users: [{ name: "anna" }] },
      });
    }
  });
});
