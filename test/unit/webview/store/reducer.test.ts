// What the page knows, as a function of what the host has told it.
import assert from "node:assert/strict";
import type { HostMessage } from "../../../../protocol/webview.ts";
import { CHUNK_SIZE, entryAt, type Chunks } from "../../../../webview/store/chunks.ts";
import { reduce, trim, type ModelMessage, type PanelModel } from "../../../../webview/store/panelReducer.ts";
import { lines, LOBBY, panelState, says, session, verification, view } from "../../../webview/pageData.ts";
import { told } from "../../../webview/talkData.ts";

type Patch = Extract<HostMessage, { type: "patch" }>;

const BOBBY = session(1);

function snapshot(index: number, count: number, start = 0): ModelMessage {
  const sessions = [view(0, "lobby", { start, end: index + count }), view(1, "bobby", { mark: "P->" })];
  return {
    type: "snapshot",
    revision: 5,
    state: panelState({ sessions }),
    entries: [
      { session: LOBBY, index, entries: lines(count, index) },
      { session: BOBBY, index: 0, entries: [] },
    ],
    drafts: [],
    windowId: "0123456789abcdef0123456789abcdef",
  };
}

function patch(revision: number, rest: Partial<Patch> = {}): Patch {
  return { type: "patch", revision, entries: [], ...rest };
}

function added(revision: number, index: number, count: number): Patch {
  return patch(revision, { entries: [{ session: LOBBY, index, entries: lines(count, index) }] });
}

function after(...messages: ModelMessage[]): PanelModel {
  const model = messages.reduce<PanelModel | null>(reduce, null);
  assert.ok(model !== null);
  return model;
}

function lobby(model: PanelModel): Chunks {
  const log = model.logs.get(LOBBY);
  assert.ok(log !== undefined);
  return log;
}

function texts(log: Chunks): string[] {
  return log.list.flatMap((chunk) => chunk.entries.map((entry) => entry.text));
}

function expected(from: number, end: number): string[] {
  return Array.from({ length: end - from }, (_, at) => `line ${from + at}`);
}

describe("the page's model", () => {
  it("knows nothing before the first snapshot", () => {
    assert.equal(reduce(null, patch(1)), null);
    assert.equal(reduce(null, { type: "page", session: LOBBY, index: 0, entries: [] }), null);
  });

  it("replaces everything by a snapshot", () => {
    const model = after(snapshot(0, 10), added(6, 10, 1), snapshot(40, 3));
    assert.equal(model.revision, 5);
    assert.deepEqual(texts(lobby(model)), expected(40, 43));
  });

  it("adds a patch's entries and its changed fields, and keeps the others", () => {
    const model = after(snapshot(0, 10), { ...added(6, 10, 2), state: { online: 9 } });
    assert.deepEqual(texts(lobby(model)), expected(0, 12));
    assert.equal(model.state.online, 9);
    assert.equal(model.state.me, "anna");
  });

  it("accepts a name that was released", () => {
    assert.equal(after(snapshot(0, 1), patch(6, { state: { me: null } })).state.me, null);
  });

  it("keeps a safety number's dialog open until the host closes it", () => {
    const open = after(snapshot(0, 1), patch(6, { state: { verification: verification() } }), patch(7));
    assert.deepEqual(open.state.verification, verification());
    const closed = reduce(open, patch(8, { state: { verification: null } }));
    assert.equal(closed?.state.verification, null);
  });

  it("keeps every full chunk the same object when an entry arrives", () => {
    const before = after(snapshot(0, 3 * CHUNK_SIZE + 1));
    const now = reduce(before, added(6, 3 * CHUNK_SIZE + 1, 1));
    assert.ok(now !== null);
    const kept = lobby(now).list.filter((chunk, at) => chunk === lobby(before).list[at]);
    assert.equal(kept.length, 3);
    assert.equal(lobby(now).list.length, 4);
  });

  it("is stale after a lost patch, and then accepts only a snapshot", () => {
    const gap = after(snapshot(0, 10), added(8, 10, 1));
    assert.equal(gap.stale, true);
    assert.deepEqual(texts(lobby(gap)), expected(0, 10));
    assert.equal(reduce(gap, added(6, 10, 1)), gap);
    assert.equal(reduce(gap, snapshot(0, 12))?.stale, false);
  });

  it("is stale after a repeated patch, and after one with a gap in its entries", () => {
    assert.equal(after(snapshot(0, 10), patch(5)).stale, true);
    assert.equal(after(snapshot(0, 10), added(6, 11, 1)).stale, true);
  });

  it("restarts a conversation when its entries restart", () => {
    const model = after(snapshot(0, 50), added(6, 0, 1));
    assert.equal(model.stale, false);
    assert.deepEqual(texts(lobby(model)), expected(0, 1));
  });

  it("opens a new session, and removes one that is gone", () => {
    const two = session(2);
    const sessions = [view(0, "lobby"), view(2, "carmen")];
    const entries = [{ session: two, index: 0, entries: lines(2) }];
    const model = after(snapshot(0, 1), patch(6, { state: { sessions }, entries }));
    assert.deepEqual([...model.logs.keys()], [LOBBY, two]);
  });

  it("puts a page of older entries before the existing ones", () => {
    const page = { type: "page", session: LOBBY, index: 20, entries: lines(80, 20) } as const;
    const log = lobby(after(snapshot(100, 100), page));
    assert.deepEqual(texts(log), expected(20, 200));
    assert.equal(log.first, 20);
    for (const chunk of log.list.slice(1)) assert.equal(chunk.index % CHUNK_SIZE, 0);
  });

  it("drops a page that does not connect to the existing entries", () => {
    const model = after(snapshot(100, 100));
    assert.equal(reduce(model, { type: "page", session: LOBBY, index: 0, entries: lines(50) }), model);
    assert.equal(reduce(model, { type: "page", session: session(9), index: 0, entries: [] }), model);
  });

  it("drops entries that the host has forgotten, by whole chunks", () => {
    const sessions = [view(0, "lobby", { start: 70, end: 200 })];
    const log = lobby(after(snapshot(0, 200), patch(6, { state: { sessions } })));
    assert.equal(log.first, 2 * CHUNK_SIZE);
  });

  it("is trimmed to about the newest entries, always including the last", () => {
    const model = trim(after(snapshot(0, 1000)), LOBBY, 100);
    const log = lobby(model);
    assert.equal(log.end, 1000);
    assert.ok(log.end - log.first >= 100 && log.end - log.first < 100 + CHUNK_SIZE);
    assert.equal(trim(model, LOBBY, 100), model);
  });

  it("replaces an amended entry, and leaves every other chunk as it was", () => {
    const before = after(snapshot(0, 3 * CHUNK_SIZE));
    const index = CHUNK_SIZE + 2;
    const entry = told("bobby", "changed", 1, { edited: true });
    const model = reduce(before, patch(6, { amended: [{ session: LOBBY, index, entry }] }));
    assert.ok(model !== null);
    assert.equal(entryAt(lobby(model), index), entry);
    const changed = lobby(model).list.map((chunk, at) => chunk !== lobby(before).list[at]);
    assert.deepEqual(changed, [false, true, false]);
    assert.equal(lobby(model).end, 3 * CHUNK_SIZE);
  });

  it("accepts an entry that arrives and is amended in one patch, and ignores an unknown one", () => {
    const entry = says("bobby", "changed");
    const amended = [
      { session: LOBBY, index: 120, entry },
      { session: LOBBY, index: 4, entry },
      { session: session(9), index: 0, entry },
    ];
    const model = after(snapshot(100, 20), { ...added(6, 120, 1), amended });
    assert.deepEqual(texts(lobby(model)), [...expected(100, 120), "changed"]);
  });

  it("keeps older entries when a snapshot begins with an entry that was amended since", () => {
    const page: ModelMessage = { type: "page", session: LOBBY, index: 50, entries: lines(50, 50) };
    const newest = snapshot(100, 20);
    assert.ok(newest.type === "snapshot");
    const [first] = newest.entries;
    assert.ok(first?.entries[0] !== undefined);
    const entries = [{ ...first, entries: first.entries.with(0, { ...first.entries[0], text: "changed" }) }];
    const model = after(snapshot(100, 20), page, { ...newest, entries });
    assert.deepEqual(texts(lobby(model)), [...expected(50, 100), "changed", ...expected(101, 120)]);
  });
});
