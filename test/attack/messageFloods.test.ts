// Crowds who send as much as they may at the same moment. What is counted is the work of one turn of the server's event loop:
// everything that arrived in it is read before anyone else gets an answer.
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { limits } from "../../protocol/limits.ts";
import type { RunningServer } from "../../server/createServer.ts";
import { clientFrame, joinRaw, openRaw, readUntil } from "../conformance/rawClient.ts";
import { startServer } from "../conformance/startServer.ts";
import { HonestPair } from "./honestPair.ts";

const MEMBERS = 16;
const STRANGERS = 30;
/** Less than any of them is cut for, and in about as many bytes as are read at once. */
const FRAMES = 45;
const ATTACKER = "127.0.42.1";

/** Between two looks there is at most the rest of one turn and the beginning of the next. */
const MOST = 2 * limits.framesPerTurn;

const card = {
  addresses: Array.from({ length: limits.addresses }, (_, n) => ({
    host: `2001:db8:1234:5678:9abc:def0:1234:${(0x1000 + n).toString(16)}`,
    port: 50_000 + n,
  })),
};

const kinds = {
  reach: (n: number) => ({ type: "reach", id: `flood-${n}`, sid: "session-1", to: "anna", card }),
  fork: (n: number) => ({ type: "fork", id: `flood-${n}`, to: "anna", card }),
  accept: () => ({ type: "accept", sid: "flood", card }),
  users: () => ({ type: "users", flood: true }),
  presence: (n: number) => ({ type: "presence", state: n % 2 === 0 ? "away" : "here", flood: true }),
  say: (n: number) => ({
    ...{ type: "say", id: `flood-${n}`, text: "👍" },
    about: { kind: "react", seq: 1, on: n % 2 === 0 },
  }),
} as const;

/** Counts the frames of floods that this process parses, and how many of them in one turn of its event loop at most. */
class ParsedFloods {
  count = 0;
  most = 0;
  #ofTurn = 0;
  #over = false;
  readonly #parse = JSON.parse;

  /** @param type of the frames; clients of the same process parse others */
  constructor(type: string) {
    JSON.parse = (...args) => {
      if (args[0].startsWith(`{"type":"${type}"`) && args[0].includes("flood")) {
        this.count += 1;
        this.#ofTurn += 1;
        this.most = Math.max(this.most, this.#ofTurn);
      }
      return this.#parse(...args) as unknown;
    };
    this.#look();
  }

  end(): void {
    this.#over = true;
    JSON.parse = this.#parse;
  }

  #look(): void {
    this.#ofTurn = 0;
    if (!this.#over) setImmediate(() => this.#look());
  }
}

describe("a crowd who send at the same moment", () => {
  let server: RunningServer;
  let pair: HonestPair;
  let crowd: Socket[];
  let parsed: ParsedFloods;

  beforeEach(async () => {
    server = await startServer({});
    pair = await HonestPair.meet(server.url);
    crowd = [];
  });
  afterEach(async () => {
    parsed.end();
    for (const socket of crowd) socket.destroy();
    await pair.leave();
    await server.stop();
  });

  /** Resolves once the server has read all that it reads of it. */
  async function send(type: string, piece: Buffer): Promise<void> {
    parsed = new ParsedFloods(type);
    const last = clientFrame(0x89, Buffer.from("last"));
    const read = crowd.map((socket) => {
      const ended = new Promise((resolve) => socket.once("close", resolve));
      return Promise.race([readUntil(socket, "last"), ended]);
    });
    for (const socket of crowd) socket.write(Buffer.concat([piece, last]));
    await pair.talk();
    await Promise.all(read);
  }

  for (const [kind, message] of Object.entries(kinds)) {
    it(`have a bounded part of it read in one turn: ${kind}`, async () => {
      for (let n = 0; n < MEMBERS; n++) {
        crowd.push(await joinRaw(server.url, `loud${n}`, { localAddress: ATTACKER }));
      }
      const frames = Array.from({ length: FRAMES }, (_, n) => clientFrame(0x81, JSON.stringify(message(n))));
      await send(kind, Buffer.concat(frames));
      assert.ok(parsed.count >= MEMBERS * FRAMES, `${parsed.count} were read at all`);
      assert.ok(parsed.most <= MOST, `${parsed.most} of ${parsed.count} were read in one turn`);
    });
  }

  it("have a bounded part of it read in one turn before they have joined", async () => {
    for (let n = 0; n < STRANGERS; n++) {
      const socket = await openRaw(server.url, { localAddress: ATTACKER });
      await readUntil(socket, "challenge");
      crowd.push(socket);
    }
    const frame = clientFrame(0x81, JSON.stringify({ type: "accept", sid: "flood" }));
    await send("accept", Buffer.concat(Array<Buffer>(limits.strangerBurst - 1).fill(frame)));
    assert.ok(parsed.count >= STRANGERS * (limits.strangerBurst - 1), `${parsed.count} were read at all`);
    assert.ok(parsed.most <= MOST, `${parsed.most} of ${parsed.count} were read in one turn`);
  });

  it("are not kept waiting with more than little of it before they have joined", async () => {
    for (let n = 0; n < STRANGERS; n++) {
      const socket = await openRaw(server.url, { localAddress: ATTACKER });
      await readUntil(socket, "challenge");
      crowd.push(socket);
    }
    const closed = Promise.all(crowd.map((socket) => readUntil(socket, "too many messages")));
    // One frame each within the limit of a frame; what comes behind it is more than is kept.
    const frame = clientFrame(0x81, JSON.stringify({ type: "flood", filler: "x".repeat(4_096) }));
    const piece = Buffer.concat(Array<Buffer>(limits.strangerBurst + 1).fill(frame));
    parsed = new ParsedFloods("flood");
    for (const socket of crowd) socket.write(piece);
    await pair.talk();
    await closed;
    assert.ok(parsed.count < STRANGERS * limits.strangerBurst, `${parsed.count} were read`);
  });
});
