// Members of the lobby who send as much as they can, within what one frame and one second may hold.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { clientFrame, joinRaw } from "../conformance/rawClient.ts";
import { TestClient } from "../conformance/testClient.ts";
import { limits } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { HonestPair } from "./honestPair.ts";
import { SlowReader } from "./slowReader.ts";

const LOUD = 8;
const BURST = limits.framesPerSecond * limits.burstSeconds;

/** What the server takes from a socket at once, and what else it reads meanwhile. */
const READ_AHEAD = 512 * 1024;

/** Bytes that a process has read so far, from sockets as well. */
function bytesRead({ child: { pid = 0 } }: ServerProcess): number {
  return Number(/^rchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}

describe("members who flood the lobby", () => {
  let server: ServerProcess;
  let loud: Socket[] = [];

  beforeEach(async () => {
    server = await ServerProcess.start();
    loud = await Promise.all(Array.from({ length: LOUD }, (_, n) => joinRaw(server.url, `loud${n}`)));
    for (const socket of loud) socket.resume();
  });

  afterEach(async () => {
    for (const socket of loud) socket.destroy();
    await server.stop();
  });

  it("with the longest messages disconnect no slow reader, and leave room for others' messages", async () => {
    const pair = await HonestPair.meet(server.url);
    const slow = new SlowReader(await joinRaw(server.url, "slow"));
    const fast = await joinRaw(server.url, "fast");
    let bytes = 0;
    fast.on("data", (data: Buffer) => (bytes += data.length));
    const start = performance.now();
    const text = "x".repeat(limits.textBytes);
    for (const socket of loud) {
      for (let n = 0; n < BURST; n++) {
        socket.write(clientFrame(0x81, JSON.stringify({ type: "say", id: `m-${n}`, text })));
      }
    }
    for (let n = 0; n < 10; n++) await pair.talk();
    const seconds = (performance.now() - start) / 1_000;
    const most = limits.lobbyBytesPerSecond * (limits.lobbyBurstSeconds + seconds) + 4 * limits.textBytes;
    assert.ok(bytes <= most, `${bytes} bytes in ${seconds} s`);
    await slow.hears("word 20");
    for (const socket of loud) socket.destroy();
    await pair.talk();
    await pair.leave();
    slow.stop();
    fast.destroy();
  });

  it("are read no faster than their messages are sent on", async () => {
    const pair = await HonestPair.meet(server.url);
    const [author] = loud;
    let heard = "";
    author?.on("data", (data: Buffer) => (heard += data.toString("latin1")));
    const text = "x".repeat(limits.textBytes);
    const readBefore = bytesRead(server);
    const start = performance.now();
    for (let n = 0; n < 4 * BURST; n++) {
      author?.write(clientFrame(0x81, JSON.stringify({ type: "say", id: `m-${n}`, text })));
    }
    for (let n = 0; n < 10; n++) await pair.talk();
    const bytes = bytesRead(server) - readBefore;
    const seconds = (performance.now() - start) / 1_000;
    const most = limits.lobbyBytesPerSecond * (limits.lobbyBurstSeconds + seconds) + READ_AHEAD;
    assert.ok(bytes <= most, `${bytes} bytes in ${seconds} s`);
    assert.equal(heard.includes("rate-limited"), false);
    await pair.leave();
  });

  it("cause little traffic to others with presence and reactions", async () => {
    const pair = await HonestPair.meet(server.url);
    const reader = await TestClient.join(server.url, "reader");
    await pair.talk();
    for (const socket of loud) {
      for (let n = 0; n < BURST / 2; n++) {
        const state = n % 2 === 0 ? "away" : "here";
        const about = { kind: "react", seq: 1, on: n % 2 === 0 };
        socket.write(clientFrame(0x81, JSON.stringify({ type: "presence", state })));
        socket.write(clientFrame(0x81, JSON.stringify({ type: "say", id: `r-${n}`, text: "👍", about })));
      }
    }
    const start = performance.now();
    for (let n = 0; n < 5; n++) await pair.talk();
    const heard = await reader.settled();
    const seconds = (performance.now() - start) / 1_000;
    const presences = heard.filter(({ type }) => type === "presence").length;
    const most = LOUD * (limits.presenceBurst + limits.presencesPerSecond * Math.ceil(seconds));
    assert.ok(presences <= most, `${presences} presences`);
    const reactions = heard.filter((each) => each.type === "said" && each.about?.kind === "react").length;
    const mostReactions = LOUD * (limits.changeBurst + limits.changesPerSecond * Math.ceil(seconds));
    assert.ok(reactions <= mostReactions, `${reactions} reactions in ${seconds} s`);
    await reader.close();
    await pair.leave();
  });

  it("get a bounded number of bytes by requesting the list of users", async () => {
    const pair = await HonestPair.meet(server.url);
    const crowd = await Promise.all(
      Array.from({ length: 150 }, (_, n) => joinRaw(server.url, `${"w".repeat(28)}${n}`)),
    );
    let bytes = 0;
    const [asking] = loud;
    asking?.on("data", (data: Buffer) => (bytes += data.length));
    for (let n = 0; n < BURST; n++) asking?.write(clientFrame(0x81, '{"type":"users"}'));
    const start = performance.now();
    await pair.talk();
    const done = new Promise((resolve) => asking?.once("close", resolve));
    asking?.end(clientFrame(0x88, Buffer.from([0x03, 0xe8])));
    await done;
    const seconds = (performance.now() - start) / 1_000;
    const list = 150 * 45;
    const most = limits.listBurstBytes + limits.listBytesPerSecond * seconds + list + BURST * 200;
    assert.ok(bytes <= most, `${bytes} bytes`);
    for (const socket of crowd) socket.destroy();
    await pair.leave();
  });
});
