// Compares the result of events, in a readable form, with what is expected.
import assert from "node:assert/strict";
import type { Effect } from "../../extension/core/model/effects.ts";
import { LOBBY, type Session } from "../../extension/core/model/session.ts";
import type { State } from "../../extension/core/model/state.ts";
import { slice } from "../../extension/core/model/transcript.ts";
import type { Entry } from "../../protocol/webview.ts";
import { run, type Step } from "./core.ts";

/** What a fixture expects; anything it omits is not checked. */
export type Expected = {
  /** Nothing happened: no effect, the same state. */
  readonly unchanged?: true;
  /** Each session as `*1 bobby A open +2`: active, number, name, role, link, unread. */
  readonly sessions?: readonly string[];
  /** Added lines, as `0 info …` or `1 bobby: …`. */
  readonly lines?: readonly string[];
  /** Own messages in flight, as `1 sending …` or `0 failed …`. */
  readonly pending?: readonly string[];
  /**
   * All effects, as `[call, ...arguments]`, `["schedule", key, ms]`, `["cancel", key]`, `["settle", request, code]`,
   * `["ask", text]`, `["withdraw"]`, `["remember", name]`, `["forget", name]`.
   */
  readonly effects?: readonly (readonly unknown[])[];
  readonly connection?: State["connection"]["status"];
  readonly me?: string | null;
  readonly users?: readonly string[];
};

export type Fixture = {
  readonly description: string;
  readonly given: State;
  readonly events: readonly Step[];
  readonly expected: Expected;
};

/** Declares one test per fixture. */
export function specify(fixtures: readonly Fixture[]): void {
  for (const { description, given, events, expected } of fixtures) {
    it(description, () => check(given, events, expected));
  }
}

export function check(given: State, events: readonly Step[], expected: Expected): void {
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
    effects: effects.filter((effect) => !isLinkReport(effect)).map(effectTuple),
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

/** Every link, and its end, is reported to the transfers of files: see transferLinks.test.ts. */
function isLinkReport(effect: Effect): boolean {
  return effect.type === "transfers" && ["linked", "unlinked", "ended"].includes(effect.call);
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
    case "transfers":
      return [`transfers ${effect.call}`, ...effect.args];
    case "schedule":
      return ["schedule", effect.key, effect.ms];
    case "cancel":
      return ["cancel", effect.key];
    case "notify":
      return ["notify", effect.text];
    case "ask":
      return ["ask", effect.question.text];
    case "withdraw":
      return ["withdraw"];
    case "trim":
      return ["trim", effect.session];
    case "attachLines":
      return ["attachLines", effect.session, effect.lines];
    case "offerFile":
      return ["offerFile", effect.session, effect.path];
    case "sendChanges":
      return ["sendChanges", effect.session, effect.wanted];
    case "tellWhere":
      return ["tellWhere", effect.session, effect.agreed];
    case "remember":
      return ["remember", effect.peer.name];
    case "forget":
      return ["forget", effect.name];
    case "settle":
      return ["settle", effect.request, effect.outcome.ok ? "ok" : effect.outcome.code];
  }
}

export function lobbyLines(state: State): string[] {
  return state.sessions.filter((session) => session.number === LOBBY).flatMap(lines);
}
