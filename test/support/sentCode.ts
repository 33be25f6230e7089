// Lines of a file as a window with an editor sends them.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { quoteLines, type CodeQuote } from "../../extension/core/code/quote.ts";
import { baseTag, lineHasher } from "../../extension/host/code/codeHashes.ts";
import type { NewAttachment } from "../../protocol/conversation.ts";
import type { Token } from "../../protocol/fields.ts";
import type { Client } from "./client.ts";

/** @param range counted from 1 */
export function quoteOf(path: string, text: string, range: { from: number; to: number }): CodeQuote {
  const salt = randomBytes(16).toString("base64url") as Token;
  const quote = quoteLines(
    { path, language: "typescript", text, committed: null, saved: text },
    { from: range.from - 1, to: range.to - 1 },
    { salt, hashLine: lineHasher(salt), tag: (base) => baseTag(salt, base) },
  );
  return quote.ok ? quote.value : assert.fail(quote.error);
}

/** Says it in the session that the client has open. */
export async function sayWith(client: Client, text: string, quote: NewAttachment): Promise<void> {
  const session = client.state.active;
  const outcome = await client.store.request((request) => ({
    ...{ type: "user/say", request, session, text },
    quote,
  }));
  assert.ok(outcome.ok);
}
