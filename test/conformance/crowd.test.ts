import assert from "node:assert/strict";
import * as v from "valibot";
import { WebSocket } from "ws";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { TestClient } from "./testClient.ts";

const CROWD = 2_000;
/** So many join at the same time: each has ten seconds for it, and this one process has to answer for all of them. */
const JOINING = 20;
/** Seconds in which nobody hears anything before the server counts as stuck. */
const SILENT_SECONDS = 60;

const Challenge = v.object({ nonce: v.string() });
const Joined = v.object({ name: v.string(), users: v.array(v.object({ name: v.string() })) });

/**
 * Rejects when the server makes no progress. How long a crowd takes depends on the machine, so there is no time limit on the
 * whole; a second counts only when this process got to run in it and had read all that had come.
 */
async function whileHeard(work: Promise<void>, heard: () => number, where: () => string): Promise<void> {
  let watching: NodeJS.Timeout | undefined;
  const stuck = new Promise<never>((_, reject) => {
    let [before, silent] = [-1, 0];
    watching = setInterval(() => {
      silent = heard() === before ? silent + 1 : 0;
      before = heard();
      if (silent >= SILENT_SECONDS) reject(new Error(`Nothing was heard for long: ${where()}`));
    }, 1_000);
  });
  try {
    await Promise.race([work, stuck]);
  } finally {
    clearInterval(watching);
  }
}

/** One of many: it looks closely at its own joining alone, so that the crowd's own work does not slow it down. */
class Visitor {
  readonly ws: WebSocket;
  readonly joined: Promise<void>;
  name = "";
  /** People it has learnt of, itself included. */
  known = 0;
  heard = 0;
  hasJoined = false;

  constructor(url: string, name: string) {
    const key = new TestKey();
    this.ws = new WebSocket(url, { perMessageDeflate: false });
    this.joined = new Promise((resolve, reject) => {
      this.ws.once("close", (code) => reject(new Error(`closed with ${String(code)}`)));
      this.ws.once("error", reject);
      this.ws.on("message", (data: Buffer) => {
        this.heard += 1;
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
          this.hasJoined = true;
          resolve();
        }
      });
    });
  }

  /** Listens all the while: several messages of one packet come without a pause between them. */
  hears(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.ws.on("message", (data: Buffer) => {
        if (data.toString("utf8").includes(text)) resolve();
      });
    });
  }
}

describe("a crowd", function () {
  this.timeout(0);
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());

  it(`of ${String(CROWD)} clients joins; each sees all others, and a message reaches everyone`, async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    const visitors: Visitor[] = [];
    const joinInTurn = async (): Promise<void> => {
      while (visitors.length < CROWD - 1) {
        const n = visitors.length;
        const visitor = new Visitor(server.url, n % 2 === 0 ? "anna" : `guest-${String(n)}`);
        visitors.push(visitor);
        await visitor.joined;
      }
    };
    let watched = 0;
    watcher.ws.on("message", () => (watched += 1));
    const heard = (): number => visitors.reduce((sum, visitor) => sum + visitor.heard, watched);
    const where = (): string =>
      `${String(visitors.filter(({ hasJoined }) => hasJoined).length)} have joined, ${String(heard())} messages were heard`;

    const story = async (): Promise<void> => {
      await Promise.all(Array.from({ length: JOINING }, joinInTurn));
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

      const hearing = Promise.all(visitors.map((visitor) => visitor.hears("good morning")));
      watcher.send({ type: "say", id: "m-1", text: "good morning" });
      await hearing;
    };
    await whileHeard(story(), heard, where);
    for (const { known } of visitors) assert.equal(known, CROWD);
    for (const { ws } of visitors) ws.terminate();
  });
});
