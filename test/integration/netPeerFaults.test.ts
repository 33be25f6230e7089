// What a peer can do wrong on a link, and what it gets for it: an error, a close code, or a silent end. The window and its other
// links carry on.
import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import * as v from "valibot";
import type { WebSocket } from "ws";
import { netLimits, type NetLimits } from "../../extension/net/dial/netLimits.ts";
import type { LinkEnd } from "../../extension/core/model/ports.ts";
import { TestKey } from "../support/testKey.ts";
import {
  cleanUp,
  closing,
  received,
  stopTime,
  testNetwork,
  type Stream,
  type TestNetwork,
} from "./netHarness.ts";
import {
  endOf,
  frameOf,
  framesOf,
  hello,
  listening,
  message,
  startOf,
  stranger,
  tlsTo,
  upgraded,
} from "./peerHarness.ts";
import { rawFrame } from "./rawFrame.ts";

const json = (value: unknown): string => JSON.stringify(value);
const greeting = json(hello());
const notOurs = "the other window doesn't speak Fork Chat's peer protocol";
const noWebSocket = "the other window doesn't speak WebSocket";

/** A text that fits when it is packed, and does not when it is not. */
const bomb = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, " "));

/** What the peer sends, before or after hello. `error`: the code that it gets, if any. */
type Fault = {
  readonly what: string;
  readonly send: string | Buffer;
  readonly error: string | null;
  readonly code: number;
  readonly raw?: true;
};

const faults: readonly Fault[] = [
  { what: "text that is not JSON", send: "hello?", error: "bad-json", code: 4006 },
  { what: "JSON that is no message", send: "[]", error: "bad-message", code: 4006 },
  {
    what: "a message out of schema",
    send: json({ ...message(1, "x"), seq: 0 }),
    error: "bad-message",
    code: 4006,
  },
  { what: "a hello out of schema", send: json({ ...hello(), n: 0.5 }), error: "bad-message", code: 4006 },
  {
    what: "half a surrogate pair",
    send: '{"type":"message","seq":1,"at":1,"text":"\\ud83d"}',
    error: "bad-message",
    code: 4006,
  },
  { what: "a binary frame", send: Buffer.from(greeting), error: "bad-message", code: 1003 },
  { what: "a frame that is too large", send: "x".repeat(102_401), error: null, code: 1009 },
  {
    what: "the head of a frame of 4 GiB",
    ...{
      send: Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
      raw: true,
      error: null,
      code: 1009,
    },
  },
  {
    what: "text that is not UTF-8",
    send: rawFrame(0x81, Buffer.from([0xff]), "masked"),
    raw: true,
    error: null,
    code: 1007,
  },
  {
    what: "a packed frame, which was not agreed to",
    send: rawFrame(0xc1, bomb, "masked"),
    raw: true,
    error: null,
    code: 1002,
  },
  {
    what: "a frame without a mask",
    send: rawFrame(0x81, Buffer.from(greeting), "bare"),
    raw: true,
    error: null,
    code: 1002,
  },
  {
    what: "the middle of a message that never began",
    send: rawFrame(0x80, Buffer.from("x"), "masked"),
    raw: true,
    error: null,
    code: 1002,
  },
  {
    what: "a frame of a kind that there is not",
    send: rawFrame(0x83, Buffer.from("x"), "masked"),
    raw: true,
    error: null,
    code: 1002,
  },
];

const early: readonly Fault[] = [
  { what: "a message", send: json(message(1, "x")), error: "not-joined", code: 4006 },
  { what: "an ack", send: '{"type":"ack","received":1}', error: "not-joined", code: 4006 },
  { what: "a type that there is not", send: '{"type":"file"}', error: "unknown-type", code: 4006 },
  { what: "a hello of a newer version", send: json({ ...hello(), v: 3 }), error: "version", code: 4006 },
  {
    what: "a hello of another version in another form",
    send: '{"type":"hello","v":3,"sid":1}',
    error: "version",
    code: 4006,
  },
  { what: "a hello without a version", send: '{"type":"hello"}', error: "version", code: 4006 },
  {
    what: "a hello whose version is no number",
    send: json({ ...hello(), v: "2" }),
    error: "version",
    code: 4006,
  },
];

const late: readonly Fault[] = [
  { what: "a second hello", send: greeting, error: "bad-message", code: 4006 },
  { what: "an empty text", send: json(message(1, "")), error: "message-empty", code: 4006 },
  {
    what: "a blank text",
    send: json(message(1, " \n\u0085\u3000\ufeff")),
    error: "message-empty",
    code: 4006,
  },
  {
    what: "a text that is too long",
    send: json(message(1, "ü".repeat(8_193))),
    error: "message-too-long",
    code: 4006,
  },
];

describe("a peer that breaks the protocol", () => {
  const [carmen, dora] = [new TestKey(), new TestKey()];

  afterEach(cleanUp);

  type Visit = {
    readonly bobby: TestNetwork;
    readonly ws: WebSocket;
    readonly write: (bytes: Buffer) => void;
    readonly texts: Stream<string>;
    readonly closed: Promise<number>;
    /** Another peer of bobby's; it says something and bobby hears it. */
    readonly others: () => Promise<void>;
  };

  /** Carmen has a link to bobby, `i2`; dora has one beside it, `i1`. */
  async function visit(limits: Partial<NetLimits> = {}): Promise<Visit> {
    const bobby = testNetwork({ limits });
    const address = await listening(bobby, carmen, dora);
    const other = await stranger(address, dora);
    other.send(greeting);
    const socket = await tlsTo(address, carmen);
    const ws = await upgraded(socket);
    await startOf(bobby, "i2");
    let seq = 0;
    const others = async (): Promise<void> => {
      other.send(json(message(++seq, "and I?")));
      await frameOf(bobby, "i1", (frame) => frame.type === "message" && frame.seq === seq);
    };
    return {
      bobby,
      ws,
      write: (bytes) => socket.write(bytes),
      texts: received(ws),
      closed: closing(ws),
      others,
    };
  }

  async function assertFault(
    { bobby, ws, write, texts, closed, others }: Visit,
    fault: Fault,
  ): Promise<void> {
    const before = framesOf(bobby, "i2").length;
    if (fault.raw === true && Buffer.isBuffer(fault.send)) write(fault.send);
    else ws.send(fault.send);
    ws.send(json(message(1, "never shown")));
    const text = fault.error === null ? noWebSocket : notOurs;
    const end: LinkEnd = { kind: "protocol", code: fault.error === null ? 4006 : fault.code, text };
    assert.deepEqual(await endOf(bobby, "i2"), end);
    assert.equal(await closed, fault.code);
    const Told = v.object({ type: v.string(), code: v.string() });
    const told = texts.items.map((item) => v.parse(Told, JSON.parse(item)));
    assert.deepEqual(told, fault.error === null ? [] : [{ type: "error", code: fault.error }]);
    assert.equal(framesOf(bobby, "i2").length, before);
    await others();
  }

  for (const fault of [...faults, ...early]) {
    it(`is cut off with a reason when it begins with ${fault.what}`, async () => {
      await assertFault(await visit(), fault);
    });
  }

  for (const fault of [...faults, ...late]) {
    it(`is cut off with a reason when it continues with ${fault.what}`, async () => {
      const visiting = await visit();
      visiting.ws.send(greeting);
      await frameOf(visiting.bobby, "i2", ({ type }) => type === "hello");
      await assertFault(visiting, fault);
    });
  }

  it("is cut off when a fragmented message is too large as a whole, before all of it has arrived", async () => {
    const visiting = await visit();
    const piece = "x".repeat(10_000);
    for (let n = 0; n < 10; n++) visiting.ws.send(piece, { fin: false });
    await assertFault(visiting, { what: "one piece too many", send: piece, error: null, code: 1009 });
  });

  it("is cut off when a message never stops arriving in fragments", async () => {
    const visiting = await visit();
    for (let n = 0; n < 20_000; n++) visiting.ws.send("", { fin: false });
    await assertFault(visiting, { what: "one more", send: "", error: null, code: 1008 });
  });

  it("is cut off when it does not send hello in time", async () => {
    const time = stopTime();
    const { bobby, closed } = await visit();
    time.pass(netLimits.handshakeMs);
    assert.equal(await closed, 4001);
    const end = { kind: "lost", code: 4001, text: "the other window didn't complete the handshake in time" };
    assert.deepEqual(await endOf(bobby, "i2"), end);
    assert.deepEqual(framesOf(bobby, "i2"), []);
  });

  it("is not one that starts with bye or error, or later sends unknown frames", async () => {
    const first = [
      { type: "bye", reason: "quit" },
      { type: "error", code: "version", text: "What?" },
    ] as const;
    const { bobby, ws } = await visit();
    for (const frame of [...first, hello()]) ws.send(json(frame));
    for (const text of ['{"type":"file"}', '{"type":"__proto__"}', '{"type":"joined","v":1}']) ws.send(text);
    ws.send('{"type":"ack","received":1,"more":[null]}');
    await frameOf(bobby, "i2", ({ type }) => type === "ack");
    assert.deepEqual(framesOf(bobby, "i2"), [...first, hello(), { type: "ack", received: 1 }]);
    assert.ok(!bobby.types().includes("link/closed"));
  });
});
