import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import * as v from "valibot";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { ServerProcess } from "../support/serverProcess.ts";
import { TestKey } from "../support/testKey.ts";
import { clientFrame, openRaw } from "./rawClient.ts";
import { TestClient } from "./testClient.ts";

const CROWD = 2_000;
/** So many join at the same time: each has ten seconds for it, and this one process has to answer for all of them. */
const JOINING = 20;
/** Seconds without a message to anyone after which the server counts as stuck. */
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

/** Reads the frames of one connection as they come. A library would make an event of each: two million in this process. */
class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #take: (opcode: number, payload: Buffer) => void;

  constructor(take: (opcode: number, payload: Buffer) => void) {
    this.#take = take;
  }

  read(data: Buffer): void {
    const bytes = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data]);
    let at = 0;
    for (;;) {
      const frame = frameAt(bytes, at);
      if (frame === undefined) break;
      this.#take(frame.opcode, bytes.subarray(frame.start, frame.end));
      at = frame.end;
    }
    this.#rest = bytes.subarray(at);
  }
}

/** A whole frame of the server, which masks none and sends each message in one. */
function frameAt(bytes: Buffer, at: number): { opcode: number; start: number; end: number } | undefined {
  const [first, short] = [bytes[at], bytes[at + 1]];
  if (first === undefined || short === undefined) return undefined;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  const start = at + head;
  if (start > bytes.length) return undefined;
  const length = head === 2 ? short : head === 4 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
  return start + length > bytes.length ? undefined : { opcode: first & 0x0f, start, end: start + length };
}

const PING = 0x9;
const CLOSE = 0x8;
const ARRIVED = Buffer.from('{"type":"arrived","name":"');

/** One of many. It looks closely only at its own joining: what the others' cost it is one comparison for each notice. */
class Visitor {
  readonly socket: Socket;
  readonly joined: Promise<void>;
  name = "";
  /** Known people, itself included. Those in its first list may arrive once more, at the rate of notices. */
  readonly known = new Set<string>();
  heard = 0;
  hasJoined = false;
  #hears: (text: string) => void = () => undefined;

  constructor(socket: Socket, host: string, name: string) {
    const key = new TestKey();
    this.socket = socket;
    this.joined = new Promise((resolve, reject) => {
      const welcome = (joined: v.InferOutput<typeof Joined>): void => {
        this.name = joined.name;
        for (const user of joined.users) this.known.add(user.name);
        this.hasJoined = true;
        resolve();
      };
      const reader = new FrameReader((opcode, payload) => {
        this.heard += 1;
        if (payload.indexOf(ARRIVED) === 0)
          this.known.add(payload.toString("latin1", ARRIVED.length, payload.length - 2));
        else if (opcode === PING) socket.write(clientFrame(0x8a, payload));
        else if (opcode === CLOSE) reject(new Error("The server closed the connection"));
        else {
          const text = payload.toString("utf8");
          this.#hears(text);
          if (text.startsWith('{"type":"challenge"')) {
            const { nonce } = v.parse(Challenge, JSON.parse(text));
            const proof = key.proof(host, nonce, name);
            const join = { type: "join", v: PROTOCOL_VERSION, name, ...proof };
            socket.write(clientFrame(0x81, JSON.stringify(join)));
          } else if (text.startsWith('{"type":"joined"')) welcome(v.parse(Joined, JSON.parse(text)));
        }
      });
      socket.on("data", (data: Buffer) => reader.read(data));
      socket.once("close", () => reject(new Error("The connection was closed")));
    });
  }

  static async come(url: string, name: string): Promise<Visitor> {
    const { socket, behind } = await openWebSocket(url);
    const visitor = new Visitor(socket, new URL(url).host, name);
    if (behind.length > 0) socket.unshift(behind);
    socket.resume();
    return visitor;
  }

  hears(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.#hears = (message) => {
        if (message.includes(text)) resolve();
      };
    });
  }
}

/** Asks for a WebSocket. Returns the socket, paused, and what has come in the same packets as the answer. */
async function openWebSocket(url: string): Promise<{ socket: Socket; behind: Buffer }> {
  const socket = await openRaw(url);
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    socket.resume();
    const [data] = (await once(socket, "data")) as [Buffer];
    socket.pause();
    bytes = Buffer.concat([bytes, data]);
    const end = bytes.indexOf("\r\n\r\n");
    if (end >= 0) return { socket, behind: bytes.subarray(end + 4) };
  }
}

describe("a crowd", function () {
  // As long as it needs: see `whileHeard`.
  this.timeout(0);
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.stop());

  it(`of ${String(CROWD)} clients joins; each sees all others, and a message reaches everyone`, async () => {
    const watcher = await TestClient.join(server.url, "watcher");
    const visitors: Visitor[] = [];
    let begun = 0;
    const joinInTurn = async (): Promise<void> => {
      while (begun < CROWD - 1) {
        const n = begun++;
        const visitor = await Visitor.come(server.url, n % 2 === 0 ? "anna" : `guest-${String(n)}`);
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

      // The server limits notices of arrivals by bytes per second: the last ones may come after everyone has joined.
      const arrived: string[] = [];
      while (arrived.length < CROWD - 1) arrived.push((await watcher.next("arrived")).name);
      assert.deepEqual(new Set(arrived), names);
      watcher.send({ type: "users" });
      const { items } = await watcher.next("users");
      assert.deepEqual(new Set(items.map(({ name }) => name)), new Set([...names, "watcher"]));

      const hearing = Promise.all(visitors.map((visitor) => visitor.hears("good morning")));
      watcher.send({ type: "say", id: "m-1", text: "good morning" });
      await hearing;
    };
    await whileHeard(story(), heard, where);
    for (const { known } of visitors) assert.equal(known.size, CROWD);
    for (const { socket } of visitors) socket.destroy();
  });
});
