// Checks a lobby message before it is sent on. Pure.
import * as v from "valibot";
import { isBlank } from "../../protocol/blank.ts";
import { utf8Length } from "../../protocol/codec.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { Reaction, type LobbyAbout, type Pin } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";

/** Why a text is refused, or undefined. */
export function textProblem(text: string): ErrorCode | undefined {
  if (isBlank(text)) return "message-empty";
  return utf8Length(text) > limits.textBytes ? "message-too-long" : undefined;
}

/**
 * Why this key may not refer to another message in this way, or undefined. `author`: the key that sent that message;
 * undefined if it is unknown, only a change, or retracted.
 */
export function aboutProblem(
  pin: Pin,
  text: string,
  { kind }: LobbyAbout,
  author: Pin | undefined,
): ErrorCode | undefined {
  if (author === undefined) return "unknown-message";
  if ((kind === "edit" || kind === "retract") && author !== pin) return "not-yours";
  return kind === "react" && !v.is(Reaction, text) ? "bad-message" : undefined;
}
