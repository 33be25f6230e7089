// What a message for the lobby must be before it is told. Pure.
import * as v from "valibot";
import { isBlank } from "../../protocol/blank.ts";
import { utf8Length } from "../../protocol/codec.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { Reaction, type LobbyAbout, type Pin } from "../../protocol/fields.ts";
import { limits } from "../../protocol/limits.ts";

/** Why a text cannot be told; undefined when it can. */
export function textProblem(text: string): ErrorCode | undefined {
  if (isBlank(text)) return "message-empty";
  return utf8Length(text) > limits.textBytes ? "message-too-long" : undefined;
}

/**
 * Why a message of this key cannot be what it is to another one; undefined when it can. `author`: the key that has said
 * that one; undefined where nothing is known under its number, only a change, or what was retracted.
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
