// Recognizes a `join` of another protocol version, which may have any other form.
import * as v from "valibot";
import { decode } from "../../protocol/codec.ts";
import { PROTOCOL_VERSION } from "../../protocol/limits.ts";
import { AnyJoin } from "../../protocol/rendezvous.ts";

export function isOfAnotherVersion(text: string): boolean {
  const join = decode(v.variant("type", [AnyJoin]), text);
  return join.ok && join.value.v !== PROTOCOL_VERSION;
}
