// Checks a message's text before it is sent on. Pure.
import { isBlank } from "../../protocol/blank.ts";
import { utf8Length } from "../../protocol/codec.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { limits } from "../../protocol/limits.ts";

/** Why a text is refused, or undefined. */
export function textProblem(text: string): ErrorCode | undefined {
  if (isBlank(text)) return "message-empty";
  return utf8Length(text) > limits.textBytes ? "message-too-long" : undefined;
}
