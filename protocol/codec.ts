// The only way from received data to messages: what passes has the declared form and nothing else.
import * as v from "valibot";
import { excess, messageBounds, type MessageBounds } from "./messageBounds.ts";
import { err, ok, type Result } from "./result.ts";

export type DecodeError = {
  readonly code: "bad-json" | "bad-message" | "unknown-type";
  /** Where and how the message is invalid: a path and what was expected there. Never contains a received value. Short. */
  readonly detail: string;
};

/** Characters of what was expected: a protocol has many types of messages. */
const EXPECTED_LENGTH = 200;

type MessageSchema = v.GenericSchema<unknown, { readonly type: string }>;

/** Checks a value against the variants of one protocol. Drops fields that the schema does not name. */
export function validate<S extends MessageSchema>(
  schema: S,
  value: unknown,
): Result<v.InferOutput<S>, DecodeError> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return ok(result.output);
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? "message";
  return err({
    code: issue.type === "variant" && path === "type" && hasTextType(value) ? "unknown-type" : "bad-message",
    detail: `${path}: expected ${shortened(issue.expected ?? "another value")}`,
  });
}

function shortened(expected: string): string {
  return expected.length > EXPECTED_LENGTH ? `${expected.slice(0, EXPECTED_LENGTH)}…` : expected;
}

/** Decodes one text frame. A text beyond the bounds is not parsed. */
export function decode<S extends MessageSchema>(
  schema: S,
  raw: string,
  bounds: MessageBounds = messageBounds,
): Result<v.InferOutput<S>, DecodeError> {
  const tooMuch = excess(raw, bounds);
  if (tooMuch !== undefined) {
    return err({ code: "bad-message", detail: `message: expected ${tooMuch}` });
  }
  let value: unknown;
  try {
    value = JSON.parse(raw);
  } catch {
    return err({ code: "bad-json", detail: "the frame is not JSON" });
  }
  const message = validate(schema, value);
  if (message.ok && !bounds.long.includes(message.value.type) && utf8Length(raw) > bounds.bytes) {
    return err({ code: "bad-message", detail: `message: expected at most ${bounds.bytes} bytes` });
  }
  return message;
}

/** Bytes of a text in UTF-8: the unit of every size limit of a text. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 4;
      i += 1;
    } else bytes += 3;
  }
  return bytes;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}

function hasTextType(value: unknown): boolean {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
