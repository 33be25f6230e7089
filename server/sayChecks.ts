// What a message for the lobby must be before it is told. Pure; used by the rendezvous.
import * as v from "valibot";
import { utf8Length } from "../protocol/codec.ts";
import type { ErrorCode } from "../protocol/errors.ts";
import { Reaction, type LobbyAbout, type Pin } from "../protocol/fields.ts";
import { limits } from "../protocol/limits.ts";
import type { Said } from "./lobby.ts";

/** Why a text cannot be told; undefined when it can. */
export function textProblem(text: string): ErrorCode | undefined {
  if (text.trim() === "") return "message-empty";
  return utf8Length(text) > limits.textBytes ? "message-too-long" : undefined;
}

/**
 * Why a message of this key cannot be what it is to another one; undefined when it can. `target`: what the lobby
 * remembers under that number.
 */
export function aboutProblem(
  pin: Pin,
  text: string,
  { kind }: LobbyAbout,
  target: Said | undefined,
): ErrorCode | undefined {
  // Changes are no messages that could be changed themselves.
  if (target === undefined || (target.about !== undefined && target.about.kind !== "reply")) {
    return "unknown-message";
  }
  if ((kind === "edit" || kind === "retract") && target.pin !== pin) return "not-yours";
  return kind === "react" && !v.is(Reaction, text) ? "bad-message" : undefined;
}
