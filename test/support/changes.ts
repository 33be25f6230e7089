// Replies, edits, retractions and reactions by a client, to messages found by their text.
import assert from "node:assert/strict";
import type { SessionNumber } from "../../protocol/webview.ts";
import type { Client } from "./client.ts";

export type Place = { readonly session: SessionNumber; readonly index: number };

/** Finds a session by its name, and one of its messages by its text. */
export function place(client: Client, name: string, text: string): Place {
  const session = name === "lobby" ? client.state.sessions[0] : client.peer(name);
  assert.ok(session !== undefined);
  const at = indexOf(client, name, text);
  assert.ok(at >= 0, `“${text}” is shown`);
  return { session: session.number, index: session.transcript.start + at };
}

function indexOf(client: Client, name: string, text: string): number {
  return client.entries(name).findIndex((entry) => entry.kind === "message" && entry.text === text);
}

/** Replies to a message with a text, or edits it, as soon as it is there: others may see it before its author does. */
export async function say(
  client: Client,
  name: string,
  text: string,
  kind: "edit" | "reply",
  of: string,
): Promise<void> {
  await client.until(`“${of}” in ${name}`, () => indexOf(client, name, of) >= 0);
  const { session, index } = place(client, name, of);
  const about = { kind, index } as const;
  const outcome = await client.store.request((request) => ({
    ...{ type: "user/submit", request, session, text, about },
  }));
  assert.ok(outcome.ok);
}

export function react(client: Client, name: string, of: string, emoji: string, on = true): void {
  client.store.dispatch({ type: "user/react", ...place(client, name, of), text: emoji, on });
}

export function retract(client: Client, name: string, of: string): void {
  client.store.dispatch({ type: "user/retract", ...place(client, name, of) });
}
