// A member who stays within the rate of messages and makes each as costly to read as it can be. What reaches `JSON.parse` is
// counted here, and the bytes that the server reads; the server runs within the test's own process.
import assert from "node:assert/strict";
import { limits } from "../../protocol/limits.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import type { RunningServer } from "../../server/createServer.ts";
import { startServer } from "../conformance/startServer.ts";
import { TestClient } from "../conformance/testClient.ts";
import { TestKey } from "../support/testKey.ts";
import { HonestPair } from "./honestPair.ts";

/** Of each kind: together below what the server reads at once. */
const FRAMES = 4;
const ROOM = limits.frameBytes - 100;
const address = '{"host":"1.1.1.1","port":1}';

const costly = {
  "lists inside each other": `"a":${"[".repeat(ROOM / 2)}${"]".repeat(ROOM / 2)}`,
  "objects inside each other": `"a":${'{"a":'.repeat(ROOM / 6)}1${"}".repeat(ROOM / 6)}`,
  "many lists": `"a":[${Array(Math.floor(ROOM / 3))
    .fill("[]")
    .join(",")}]`,
  "many keys": Array.from({ length: ROOM / 10 }, (_, n) => `"${n.toString(36)}":1`).join(","),
  "the same key": Array(Math.floor(ROOM / 6))
    .fill('"a":1')
    .join(","),
  "many numbers": `"a":[${Array(ROOM / 2)
    .fill("1")
    .join(",")}]`,
  "many addresses": `"card":{"addresses":[${Array(Math.floor(ROOM / 29))
    .fill(address)
    .join(",")}]}`,
} as const;

function codesOf(answers: readonly ServerMessage[]): string[] {
  return answers.flatMap((answer) => (answer.type === "error" ? [answer.code] : []));
}

describe("messages that are expensive to parse", () => {
  let server: RunningServer;
  let marks = 0;
  const { parse } = JSON;

  before(async () => {
    server = await startServer({});
    JSON.parse = (text: string, ...rest: []) => {
      marks = Math.max(marks, text.replaceAll(/"(?:[^"\\]|\\.)*"/g, "").replaceAll(/[^[{,:]/g, "").length);
      return parse(text, ...rest) as unknown;
    };
  });
  after(async () => {
    JSON.parse = parse;
    await server.stop();
  });

  for (const [what, filler] of Object.entries(costly)) {
    it(`are rejected unparsed: ${what}`, async () => {
      const pair = await HonestPair.meet(server.url);
      const eve = await TestClient.join(server.url, "eve");
      marks = 0;
      for (let n = 0; n < FRAMES; n++) {
        eve.send(`{"type":"withdraw","id":"w",${filler}}`);
        eve.send(`{"type":"accept","sid":"12345678",${filler}}`);
      }
      await pair.talk();
      const answers = await eve.settled();
      await pair.talk();
      assert.ok(marks <= limits.messageMarks, `${marks} marks of one message were parsed`);
      assert.deepEqual(codesOf(answers), Array(2 * FRAMES).fill("bad-message"));
      await Promise.all([eve.close(), pair.leave()]);
    });
  }

  it("are rejected when they are long and contain no text", async () => {
    const eve = await TestClient.join(server.url, "eve");
    eve.send({ type: "withdraw", id: "w", filler: "x".repeat(limits.shortMessageBytes) });
    const answers = await eve.settled();
    assert.deepEqual(codesOf(answers), ["bad-message"]);
    await eve.close();
  });
});

describe("members who send as fast as their line allows", () => {
  /** Told once; sent again, it is only acknowledged. */
  const said = JSON.stringify({ type: "say", id: "again", text: "\u0000".repeat(limits.textBytes - 1) });
  /** Of each connection; and how many are waited for. */
  const SENT = 20;
  const COUNTED = 18;
  /** What the system hands over at once, and the rest of a message before it. */
  const PIECE_BYTES = 64 * 1024 + said.length;
  let server: RunningServer;
  /** Much, so that the bytes of one key come back soon. */
  const lobbyBytesPerSecond = 16 * limits.memberBytesPerSecond;
  const bytesPerSecond = 2 * limits.keyShare * lobbyBytesPerSecond;
  before(async () => {
    server = await startServer({ lobbyBytesPerSecond });
  });
  after(() => server.stop());

  it("are read no faster than their key's rate over all its connections, and lose nothing", async () => {
    const pair = await HonestPair.meet(server.url);
    const key = new TestKey();
    const eves = [
      await TestClient.join(server.url, "eve", {}, key),
      await TestClient.join(server.url, "eva", {}, key),
    ];
    const start = performance.now();
    for (const eve of eves) for (let n = 0; n < SENT; n++) eve.send(said);
    let acknowledged = 0;
    const read = Promise.all(
      eves.map(async (eve) => {
        while (acknowledged < COUNTED) {
          await eve.until("ack");
          acknowledged += 1;
        }
      }),
    );
    for (let n = 0; n < 10; n++) await pair.talk();
    await read;
    const bytes = COUNTED * said.length;
    const earned = (bytesPerSecond * (performance.now() - start)) / 1_000;
    const most = limits.memberBurstBytes + earned + eves.length * PIECE_BYTES;
    assert.ok(bytes <= most, `${bytes} bytes were read, ${most} at most`);
    await pair.leave();
    for (const eve of eves) eve.ws.terminate();
  });

  it("can paste ten of the longest texts without an error", async () => {
    const [anna, bobby] = [
      await TestClient.join(server.url, "anna"),
      await TestClient.join(server.url, "bobby"),
    ];
    const text = 'const a = "b";\n'.repeat(limits.textBytes).slice(0, limits.textBytes);
    for (let n = 0; n < 10; n++) anna.send({ type: "say", id: `p-${n}`, text });
    for (let n = 0; n < 10; n++) {
      assert.equal((await anna.oneOf("ack", "error")).id, `p-${n}`);
      assert.equal((await bobby.until("said", ({ id }) => id.startsWith("p-"))).text, text);
    }
    await Promise.all([anna.close(), bobby.close()]);
  });
});
