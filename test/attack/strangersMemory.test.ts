// People who have not joined and begin long messages that never end.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { clientFrame, openRaw, readUntil } from "../conformance/rawClient.ts";
import { limits } from "../../protocol/limits.ts";
import { LONG } from "../fuzz/fuzz.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { HonestPair } from "./honestPair.ts";

const STRANGERS = LONG ? 1000 : 500;
const ATTACKER = "127.0.0.2";

/** The code in a closing frame of the server, as 16 bits after its head. */
const TOO_BIG = "\u0088";

describe("strangers with long messages", () => {
  let server: ServerProcess;
  const sockets: Socket[] = [];
  before(async () => {
    server = await ServerProcess.start();
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  });

  async function stranger(): Promise<Socket> {
    const socket = await openRaw(server.url, { localAddress: ATTACKER });
    sockets.push(socket);
    await readUntil(socket, '"type":"challenge"');
    return socket;
  }

  /** Resolves with the code of the server's closing frame. */
  async function closedWith(socket: Socket): Promise<number> {
    let text = "";
    socket.on("data", (data: Buffer) => (text += data.toString("latin1")));
    await new Promise((resolve) => socket.once("end", resolve).once("close", resolve));
    const frame = Buffer.from(text.slice(text.lastIndexOf(TOO_BIG)), "latin1");
    return frame.length < 4 ? 0 : frame.readUInt16BE(2);
  }

  const grown = (before: number): number => residentBytes(server.child.pid) - before;

  it("are cut at the head of the message, and cost honest people no message", async () => {
    const pair = await HonestPair.meet(server.url);
    const before = residentBytes(server.child.pid);
    const head = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x90, 0, 0, 0, 0, 0]);
    const frame = Buffer.concat([head, Buffer.alloc(limits.frameBytes - 1, " ")]);
    const codes: Promise<number>[] = [];
    for (let n = 0; n < STRANGERS; n++) {
      const socket = await stranger();
      codes.push(closedWith(socket));
      socket.write(frame);
      if (n % 50 === 0) await pair.talk();
    }
    assert.deepEqual(new Set(await Promise.all(codes)), new Set([1009]));
    const bytes = grown(before);
    assert.ok(bytes < (STRANGERS * limits.frameBytes) / 2, `${bytes} bytes are kept for them`);
    await pair.talk();
    await pair.leave();
  });

  it("are cut when the sum of their fragments is too long, too", async () => {
    const socket = await stranger();
    const code = closedWith(socket);
    const fragment = Buffer.alloc(limits.strangerBytes / 4, " ");
    socket.write(clientFrame(0x01, fragment));
    for (let n = 0; n < 4; n++) socket.write(clientFrame(0x00, fragment));
    assert.equal(await code, 1009);
  });
});

function residentBytes(pid = 0): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
