// WebSocket frames from the server, as bytes. A message is encoded once, however many clients read it.
import { type MessageContent, withContent } from "../../protocol/messageContent.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";

const TEXT = 0x81;
const BINARY = 0x82;
const CLOSE = 0x88;
const PONG = 0x8a;

/** The ping frame, without payload. */
export const pingFrame: Buffer = Buffer.from([0x89, 0x00]);

/** @param data the ping's payload, at most 125 bytes */
export function pongFrame(data: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(2 + data.length);
  frame[0] = PONG;
  frame[1] = data.length;
  data.copy(frame, 2);
  return frame;
}

/** A closing frame. `reason` has at most 123 bytes. Empty without a code. */
export function closeFrame(code: number | undefined, reason: string): Buffer {
  if (code === undefined) return Buffer.from([CLOSE, 0]);
  const text = Buffer.from(reason);
  return Buffer.concat([Buffer.from([CLOSE, 2 + text.length, code >> 8, code & 0xff]), text]);
}

/** Splits bytes into consecutive binary frames of at most this many bytes. */
export function binaryFrames(bytes: Buffer, frameBytes: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += frameBytes) {
    const part = bytes.subarray(at, at + frameBytes);
    const header = Buffer.allocUnsafe(headerLength(part.length));
    writeHeader(header, part.length, BINARY);
    parts.push(header, part);
  }
  return Buffer.concat(parts);
}

/** A message as one text frame. */
export function messageFrame(message: ServerMessage): Buffer {
  const payload = JSON.stringify(message);
  const length = Buffer.byteLength(payload);
  const offset = headerLength(length);
  const frame = Buffer.allocUnsafe(offset + length);
  writeHeader(frame, length);
  frame.write(payload, offset);
  return frame;
}

/** The frame of a lobby message with other content. */
export function retoldFrame(frame: Buffer, content: MessageContent): Buffer {
  const code = (frame[1] ?? 0) & 0x7f;
  const start = code < 126 ? 2 : code === 126 ? 4 : 10;
  const said = JSON.parse(frame.toString("utf8", start)) as Extract<ServerMessage, { type: "said" }>;
  return messageFrame(withContent(said, content));
}

/**
 * A message that ends with a user list that is already encoded, as chunks of one text frame: the list is shared, not copied.
 * The list in `message` is empty.
 */
export function userListFrame(
  message: Extract<ServerMessage, { type: "joined" | "users" }>,
  items: Buffer,
): Buffer[] {
  const first = message.type === "joined" ? message.users : message.items;
  const comma = first.length > 0 && items.length > 0 ? "," : "";
  const head = JSON.stringify(message).slice(0, -"]}".length) + comma;
  const headBytes = Buffer.byteLength(head);
  const tail = Buffer.from("]}");
  const length = headBytes + items.length + tail.length;
  const offset = headerLength(length);
  const start = Buffer.allocUnsafe(offset + headBytes);
  writeHeader(start, length);
  start.write(head, offset);
  return [start, items, tail];
}

function headerLength(length: number): number {
  if (length < 126) return 2;
  return length < 0x1_0000 ? 4 : 10;
}

function writeHeader(frame: Buffer, length: number, first = TEXT): void {
  frame[0] = first;
  if (length < 126) {
    frame[1] = length;
  } else if (length < 0x1_0000) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(0, 2);
    frame.writeUInt32BE(length, 6);
  }
}
