import assert from "node:assert/strict";
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import fc from "fast-check";
import { limits } from "../../../../protocol/limits.ts";
import { FrameReader, type FrameSink } from "../../../../server/websocket/frameReader.ts";
import { anyCharacter } from "../../../support/anyCharacter.ts";

/** The reader of `ws`, which its types leave out: ours has to read the same bytes in the same way. */
type Receiver = EventEmitter & {
  _write(
    bytes: Buffer,
    encoding: string,
    done: (error?: Readonly<Record<symbol, number | undefined>>) => void,
  ): void;
};
const { Receiver } = createRequire(import.meta.url)("ws") as {
  Receiver: new (options: { isServer: boolean; maxPayload: number; maxFragments: number }) => Receiver;
};
const { kStatusCode: STATUS } = createRequire(import.meta.resolve("ws"))("./lib/constants.js") as {
  kStatusCode: symbol;
};

const digest = (bytes: Buffer): string => bytes.toString("base64");

class Recorder implements FrameSink {
  readonly frameBytes = limits.frameBytes;
  readonly events: string[] = [];
  mayRead = (): boolean => true;
  received = (data: Buffer, isBinary: boolean): unknown =>
    this.events.push(`${isBinary ? "binary" : "text"} ${digest(data)}`);
  pinged = (data: Buffer): unknown => this.events.push(`ping ${digest(data)}`);
  ponged = (): unknown => this.events.push("pong");
  closeReceived = (code: number): unknown => this.events.push(`closed ${String(code)}`);
  broken = (code: number): unknown => this.events.push(`broken ${String(code)}`);
}

function ours(pieces: readonly Buffer[]): string[] {
  const recorder = new Recorder();
  const reader = new FrameReader(recorder);
  // Read into its own memory, which is used again at once.
  for (const piece of pieces) {
    const lent = Buffer.from(piece);
    reader.read(lent);
    lent.fill(0xaa);
  }
  return recorder.events;
}

/** The same, with a reader that is paused during its callbacks and resumed later. */
function oursWithPauses(pieces: readonly Buffer[], every: number): string[] {
  const recorder = new Recorder();
  let told = 0;
  let paused = false;
  const pausing: FrameSink = {
    frameBytes: limits.frameBytes,
    mayRead: () => true,
    received: (data, isBinary) => tell(() => recorder.received(data, isBinary)),
    pinged: (data) => tell(() => recorder.pinged(data)),
    ponged: () => tell(() => recorder.ponged()),
    closeReceived: (code) => recorder.closeReceived(code),
    broken: (code) => recorder.broken(code),
  };
  const reader = new FrameReader(pausing);
  function tell(event: () => unknown): void {
    assert.ok(!paused, "nothing is told while it is paused");
    event();
    if (++told % every !== 0) return;
    paused = true;
    reader.pause();
  }
  for (const piece of pieces) {
    const lent = Buffer.from(piece);
    reader.read(lent);
    lent.fill(0xaa);
    if (told % 2 === 0) continue;
    paused = false;
    reader.resume();
  }
  // Each resume reports at least one more.
  for (let before = -1; before < told;) {
    before = told;
    paused = false;
    reader.resume();
  }
  return recorder.events;
}

function theirs(pieces: readonly Buffer[]): string[] {
  const { frameBytes: maxPayload, fragments: maxFragments } = limits;
  const recorder = new Recorder();
  const receiver = new Receiver({ isServer: true, maxPayload, maxFragments });
  receiver.on("message", recorder.received).on("ping", recorder.pinged).on("pong", recorder.ponged);
  receiver.on("conclude", recorder.closeReceived);
  for (const piece of pieces) {
    if (recorder.events.at(-1)?.startsWith("broken") === true) break;
    receiver._write(Buffer.from(piece), "buffer", (error) => {
      if (error !== undefined) recorder.broken(error[STATUS] ?? 0);
    });
  }
  return recorder.events;
}

type Frame = {
  readonly first: number;
  readonly isMasked: boolean;
  readonly mask: number;
  readonly payload: Buffer;
  /** Whether the length takes more bytes than it needs. */
  readonly isLong: boolean;
};

function encode({ first, isMasked, mask, payload, isLong }: Frame): Buffer {
  const { length } = payload;
  const bit = isMasked ? 0x80 : 0;
  const short = length < 126 && !isLong;
  const head = short ? Buffer.alloc(2) : Buffer.alloc(length < 0x1_0000 && !isLong ? 4 : 10);
  head[0] = first;
  head[1] = bit | (short ? length : head.length === 4 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  const key = Buffer.alloc(4);
  key.writeUInt32BE(mask);
  const masked = Buffer.from(payload);
  for (let at = 0; at < length; at++) masked[at] = (payload[at] ?? 0) ^ (key[at & 3] ?? 0);
  return Buffer.concat([head, key, masked]);
}

const word = fc.string({ unit: anyCharacter, maxLength: 40 }).map((text) => Buffer.from(text));
const payload = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.nat({ max: 70_000 }).map((length) => Buffer.alloc(length, "x")) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(-1, 0, 1).map((more) => Buffer.alloc(limits.frameBytes + more, "x")),
  },
);
const closing = fc
  .tuple(
    fc.oneof(fc.nat({ max: 0xffff }), fc.constantFrom(1000, 1001, 1005, 1006, 3000, 4999, 5000)),
    payload,
  )
  .map(([code, reason]) => Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason.subarray(0, 120)]));
const frame = (first: fc.Arbitrary<number>, body: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> =>
  fc
    .record({
      first,
      mask: fc.oneof(fc.constant(0), fc.nat({ max: 0xffff_ffff })),
      payload: body,
      isLong: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      isMasked: fc.integer({ min: 0, max: 29 }).map((n) => n > 0),
    })
    .map(encode);
/** At the longest that a control frame may be, or a little more. */
const longest = fc.integer({ min: 123, max: 128 }).map((length) => Buffer.alloc(length, "w"));
const short = payload.map((bytes) => bytes.subarray(0, 125));
const bytes = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: frame(fc.constant(0x81), payload) },
      { weight: 1, arbitrary: frame(fc.constant(0x82), payload) },
      { weight: 3, arbitrary: frame(fc.constantFrom(0x01, 0x02), payload) },
      { weight: 4, arbitrary: frame(fc.constantFrom(0x00, 0x80), payload) },
      { weight: 3, arbitrary: frame(fc.constantFrom(0x89, 0x8a), short) },
      { weight: 1, arbitrary: frame(fc.constantFrom(0x88, 0x89), longest) },
      { weight: 1, arbitrary: frame(fc.constant(0x88), fc.oneof(closing, short)) },
      { weight: 1, arbitrary: frame(fc.nat({ max: 0xff }), payload) },
    ),
    { maxLength: 12, size: "max" },
  )
  .map((frames) => Buffer.concat(frames));
/** Where the network cuts what was written, as parts of the whole. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });

function cut(whole: Buffer, at: readonly number[]): Buffer[] {
  const places = [...at.map((part) => Math.floor(part * whole.length)), whole.length].sort((a, b) => a - b);
  return places
    .map((end, index) => whole.subarray(places[index - 1] ?? 0, end))
    .filter(({ length }) => length > 0);
}

describe("the frame reader", () => {
  it("gives the same results as the reader of ws, wherever the stream is cut", () => {
    fc.assert(
      fc.property(bytes, cuts, (whole, at) => {
        const pieces = cut(whole, at);
        assert.deepEqual(ours(pieces), theirs(pieces));
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives the same results with pauses", () => {
    fc.assert(
      fc.property(bytes, cuts, fc.integer({ min: 1, max: 3 }), (whole, at, every) => {
        const pieces = cut(whole, at);
        assert.deepEqual(oursWithPauses(pieces, every), ours(pieces));
      }),
      { numRuns: 1_000 },
    );
  });

  it("gives the same results one byte at a time", () => {
    fc.assert(
      fc.property(
        bytes.filter(({ length }) => length < 2_000),
        (whole) => {
          const pieces = [...whole].map((byte) => Buffer.from([byte]));
          assert.deepEqual(ours(pieces), theirs([whole]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("accepts exactly as many fragments of a message as the limit allows", () => {
    const empty = { isMasked: true, mask: 0, payload: Buffer.alloc(0), isLong: false };
    const fragments = (count: number): Buffer[] =>
      Array.from({ length: count }, (_, n) => encode({ ...empty, first: n === 0 ? 0x01 : 0x00 }));
    const last = encode({ ...empty, first: 0x80 });
    for (const [count, events] of [
      [limits.fragments - 1, ["text "]],
      [limits.fragments, ["broken 1008"]],
    ] as const) {
      const pieces = [...fragments(count), last];
      assert.deepEqual(ours(pieces), events);
      assert.deepEqual(theirs(pieces), events);
    }
  });
});
