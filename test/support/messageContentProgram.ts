// Declares additional optional fields of a message before anything else is loaded, then sends generated contents
// through everything that carries messages. Fails with the place that drops a field. A separate process, so that no
// other test sees those fields.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import fc from "fast-check";
import * as v from "valibot";
import type { CoreEvent } from "../../extension/core/model/events.ts";
import type { Effect } from "../../extension/core/model/effects.ts";
import type { State } from "../../extension/core/model/state.ts";
import { contentFields, type MessageContent } from "../../protocol/messageContent.ts";
import type { ServerMessage as Told } from "../../protocol/rendezvous.ts";
import type { HostMessage, PendingMessage, SessionNumber } from "../../protocol/webview.ts";

Object.assign(contentFields, {
  subject: v.exactOptional(v.string()),
  weight: v.exactOptional(v.number()),
  places: v.exactOptional(v.array(v.object({ line: v.number(), file: v.string() }))),
});

const core = await import("./core.ts");
const { RendezvousHarness } = await import("./rendezvousHarness.ts");
const { ClientMessage } = await import("../../protocol/rendezvous.ts");
const { PeerMessage } = await import("../../protocol/peer.ts");
const { HostMessage: HostSchema, PageMessage } = await import("../../protocol/webview.ts");
const { LOBBY, sessionNumber } = await import("../../extension/core/model/session.ts");
const { slice } = await import("../../extension/core/model/transcript.ts");
const { changesBetween } = await import("../../extension/core/saved/savedChanges.ts");
const { restoreWindow, saveWindow } = await import("../../extension/core/saved/savedWindow.ts");
const { panelChange, panelState, newestEntries } = await import("../../extension/core/view/panelView.ts");
const { JournalWriter, parseJournal } = await import("../../extension/host/storage/journalLines.ts");
const { HistoryFile, parseHistory } = await import("../../extension/host/storage/historyFile.ts");
const { linesOf } = await import("../../extension/host/storage/historyLines.ts");
const { conversationOf } = await import("../../extension/core/saved/history.ts");
const { receivePageMessage } = await import("../../extension/host/panel/pageMessages.ts");
const { Submitter } = await import("../../extension/host/panel/submitter.ts");
const { reduce } = await import("../../webview/store/panelReducer.ts");
const { chunksOf, entryAt } = await import("../../webview/store/chunks.ts");
const { asEntry } = await import("../../webview/store/pendingKind.ts");
const { Submissions } = await import("../../webview/store/submissions.ts");

const text = fc.stringMatching(/^[a-z]{1,12}$/);
const line = fc.integer({ min: 1, max: 50_000_000 });
const range = fc
  .tuple(line, line)
  .map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) }));
const path = fc
  .array(fc.stringMatching(/^[\p{L}\d_.-]{1,9}x$/u), { minLength: 1, maxLength: 4 })
  .map((names) => names.join("/"));
const at = fc.nat({ max: 16_384 });
const hashes = fc.stringMatching(/^(?:[\da-f]{4}){0,8}$/);
const shortLine = fc.stringMatching(/^[\p{L}\d "'`]{0,40}$/u);
const made = { noNullPrototype: true } as const;
const code = {
  ...{ at, path, range, before: hashes, after: hashes },
  salt: fc.stringMatching(/^[\w-]{22,43}$/),
  language: fc.stringMatching(/^[\w+#.-]{1,40}$/),
  base: fc.tuple(fc.stringMatching(/^[\w-]{22}$/), range).map(([tag, lines]) => ({ tag, ...lines })),
  unsaved: fc.constant(true),
};
const always = ["kind", "at", "path", "range", "salt", "before", "after"] as const;
/** Valid parts of every kind. They need not match the text, which is then like any other. */
const part = fc.oneof(
  fc.record({ kind: fc.constant("code"), ...code }, { requiredKeys: [...always], ...made }),
  fc.record(
    {
      ...{ kind: fc.constant("problem"), ...code },
      ...{
        severity: fc.constantFrom("error", "warning", "info", "hint"),
        source: shortLine,
        code: shortLine,
      },
    },
    { requiredKeys: [...always, "severity"], ...made },
  ),
  fc.record(
    { kind: fc.constant("test"), at, name: shortLine, path, line },
    { requiredKeys: ["kind", "at", "name"], ...made },
  ),
  fc.record(
    { kind: fc.constant("output"), at, command: shortLine, exitCode: fc.integer() },
    { requiredKeys: ["kind", "at"], ...made },
  ),
  fc.record({ kind: fc.constant("note"), line }, made),
);
const content = fc.record(
  {
    text,
    part,
    subject: fc.string(),
    weight: fc.integer(),
    places: fc.array(fc.record({ line: fc.nat(), file: fc.string() }, { noNullPrototype: true }), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ["text"], noNullPrototype: true },
) as fc.Arbitrary<MessageContent>;

/** In the lobby of a server that passes on parts. */
const PASSING: State = { ...core.online, passesParts: true };

/** Checks that `where` has exactly the message's content. */
function carries(where: string, found: unknown, expected: MessageContent): void {
  const names = ["text", ...Object.keys(contentFields)];
  const fields = Object.entries(found ?? {}).filter(([name]) => names.includes(name));
  assert.deepEqual(Object.fromEntries(fields), expected, where);
}

const overWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const messagesIn = (state: State, session: SessionNumber): unknown[] => {
  const { transcript } = state.sessions.find(({ number }) => number === session) ?? assert.fail();
  return slice(transcript, transcript.start, transcript.end).entries.filter(({ kind }) => kind === "message");
};
const pendingIn = (state: State, session: SessionNumber): readonly PendingMessage[] =>
  state.sessions.find(({ number }) => number === session)?.pending ?? [];

/** The content passes from the page's composer to the host's event. */
async function submitted(
  said: MessageContent,
  session: SessionNumber,
  about?: { kind: "edit"; index: number },
): Promise<CoreEvent> {
  const posted: unknown[] = [];
  const host = {
    post: (message: unknown) => void posted.push(message),
    persist: () => undefined,
    persisted: null,
  };
  const submissions = new Submissions(host, () => undefined);
  submissions.send({
    ...said,
    session,
    about: about && { ...about, kind: "edit", former: "", text: said.text },
  });
  carries("what the page posts", v.parse(PageMessage, overWire(posted[0])), said);
  return new Promise((resolve) => {
    const store = {
      state: core.withBobby,
      request: (make: (request: number) => unknown) => {
        resolve(make(7) as CoreEvent);
        return Promise.resolve({ ok: true, value: undefined });
      },
    };
    const log = { warn: (problem: string) => assert.fail(problem) };
    const questions = { maySay: () => Promise.resolve(true) };
    const submitter = new Submitter({ store, questions, warn: log.warn } as never);
    const context = { store, log, submitter };
    receivePageMessage(
      context as unknown as Parameters<typeof receivePageMessage>[0],
      { catchUp: () => undefined, isBehind: () => false } as never,
      () => undefined,
      posted[0],
    );
  });
}

/** The disk restores the same state after each change. */
function assertKept(before: State, after: State): void {
  const window = saveWindow(before) ?? assert.fail();
  const writer = new JournalWriter();
  const lines = [writer.begin({ owner: 1, window }), writer.change(changesBetween(before, after) ?? {})];
  const kept = parseJournal(lines.join("")) ?? assert.fail();
  const restored = restoreWindow(kept.window, "w");
  for (const { number } of after.sessions) {
    assert.deepEqual(messagesIn(restored, number), messagesIn(after, number), "the window's journal");
    assert.deepEqual(pendingIn(restored, number), pendingIn(after, number), "what waits in the journal");
  }
}

const folder = mkdtempSync(joinPath(tmpdir(), "message-content-"));

function assertInHistory(state: State, session: SessionNumber): void {
  const open = state.sessions.find(({ number }) => number === session) ?? assert.fail();
  const path = joinPath(folder, "history");
  const file = new HistoryFile(path, () => core.NOW);
  file.begin(
    { conversation: conversationOf(state.me ?? assert.fail(), open), seen: null },
    linesOf(open.transcript),
  );
  file.close();
  const lines = [...(parseHistory(readFileSync(path, "utf8"))?.lines.values() ?? [])];
  const entries = lines.map(({ entry }) => entry).filter(({ kind }) => kind === "message");
  assert.deepEqual(entries, messagesIn(state, session), "the history file");
}

/** What a page shows that existed before a change, and receives it. */
function shownAfter(before: State, after: State, session: SessionNumber): unknown {
  const snapshot = v.parse(
    HostSchema,
    overWire({
      ...{ type: "snapshot", revision: 1, state: panelState(before), entries: newestEntries(before) },
      ...{ drafts: [], windowId: "0".repeat(32) },
    }),
  ) as Extract<HostMessage, { type: "snapshot" }>;
  const patch = v.parse(
    HostSchema,
    overWire({ type: "patch", revision: 2, ...panelChange(before, after) }),
  ) as Extract<HostMessage, { type: "patch" }>;
  const model = reduce(reduce(null, snapshot), patch) ?? assert.fail();
  const waiting = model.state.sessions.find(({ number }) => number === session)?.pending.at(-1);
  if (waiting !== undefined) return asEntry(waiting, "anna", chunksOf(0, []));
  const log = model.logs.get(session) ?? assert.fail();
  return entryAt(log, log.end - 1);
}

function sent(effects: readonly Effect[], call: "send" | "sendLink", type: string): unknown {
  for (const effect of effects) {
    if (effect.type !== "network" || effect.call !== call) continue;
    const [, message] = effect.args;
    if (typeof message === "object" && message.type === type) return overWire(message);
  }
  return assert.fail(`no ${type} is sent`);
}

type Said = Exclude<Told, { type: "challenge" }>;
const saidOf = (messages: readonly Told[]): Said =>
  (messages.find(({ type }) => type === "said") as Said | undefined) ?? assert.fail("nothing is told");

/** Through the server: to people online, and to those who join later. */
async function inTheLobby(first: MessageContent, edited: MessageContent): Promise<void> {
  const server = new RendezvousHarness();
  const [anna, bobby] = [server.join("anna"), server.join("bobby")];
  let [own, other] = [PASSING, core.online];
  for (const [step, said] of [first, edited].entries()) {
    const index = messageIndex(own, LOBBY);
    const event = await submitted(said, LOBBY, step === 0 ? undefined : { kind: "edit", index });
    const spoken = core.run(own, event);
    assertKept(own, spoken.state);
    carries("what waits", pendingIn(spoken.state, LOBBY)[0], said);
    if (step === 0) carries("what waits, on the page", shownAfter(own, spoken.state, LOBBY), said);
    const say = v.parse(ClientMessage, sent(spoken.effects, "send", "say"));
    carries("what goes to the server", say, said);
    for (const each of [anna, bobby]) each.take();
    server.send(anna, say);
    const told = saidOf(bobby.take());
    carries("what the server tells", told, said);
    const heard = core.after(other, core.tell(told));
    carries("what others hear", messagesIn(heard, LOBBY).at(-1), said);
    carries("what others are shown", shownAfter(other, heard, LOBBY), said);
    assertKept(other, heard);
    assertInHistory(heard, LOBBY);
    const ack = (anna.take().find(({ type }) => type === "ack") ?? assert.fail()) as Said;
    own = core.after(spoken.state, core.tell(ack));
    carries("what was confirmed", messagesIn(own, LOBBY).at(-1), said);
    carries("what was confirmed, on the page", shownAfter(spoken.state, own, LOBBY), said);
    other = heard;
  }
  const history = server.join("carmen").take();
  carries("what newcomers hear of what was edited", saidOf(history), edited);
  const retracted = core.run(own, { type: "user/retract", session: LOBBY, index: messageIndex(own, LOBBY) });
  for (const each of [anna, bobby]) each.take();
  server.send(anna, v.parse(ClientMessage, sent(retracted.effects, "send", "say")));
  const heard = core.after(other, core.tell(saidOf(bobby.take())));
  assertGone(other, heard, LOBBY);
  const newcomer = server.join("dora").take();
  carries("what newcomers hear of what was retracted", saidOf(newcomer), { text: "(retracted)" });
}

/** A retracted message's content is gone from the state, the journal, the history and the page. */
function assertGone(before: State, after: State, session: SessionNumber): void {
  carries("what was retracted", messagesIn(after, session).at(-1), { text: "" });
  carries("what was retracted, on the page", shownAfter(before, after, session), { text: "" });
  assertKept(before, after);
  assertInHistory(after, session);
}

function messageIndex(state: State, session: SessionNumber): number {
  const { transcript } = state.sessions.find(({ number }) => number === session) ?? assert.fail();
  const { index, entries } = slice(transcript, transcript.start, transcript.end);
  return index + entries.findLastIndex(({ kind }) => kind === "message");
}

/** Between two peers, including over a second link. */
async function inPrivate(first: MessageContent, edited: MessageContent): Promise<void> {
  const session = sessionNumber(1);
  let [own, other] = [core.withBobby, core.withBobby];
  for (const [step, said] of [first, edited].entries()) {
    const index = messageIndex(own, session);
    const event = await submitted(said, session, step === 0 ? undefined : { kind: "edit", index });
    const spoken = core.run(own, event);
    assertKept(own, spoken.state);
    const frame = v.parse(PeerMessage, sent(spoken.effects, "sendLink", "message"));
    carries("what goes to the peer", frame, said);
    const lost = core.after(spoken.state, core.unlinked("bobby", "lost"));
    const resent = core.run(lost, core.calls("bobby", { received: step }));
    carries("what is sent again", sent(resent.effects, "sendLink", "message"), said);
    const heard = core.after(other, core.frame("bobby", frame));
    carries("what the peer hears", messagesIn(heard, session).at(-1), said);
    carries("what the peer is shown", shownAfter(other, heard, session), said);
    assertKept(other, heard);
    assertInHistory(heard, session);
    own = core.after(spoken.state, core.confirm("bobby", step + 1));
    carries("what the peer confirmed", messagesIn(own, session).at(-1), said);
    other = heard;
  }
  const retracted = core.run(own, { type: "user/retract", session, index: messageIndex(own, session) });
  const frame = v.parse(PeerMessage, sent(retracted.effects, "sendLink", "message"));
  assertGone(other, core.after(other, core.frame("bobby", frame)), session);
}

try {
  await fc.assert(
    fc.asyncProperty(content, content, async (first, edited) => {
      await inTheLobby(first, edited);
      await inPrivate(first, edited);
    }),
    { numRuns: 50 },
  );
} finally {
  rmSync(folder, { recursive: true });
}
