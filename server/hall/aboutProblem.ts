// Whether a lobby message may refer to another one.
import * as v from "valibot";
import type { ErrorCode } from "../../protocol/errors.ts";
import { Reaction, type LobbyAbout, type Pin } from "../../protocol/fields.ts";

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
