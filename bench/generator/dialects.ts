// The messages of a client in each protocol: to join, to write, and to recognize its own text. All texts have the same length,
// so that every server delivers frames of the same size.

import { JoinKey } from "./joinKey.ts";
import { natsFraming, webSocketFraming, type Framing } from "./framing.ts";

/** Bytes of a delivered message, without its frame's header. */
export const PAYLOAD_BYTES = 110;

const AUTHOR_DIGITS = 5;
const NUMBER_DIGITS = 8;

export type Answer = { readonly reply?: Buffer; readonly joined?: boolean };

export interface Dialect {
  readonly framing: Framing;
  /** Makes what so many clients need beforehand. */
  prepare(clients: number): void;
  /** The first bytes of a client to a server at this port. */
  hello(client: number, port: number): Buffer;
  /** Sent after the answer to an HTTP upgrade; undefined if there is none. */
  upgraded: ((client: number) => Answer) | undefined;
  /** Sent after a frame of the server, until the client has joined. */
  answer(client: number, frame: Buffer, port: number): Answer;
  readonly pong: Buffer;
  say(author: number, number: number): Buffer;
  /** Whether this frame tells an author that a message of its own has gone out. */
  confirms(author: number, bytes: Buffer, at: number, length: number): boolean;
  /** The number of the message in a frame that confirms it. */
  confirmed(bytes: Buffer, at: number, length: number): number;
  /** The number of the message in a delivery. */
  number(bytes: Buffer, at: number, length: number): number;
}

export type DialectName = "forkChat" | "webSocket" | "socketIo" | "nats";

function nothing(): void {
  // There is nothing to make.
}

function nameOf(client: number): string {
  return `g${String(client).padStart(AUTHOR_DIGITS, "0")}`;
}

/** Begins with the author and ends with the number. */
function textOf(author: number, number: number, bytes: number): string {
  const digits = String(number).padStart(NUMBER_DIGITS, "0");
  return nameOf(author).padEnd(bytes - NUMBER_DIGITS, "-") + digits;
}

function digitsAt(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let place = at; place < at + count; place++) value = value * 10 + (bytes[place] ?? 0) - 0x30;
  return value;
}

/** Finds author and number in frames which end with a text of `textBytes` and so many bytes more. */
function readText(textBytes: number, trailer: number): Pick<Dialect, "confirms" | "confirmed" | "number"> {
  const number = (bytes: Buffer, at: number, length: number): number =>
    digitsAt(bytes, at + length - trailer - NUMBER_DIGITS, NUMBER_DIGITS);
  return {
    confirms: (author, bytes, at, length) =>
      length >= textBytes + trailer &&
      digitsAt(bytes, at + length - trailer - textBytes + 1, AUTHOR_DIGITS) === author,
    confirmed: number,
    number,
  };
}

/** A frame as a client sends it. The mask is zero, which masks nothing. */
function masked(opcode: number, payload: string): Buffer {
  const body = Buffer.from(payload);
  const { length } = body;
  const head = length < 126 ? [opcode, 0x80 | length] : [opcode, 0x80 | 126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
}

const maskedText = (payload: string): Buffer => masked(0x81, payload);

function upgradeRequest(path: string, port: number): Buffer {
  return Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
}

/** Any server that sends what it receives to all clients, including the author. */
const webSocket: Dialect = {
  framing: webSocketFraming,
  prepare: nothing,
  hello: (_, port) => upgradeRequest("/", port),
  upgraded: () => ({ joined: true }),
  answer: () => ({}),
  pong: masked(0x8a, ""),
  say: (author, number) => maskedText(textOf(author, number, PAYLOAD_BYTES)),
  ...readText(PAYLOAD_BYTES, 0),
};

const ROOM_LEFT_BY_SAID = 21;

/** Where the id begins in the frame of an `ack`, behind two bytes of the frame's header. */
const ID_OF_ACK = 2 + '{"type":"ack","id":"'.length;

/** Kept over all servers of a run: to make a key costs more than to join with it. */
const keys: JoinKey[] = [];

/** What clients show when they join again, by their numbers. */
const places = new Map<number, string>();

function placeIn(joined: string): string {
  const [, resume] = /"resume":"([\w-]+)"/.exec(joined) ?? [];
  const [, epoch] = /"epoch":"([\w-]+)"/.exec(joined) ?? [];
  const [, seq] = /"seq":(\d+)/.exec(joined) ?? [];
  return JSON.stringify({ resume, lastSeen: { epoch, seq: Number(seq) } }).slice(1, -1);
}

const forkChat: Dialect = {
  ...webSocket,
  prepare(clients) {
    places.clear();
    while (keys.length < clients) keys.push(new JoinKey());
  },
  upgraded: () => ({}),
  answer(client, frame, port) {
    const text = frame.toString("latin1");
    if (text.includes('{"type":"joined"')) {
      places.set(client, placeIn(text));
      return { joined: true };
    }
    if (!text.includes('{"type":"challenge"')) throw new Error(`Not let in: ${text}`);
    const nonce = /"nonce":"([\w-]+)"/.exec(text)?.[1] ?? "";
    const name = nameOf(client);
    const proof = keys[client]?.proof(`127.0.0.1:${port}`, nonce, name);
    const place = places.get(client);
    const join = JSON.stringify({ type: "join", v: 2, name, ...proof });
    return { reply: maskedText(place === undefined ? join : `${join.slice(0, -1)},${place}}`) };
  },
  say(author, number) {
    const id = String(number).padStart(NUMBER_DIGITS, "0");
    return maskedText(JSON.stringify({ type: "say", id, text: textOf(author, number, ROOM_LEFT_BY_SAID) }));
  },
  // `{"type":"ack"`, against `"arrived"`.
  confirms: (_, bytes, at) => bytes[at + 11] === 0x61 && bytes[at + 12] === 0x63,
  confirmed: (bytes, at) => digitsAt(bytes, at + ID_OF_ACK, NUMBER_DIGITS),
  number: readText(ROOM_LEFT_BY_SAID, '"}'.length).number,
};

const SOCKET_IO_EVENT = '42["said","';

const socketIo: Dialect = {
  framing: webSocketFraming,
  prepare: nothing,
  hello: (_, port) => upgradeRequest("/socket.io/?EIO=4&transport=websocket", port),
  upgraded: () => ({}),
  answer(_, frame) {
    // Engine.IO opens, then the namespace is asked for, then that is open.
    if (frame.includes('0{"sid"') && !frame.includes('40{"sid"')) return { reply: maskedText("40") };
    return { joined: frame.includes('40{"sid"') };
  },
  pong: maskedText("3"),
  say: (author, number) =>
    maskedText(`42["said","${textOf(author, number, PAYLOAD_BYTES - SOCKET_IO_EVENT.length - 2)}"]`),
  ...readText(PAYLOAD_BYTES - SOCKET_IO_EVENT.length - 2, '"]'.length),
};

const nats: Dialect = {
  framing: natsFraming,
  prepare: nothing,
  hello: () => Buffer.from('CONNECT {"verbose":false,"pedantic":false}\r\nSUB lobby 1\r\nPING\r\n'),
  upgraded: undefined,
  answer: (_, frame) => ({ joined: frame.includes("PONG") }),
  pong: Buffer.from("PONG\r\n"),
  say: (author, number) =>
    Buffer.from(`PUB lobby ${PAYLOAD_BYTES}\r\n${textOf(author, number, PAYLOAD_BYTES)}\r\n`),
  ...readText(PAYLOAD_BYTES, "\r\n".length),
};

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  forkChat,
  webSocket,
  socketIo,
  nats,
};
