import assert from "node:assert/strict";
import { once } from "node:events";
import * as v from "valibot";
import { WebSocket } from "ws";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { TestClient } from "./testClient.ts";

const CROWD = 2_000;

const Challenge = v.object({ nonce: v.string() });
const Joined = v.object({ name: v.string(), users: v.array(v.object({ name: v.string() })) });

/** One of many: it looks closely at its own joining alone, so that the crowd's own work does not slow it down. */
class Visitor {
  readonly ws: WebSocket;
  readonly joined: Promise<void>;
  name = "";
  /** People it has learnt of, itself included. */
  known = 0;

  constructor(url: string, name: string) {
    const key = new TestKey();
    this.ws = new WebSocket(url, { perMessageDeflate: false });
    this.joined = new Promise((resolve, reject) => {
      this.ws.once("close", (code) => reject(new Error(`closed with ${String(code)}`)));
      this.ws.once("error", reject);
      this.ws.on("message", (data: Buffer) => {
        const text = data.toString("utf8");
        if (text.startsWith('{"type":"arrived"')) this.known += 1;
        else if (text.startsWith('{"type":"challenge"')) {
          const { nonce } = v.parse(Challenge, JSON.parse(text));
          const proof = key.proof(new URL(url).host, nonce, name);
          this.ws.send(JSON.stringify({ type: "join", v: PROTOCOL_VERSION, name, ...proof }));
        } else if (text.startsWith('{"type":"joined"')) {
          const joined = v.parse(Joined, JSON.parse(text));
          this.name = joined.name;
          this.known += joined.users.length;
          resolve();
        }
      });
    });
  }

  async hears(text: string): Promise<void> {
    for (;;) {
      const [data] = (await once(this.ws, "message")) as [Buffer];
      if (data.toString("utf8").includes(text)) return;
    }
  }
}

describe("a crowd", function () {
  this.timeout(120_000);
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());

  it(`of ${String(CROWD)} clients joins at once; each learns of all, and a message reaches everyone`, async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    const visitors = Array.from(
      { length: CROWD - 1 },
      (_, n) => new Visitor(server.url, n % 2 === 0 ? "anna" : `guest-${String(n)}`),
    );
    await Promise.all(visitors.map((visitor) => visitor.joined));
    const names = new Set(visitors.map(({ name }) => name));
    assert.equal(names.size, CROWD - 1);
    assert.ok(names.has("anna") && names.has(`anna_${String(CROWD / 2)}`));

    const arrived = (await watcher.settled()).map((message) =>
      message.type === "arrived" ? message.name : "",
    );
    assert.equal(arrived.length, CROWD - 1);
    assert.deepEqual(new Set(arrived), names);
    watcher.send({ type: "users" });
    const { items } = await watcher.next("users");
    assert.deepEqual(new Set(items.map(({ name }) => name)), new Set([...names, "watcher"]));

    const heard = Promise.all(visitors.map((visitor) => visitor.hears("good morning")));
    watcher.send({ type: "say", id: "m-1", text: "good morning" });
    await heard;
    for (const { known } of visitors) assert.equal(known, CROWD);
    for (const { ws } of visitors) ws.terminate();
  });
});
