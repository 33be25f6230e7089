// What holds after any sequence of events, plausible ones and hostile ones alike.
import assert from "node:assert/strict";
import fc from "fast-check";
import { newestEntries, panelChange, panelState } from "../../../extension/core/view/panelView.ts";
import { isLobbyOpen } from "../../../extension/core/model/sessionState.ts";
import { initialState, type State } from "../../../extension/core/model/state.ts";
import { slice } from "../../../extension/core/model/transcript.ts";
import { update } from "../../../extension/core/update.ts";
import { limits } from "../../../protocol/limits.ts";
import { nameKey } from "../../../protocol/names.ts";
import type { Entry, PanelState } from "../../../protocol/webview.ts";
import {
  join,
  joined,
  listening,
  NOW,
  open,
  tell,
  type,
  type Step as Action,
  UNIQUE,
} from "../../support/core.ts";
import { lines } from "../../support/coreChecks.ts";
import { step, World, type Step } from "../../support/coreStory.ts";

describe("after any sequence of events", function () {
  this.timeout(60_000);

  it("every invariant of a window's chat holds", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: "max" }), (steps) => tellStory(steps)),
      { numRuns: 1000 },
    );
  });
});

function tellStory(steps: readonly Step[]): void {
  const world = new World();
  const page = new Page();
  const settled = new Map<number, number>();
  let state = initialState("w");
  let shown = state;
  let moments = 0;
  page.snapshot(state);
  const take = (action: Action): void => {
    for (const event of typeof action === "function" ? action(state) : [action]) {
      const before = state;
      const result = update(before, { ...event, at: NOW, random: 0.5, unique: `${UNIQUE}${++moments}` });
      state = result.state;
      for (const effect of result.effects) {
        if (effect.type !== "settle") continue;
        assert.ok(effect.request <= world.request);
        settled.set(effect.request, (settled.get(effect.request) ?? 0) + 1);
      }
      checkState(before, state);
    }
  };
  const prelude = [join("anna", ++world.request), open(1), listening, tell(joined("anna"))];
  for (const event of prelude) take(event);
  for (const next of steps) {
    if (next.move === "flush") {
      page.apply(panelChange(shown, state));
      shown = state;
      page.check(state);
    }
    const event = world.next(state, next);
    if (event !== null) take(event);
  }
  page.apply(panelChange(shown, state));
  page.check(state);
  take(type("\\quit", 0, ++world.request));
  // Where messages are still waiting it asks first.
  if (state.me !== null) take(type("\\quit", 0, ++world.request));
  const counts = Array.from({ length: world.request }, (_, i) => settled.get(i + 1) ?? 0);
  assert.deepEqual(
    counts,
    counts.map(() => 1),
    "each request is settled exactly once",
  );
}

function checkState(before: State, state: State): void {
  const [lobby, ...peers] = state.sessions;
  assert.equal(lobby.kind, "lobby");
  assert.equal(lobby.number, 0);
  const live = peers.filter((peer) => peer.link !== "ended");
  assert.equal(
    new Set(live.map(({ peer }) => nameKey(peer))).size,
    live.length,
    "one session with each peer",
  );
  for (const { sid, link, pin } of live) {
    const channel = state.channels.find((each) => each.sid === sid);
    assert.equal(channel?.pin, pin, "a session has its wire");
    assert.equal(link === "open", channel.link !== null, "it is open while there is a link");
    assert.ok(state.expected.includes(pin), "and its peer may come in");
  }
  const wheres = state.questions.flatMap((question) => (question.about === "where" ? [question.sid] : []));
  const askers = wheres.map((sid) => live.find((peer) => peer.sid === sid)?.pin);
  assert.ok(!askers.includes(undefined), "who asks where one is has a session");
  assert.equal(new Set(askers).size, askers.length, "and one question is open for each key");
  const { channels, farewells, invites } = state;
  assert.equal(new Set(channels.map(({ sid }) => sid)).size, channels.length, "one wire with each id");
  assert.ok(farewells.length <= limits.farewells && invites.length <= limits.sessions);
  assert.equal(new Set(peers.map((peer) => peer.sid)).size, peers.length, "one session with each id");
  const numbers = state.sessions.map((session) => session.number);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].sort((a, b) => a - b),
    "numbers increase",
  );
  assert.ok(numbers.includes(state.active), "the active session is there");
  if (before.me !== null && state.me !== null) {
    const fresh = peers.filter((peer) => !before.sessions.some(({ number }) => number === peer.number));
    for (const { number } of fresh) assert.ok(number >= before.nextSession, "no number is used again");
    assert.ok(state.nextSession >= before.nextSession);
  }
  assert.ok(numbers.every((number) => number < state.nextSession));
  for (const { number, unread, pending } of state.sessions) {
    const isSeen = state.visible && state.focused && number === state.active && !state.above.includes(number);
    assert.ok(!isSeen || unread === 0, "what is seen is read");
    assert.ok(pending.length < 2 * limits.unackedMessages);
  }
  if (state.connection.status === "idle") assert.equal(state.me, null);
  if (!isLobbyOpen(state)) assert.deepEqual(state.users, []);
  assert.deepEqual(state.users, [...new Set(state.users)]);
  for (const session of state.sessions) checkLines(session);
  const texts = state.sessions.flatMap((session) => [
    ...lines(session).filter((line) => /: text \d+\.$/u.test(line) && !line.startsWith("error")),
    ...session.pending.flatMap(({ text }) => (/^text \d/u.test(text) ? [`: ${text}`] : [])),
  ]);
  const messages = texts.map((line) => line.slice(line.lastIndexOf(": text")));
  assert.equal(new Set(messages).size, messages.length, "no message twice");
}

/** What is retracted is gone, and what is answered stands above. */
function checkLines({ transcript }: State["sessions"][number]): void {
  const kept = slice(transcript, transcript.start, transcript.end);
  for (const [i, entry] of kept.entries.entries()) {
    if (entry.kind !== "message") continue;
    if (entry.retracted === true) assert.equal(entry.text, "");
    const answered = entry.reply?.index;
    if (answered === undefined) continue;
    assert.ok(answered < kept.index + i);
    const target = kept.entries[answered - kept.index];
    if (target?.kind === "message" && target.retracted === true) assert.equal(entry.reply?.text, "");
  }
}

/** A page as the protocol describes it: what it shows is made of messages alone. */
class Page {
  #state: PanelState | null = null;
  readonly #entries = new Map<number, { index: number; entries: Entry[] }>();

  snapshot(state: State): void {
    this.#state = panelState(state);
    for (const { session, index, entries } of newestEntries(state))
      this.#entries.set(session, { index, entries });
  }

  apply(change: ReturnType<typeof panelChange>): void {
    if (change === null || this.#state === null) return;
    this.#state = { ...this.#state, ...change.state };
    for (const { session, index, entries } of change.entries) {
      const held = this.#entries.get(session);
      if (held !== undefined && held.index + held.entries.length === index) held.entries.push(...entries);
      else this.#entries.set(session, { index, entries: [...entries] });
    }
    for (const { session, index, entry } of change.amended ?? []) {
      const held = this.#entries.get(session);
      if (held !== undefined && index >= held.index) held.entries[index - held.index] = entry;
    }
  }

  check(state: State): void {
    assert.deepEqual(this.#state, panelState(state));
    for (const { session, index, entries } of newestEntries(state)) {
      const held = this.#entries.get(session);
      assert.ok(held !== undefined && held.index <= index);
      assert.equal(held.index + held.entries.length, index + entries.length);
      assert.deepEqual(entries.length === 0 ? [] : held.entries.slice(-entries.length), entries);
    }
  }
}
