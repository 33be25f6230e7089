// Fixtures for tests of the core: events and states in one line each, and what became of them in a readable form.
import assert from "node:assert/strict";
import * as v from "valibot";
import type { Effect } from "../../extension/core/effects.ts";
import type { CoreEvent } from "../../extension/core/events.ts";
import type { CloseCause } from "../../extension/core/ports.ts";
import { initialState, LOBBY, sessionNumber, type Session, type State } from "../../extension/core/state.ts";
import { slice } from "../../extension/core/transcript.ts";
import { update } from "../../extension/core/update.ts";
import { type Card, Epoch, MessageId, SessionId, Token } from "../../protocol/fields.ts";
import type { ServerMessage } from "../../protocol/rendezvous.ts";
import type { Entry } from "../../protocol/webview.ts";

export const NOW = 1_700_000_000_000;
export const SERVER = "ws://127.0.0.1:43210";
export const EPOCH = v.parse(Epoch, "epoch-one");
export const OTHER_EPOCH = v.parse(Epoch, "epoch-two");
export const TOKEN = v.parse(Token, "a".repeat(32));
export const CARD: Card = { addresses: [{ host: "127.0.0.1", port: 40_001 }], token: TOKEN };
export const DROPPED: CloseCause = { kind: "dropped", text: "the connection was cut off" };

export const sid = (name: string): SessionId => v.parse(SessionId, `session-${name}`);
export const messageId = (id: string): MessageId => v.parse(MessageId, id);

/** Takes events in, one after the other, all at `NOW` and with the smallest chance. */
export function run(state: State, ...events: readonly CoreEvent[]): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  for (const event of events) {
    const result = update(state, { ...event, at: NOW, random: 0 });
    state = result.state;
    effects.push(...result.effects);
  }
  return { state, effects };
}

export const after = (state: State, ...events: readonly CoreEvent[]): State => run(state, ...events).state;

// What the user does.
export const join = (name: string, request = 1): CoreEvent => ({
  type: "user/join",
  request,
  name,
  server: SERVER,
});
export const type = (text: string, session = 0, request = 7): CoreEvent => ({
  type: "user/submit",
  request,
  session: sessionNumber(session),
  text,
});
export const look = (session: number): CoreEvent => ({
  type: "user/activate",
  session: sessionNumber(session),
});
export const show = (visible: boolean): CoreEvent => ({ type: "panel/visible", visible });

// What the network tells.
export const open = (connection = 1): CoreEvent => ({
  type: "rendezvous/opened",
  connection,
  challenge: {
    type: "challenge",
    v: 1,
    epoch: EPOCH,
    reach: "loopback",
    limits: { frameBytes: 102_400, textBytes: 16_384, framesPerSecond: 50 },
  },
});
export const tell = (message: Exclude<ServerMessage, { type: "challenge" }>, connection = 1): CoreEvent => ({
  type: "rendezvous/message",
  connection,
  message,
});
export const close = (cause: CloseCause = DROPPED, connection = 1): CoreEvent => ({
  type: "rendezvous/closed",
  connection,
  cause,
});
export const linked = (name: string): CoreEvent => ({ type: "peer/opened", sid: sid(name) });
export const unlinked = (
  name: string,
  end: Extract<CoreEvent, { type: "peer/closed" }>["end"],
): CoreEvent => ({ type: "peer/closed", sid: sid(name), end });
export const hear = (name: string, seq: number, text: string, at = NOW): CoreEvent => ({
  type: "peer/frame",
  sid: sid(name),
  frame: { type: "message", seq, at, text },
});
export const confirm = (name: string, received: number): CoreEvent => ({
  type: "peer/frame",
  sid: sid(name),
  frame: { type: "ack", received },
});

type Joined = Extract<ServerMessage, { type: "joined" }>;

export const joined = (name: string, change: Partial<Joined> = {}): Joined => ({
  type: "joined",
  name,
  resume: TOKEN,
  epoch: EPOCH,
  seq: 0,
  missed: 0,
  gap: false,
  you: { address: "127.0.0.1" },
  users: ["anna", "bobby", "carmen"].map((user) => ({ name: user })),
  ...change,
});
export const invite = (from: string, session = from): CoreEvent =>
  tell({ type: "invite", sid: sid(session), from, expiresMs: 15_000 });
export const introduce = (id: string, to: string, session = to): CoreEvent =>
  tell({ type: "introduction", id: messageId(id), sid: sid(session), to, card: CARD });
export const cross = (id: string, to: string, session = to): CoreEvent =>
  tell({ type: "crossed", id: messageId(id), sid: sid(session), to });
export const said = (seq: number, from: string, text: string, id = `other.${seq}`): CoreEvent =>
  tell({ type: "said", seq, at: NOW, from, id: messageId(id), text });
export const numbered = (id: string, seq: number, at = NOW): CoreEvent =>
  tell({ type: "ack", id: messageId(id), seq, at });

// States that most stories begin with. The window's instance is `w`, so that its ids are `w.1`, `w.2`, …

/** Nobody has joined; the panel can be seen. */
export const blank: State = after(initialState("w"), show(true));
/** anna in the lobby, with bobby and carmen. */
export const online: State = after(blank, join("anna"), open(), tell(joined("anna")));
/** anna is A of session 1 with bobby, and looks at it. */
export const withBobby: State = after(
  online,
  type("\\fork bobby"),
  introduce("w.1", "bobby"),
  linked("bobby"),
);
/** As before, and B of session 2 with carmen. */
export const withBoth: State = after(withBobby, invite("carmen"), linked("carmen"));
/** As `withBoth`, when the server is gone. */
export const offline: State = after(withBoth, close());

/** What a fixture expects; what it does not name may be anything. */
export type Expected = {
  /** Nothing at all has happened: no effect, the same state. */
  readonly unchanged?: true;
  /** Each session as `*1 bobby A open +2`: active, number, name, role, link, unread. */
  readonly sessions?: readonly string[];
  /** Lines that were added, as `0 info …` or `1 bobby: …`. */
  readonly lines?: readonly string[];
  /** Own messages on their way, as `1 sending …` or `0 failed …`. */
  readonly pending?: readonly string[];
  /** All effects, as `[call, ...arguments]`, `["schedule", key, ms]`, `["cancel", key]`, `["settle", request, code]`. */
  readonly effects?: readonly (readonly unknown[])[];
  readonly connection?: State["connection"]["status"];
  readonly me?: string | null;
  readonly users?: readonly string[];
};

export type Fixture = {
  readonly description: string;
  readonly given: State;
  readonly events: readonly CoreEvent[];
  readonly expected: Expected;
};

/** Declares one test for each fixture. */
export function specify(fixtures: readonly Fixture[]): void {
  for (const { description, given, events, expected } of fixtures) {
    it(description, () => check(given, events, expected));
  }
}

export function check(given: State, events: readonly CoreEvent[], expected: Expected): void {
  const { state, effects } = run(given, ...events);
  if (expected.unchanged === true) {
    assert.deepEqual(state, given);
    assert.deepEqual(effects, []);
  }
  const actual: Expected = {
    sessions: state.sessions.map((session) => sessionText(state, session)),
    lines: state.sessions.flatMap((session) => newLines(given, session)),
    pending: state.sessions.flatMap((session) =>
      session.pending.map(({ status, text }) => `${session.number} ${status} ${text}`),
    ),
    effects: effects.map(effectTuple),
    connection: state.connection.status,
    me: state.me?.name ?? null,
    users: state.users,
  };
  const { unchanged, ...fields } = expected;
  assert.ok(unchanged === true || Object.keys(fields).length > 0, "the fixture expects nothing");
  const named = Object.fromEntries(
    Object.entries(actual).filter(([field]) => Object.hasOwn(expected, field)),
  );
  assert.deepEqual(named, fields);
}

function sessionText(state: State, session: Session): string {
  const star = state.active === session.number ? "*" : " ";
  const peer = session.kind === "peer" ? ` ${session.peer} ${session.role} ${session.link}` : " lobby";
  return `${star}${session.number}${peer}${session.unread > 0 ? ` +${session.unread}` : ""}`;
}

function newLines(given: State, session: Session): string[] {
  const former = given.sessions.find((candidate) => candidate.number === session.number);
  return lines(session)
    .slice(former?.transcript.end ?? 0)
    .map((line) => `${session.number} ${line}`);
}

/** A session's lines, as `info …` or `bobby: …`. */
export function lines(session: Session): string[] {
  return slice(session.transcript, 0, session.transcript.end).entries.map(lineText);
}

export function lineText(entry: Entry): string {
  if (entry.kind === "notice") return `${entry.level} ${entry.text}`;
  return `${entry.from}${entry.own ? " (own)" : ""}: ${entry.text}`;
}

export function effectTuple(effect: Effect): readonly unknown[] {
  switch (effect.type) {
    case "network":
      return [effect.call, ...effect.args];
    case "schedule":
      return ["schedule", effect.key, effect.ms];
    case "cancel":
      return ["cancel", effect.key];
    case "settle":
      return ["settle", effect.request, effect.outcome.ok ? "ok" : effect.outcome.code];
  }
}

export function lobbyLines(state: State): string[] {
  return state.sessions.filter((session) => session.number === LOBBY).flatMap(lines);
}
