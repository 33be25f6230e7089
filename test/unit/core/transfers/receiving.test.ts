// One file on its way: its phases, what each makes this side do, and how it fails.
import assert from "node:assert/strict";
import {
  BLOCK_BYTES,
  CHUNK_BYTES,
  MOST_CREDIT,
  OPEN_OFFERS,
  RUNNING_TRANSFERS,
} from "../../../../protocol/bulk.ts";
import type { FileId, Sha256 } from "../../../../protocol/bulk.ts";
import {
  newIncoming,
  takeIn,
  wantsLink,
  type Incoming,
  type IncomingEffect,
  type IncomingEvent,
} from "../../../../extension/core/transfers/incoming.ts";
import {
  offered,
  phaseOf,
  restoreReceiving,
  saveReceiving,
  verifiedBytes,
  type Phase,
  type Receiving,
} from "../../../../extension/core/transfers/receivingState.ts";
import { fileId, hashOf } from "../../../support/transferLinks.ts";

const ID = fileId(1);
const HASH = hashOf(Buffer.of(1));
const WRONG = hashOf(Buffer.of(2));
const SIZE = BLOCK_BYTES + 5;

/** Frames that were sent, bytes that were granted, and other effects by their type. */
function told(effects: readonly IncomingEffect[]): string[] {
  return effects.map((effect) => {
    if (effect.type === "grant") return `grant ${effect.bytes}`;
    if (effect.type === "refuse") return `refuse ${effect.why}`;
    if (effect.type !== "tell") return effect.type;
    const { frame } = effect;
    if (frame.type === "cancel" && frame.why !== undefined) return `cancel ${frame.why}`;
    return frame.type === "fetch" ? `fetch ${frame.from} over ${frame.n}` : frame.type;
  });
}

function run(incoming: Incoming, ...events: IncomingEvent[]): { state: Incoming; told: string[] } {
  let state = incoming;
  const effects: IncomingEffect[] = [];
  for (const event of events) {
    const outcome = takeIn(state, event);
    state = outcome.state;
    effects.push(...outcome.effects);
  }
  return { state, told: told(effects) };
}

function transferIn(incoming: Incoming, id = ID): Receiving {
  const found = incoming.transfers.find((each) => each.id === id);
  assert.ok(found);
  return found;
}

function phase(incoming: Incoming): Phase {
  return phaseOf(transferIn(incoming), incoming.link !== null);
}

const offer = (id: FileId = ID, size = SIZE): IncomingEvent => ({ type: "offered", id, size });
const by = (type: "accept" | "pause" | "cancel", id = ID): IncomingEvent => ({ type, id });
const link = (n: number | null): IncomingEvent => ({ type: "bulkLink", n });
const block = (index: number, size: number, sha256: Sha256 = HASH): IncomingEvent => ({
  type: "bulk",
  frame: { type: "block", id: ID, index, size, sha256 },
});
const chunk = (bytes: number): IncomingEvent => ({ type: "chunk", bytes });
const written = (index: number, bytes: number, sha256: Sha256 | null = null): IncomingEvent => ({
  ...{ type: "disk", id: ID },
  event: { type: "written", index, bytes, sha256 },
});
const end: IncomingEvent = { type: "bulk", frame: { type: "end", id: ID, root: HASH } };
const rooted = (sha256: Sha256): IncomingEvent => ({
  type: "disk",
  id: ID,
  event: { type: "rooted", sha256 },
});
const diskFull: IncomingEvent = { type: "disk", id: ID, event: { type: "diskFailed", reason: "no space" } };

/** A whole block that comes and is written chunk by chunk. */
function wholeBlock(index: number, size: number, computed: Sha256 = HASH): IncomingEvent[] {
  const chunks = Array.from({ length: Math.ceil(size / CHUNK_BYTES) }, (_, i) =>
    Math.min(CHUNK_BYTES, size - i * CHUNK_BYTES),
  );
  return [
    block(index, size),
    ...chunks.flatMap((bytes, i) => [
      chunk(bytes),
      written(index, bytes, i === chunks.length - 1 ? computed : null),
    ]),
  ];
}

const empty = newIncoming([]);
const fetching = run(empty, offer(), by("accept"), link(1)).state;

describe("a file on its way", () => {
  it("is not requested before the user wants it", () => {
    const { state, told } = run(empty, offer(), link(1));
    assert.deepEqual(told, []);
    assert.deepEqual(phase(state), { phase: "offered" });
    assert.equal(wantsLink(state), false);
  });

  it("waits for a link, and is requested over it", () => {
    const accepted = run(empty, offer(), by("accept"));
    assert.deepEqual([accepted.told, phase(accepted.state)], [["save"], { phase: "paused", by: "link" }]);
    assert.equal(wantsLink(accepted.state), true);
    const linked = run(accepted.state, link(4));
    assert.deepEqual(linked.told, ["fetch 0 over 4", "grant 262144"]);
    assert.deepEqual(phase(linked.state), { phase: "fetching" });
  });

  it("is done when the hash over its blocks is right", () => {
    const all = run(fetching, ...wholeBlock(0, BLOCK_BYTES), ...wholeBlock(1, 5), end);
    assert.deepEqual(phase(all.state), { phase: "verifying" });
    assert.equal(verifiedBytes(transferIn(all.state)), SIZE);
    const done = run(all.state, rooted(HASH));
    assert.deepEqual(done.told, ["save", "finish", "received"]);
    assert.deepEqual(phase(done.state), { phase: "done" });
    assert.deepEqual(run(done.state, { type: "met" }).told, ["received"], "the sender may not have heard it");
    assert.deepEqual(run(done.state, by("cancel"), by("accept"), by("pause")).told, []);
  });

  it("fails when the hash over its blocks is wrong", () => {
    const { state, told } = run(
      fetching,
      ...wholeBlock(0, BLOCK_BYTES),
      ...wholeBlock(1, 5),
      end,
      rooted(WRONG),
    );
    assert.deepEqual(told.slice(-3), ["save", "discard", "cancel damaged"]);
    assert.deepEqual(phase(state), { phase: "failed", why: "root" });
  });

  it("may be empty", () => {
    const { state } = run(empty, offer(ID, 0), by("accept"), link(1), end, rooted(HASH));
    assert.deepEqual(phase(state), { phase: "done" });
  });

  it("requests a block again whose hash is wrong, and fails the third time", () => {
    const once = run(fetching, ...wholeBlock(0, BLOCK_BYTES, WRONG));
    assert.deepEqual(
      once.told.filter((what) => what.startsWith("fetch")),
      ["fetch 0 over 1"],
    );
    assert.deepEqual(transferIn(once.state).hashes, []);
    const third = run(once.state, ...wholeBlock(0, BLOCK_BYTES, WRONG), ...wholeBlock(0, BLOCK_BYTES, WRONG));
    assert.deepEqual(phase(third.state), { phase: "failed", why: "hash" });
  });

  it("drops blocks that were under way behind a wrong one, and does not take their end", () => {
    const small = run(empty, offer(ID, BLOCK_BYTES + 5), by("accept"), link(1)).state;
    const chunks = Array.from({ length: 16 }, () => chunk(CHUNK_BYTES));
    const granted = run(
      small,
      { type: "roundTrip", ms: 1, at: 0 },
      ...Array.from({ length: 9 }, (_, at) => ({
        ...({ type: "roundTrip", ms: 1, at } as const),
      })),
    ).state;
    const both = run(granted, block(0, BLOCK_BYTES), ...chunks, block(1, 5), chunk(5), end).state;
    const parts = Array.from({ length: 15 }, () => written(0, CHUNK_BYTES));
    const wrong = run(both, ...parts, written(0, CHUNK_BYTES, WRONG), written(1, 5, HASH));
    assert.deepEqual(
      wrong.told.filter((what) => what.startsWith("fetch")),
      ["fetch 0 over 1"],
    );
    assert.deepEqual([transferIn(wrong.state).hashes, transferIn(wrong.state).root], [[], null]);
    const again = run(wrong.state, ...wholeBlock(0, BLOCK_BYTES), ...wholeBlock(1, 5), end, rooted(HASH));
    assert.deepEqual(phase(again.state), { phase: "done" });
  });

  it("fails and closes the link when a sender breaks the rules", () => {
    const cases: [string, string, IncomingEvent[]][] = [
      ["order", "order", [block(1, 5)]],
      ["order", "order", [...wholeBlock(0, BLOCK_BYTES), block(0, BLOCK_BYTES)]],
      ["order", "order", [end]],
      ["size", "size", [block(0, BLOCK_BYTES - 1)]],
      ["size", "size", [...wholeBlock(0, BLOCK_BYTES), block(1, 6)]],
      ["size", "size", [...wholeBlock(0, BLOCK_BYTES), block(1, 5), chunk(6)]],
      ["size", "size", [...wholeBlock(0, BLOCK_BYTES), block(1, 5), chunk(4), chunk(2)]],
    ];
    for (const [why, refused, events] of cases) {
      const { state, told } = run(fetching, ...events);
      assert.deepEqual(phase(state), { phase: "failed", why });
      assert.ok(told.includes(`refuse ${refused}`));
      assert.equal(state.link, null, "nothing else of this link counts");
    }
  });

  it("is not hurt by what names no requested file", () => {
    const strange: [string, IncomingEvent[]][] = [
      [
        "unknown",
        [{ type: "bulk", frame: { type: "block", id: fileId(9), index: 0, size: 5, sha256: HASH } }],
      ],
      ["unknown", [{ type: "bulk", frame: { type: "end", id: fileId(9), root: HASH } }]],
      ["chunk", [chunk(5)]],
      ["chunk", [block(0, BLOCK_BYTES), chunk(CHUNK_BYTES + 1)]],
      ["credit", [block(0, BLOCK_BYTES), ...Array.from({ length: 5 }, () => chunk(CHUNK_BYTES))]],
      ["order", [block(0, BLOCK_BYTES), block(1, 5)]],
    ];
    for (const [why, events] of strange) {
      const { state, told } = run(fetching, ...events);
      assert.ok(told.includes(`refuse ${why}`), why);
      assert.deepEqual(phase(state), { phase: "paused", by: "link" });
      assert.deepEqual(run(state, link(2)).told[0], "fetch 0 over 2");
    }
  });

  it("keeps a block that is under way when the user pauses, and goes on behind it", () => {
    const paused = run(fetching, block(0, BLOCK_BYTES), by("pause"));
    assert.deepEqual(paused.told.slice(-2), ["save", "pause"]);
    assert.deepEqual(phase(paused.state), { phase: "paused", by: "me" });
    const [, ...rest] = wholeBlock(0, BLOCK_BYTES);
    const resumed = run(paused.state, by("accept"), ...rest);
    assert.deepEqual(
      resumed.told.filter((what) => what.startsWith("fetch")),
      ["fetch 1 over 1"],
    );
  });

  it("is granted nothing while the user waits for nothing", () => {
    const paused = run(fetching, block(0, BLOCK_BYTES), by("pause")).state;
    assert.deepEqual(run(paused, chunk(CHUNK_BYTES), written(0, CHUNK_BYTES), chunk(CHUNK_BYTES)).told, [
      "write",
      "write",
    ]);
  });

  it("is paused by its sender until the next block", () => {
    const paused = run(fetching, { type: "peer", frame: { type: "pause", id: ID } }).state;
    assert.deepEqual(phase(paused), { phase: "paused", by: "them" });
    assert.deepEqual(phase(run(paused, block(0, BLOCK_BYTES)).state), { phase: "fetching" });
  });

  it("is paused with the reason while the disk takes no more", () => {
    const full = run(fetching, block(0, BLOCK_BYTES), chunk(CHUNK_BYTES), diskFull);
    assert.deepEqual(full.told.slice(-2), ["save", "pause"]);
    assert.deepEqual(phase(full.state), { phase: "paused", by: "disk", reason: "no space" });
    const restored = restoreReceiving(JSON.parse(JSON.stringify(saveReceiving(transferIn(full.state)))));
    assert.ok(restored);
    assert.deepEqual(phaseOf(restored, true), { phase: "paused", by: "disk", reason: "no space" });
    assert.deepEqual(run(full.state, link(null), by("accept"), link(2)).told, [
      "save",
      "fetch 0 over 2",
      "grant 262144",
    ]);
  });

  it("is requested again from what is left when bytes of it were deleted", () => {
    const lost = (blocks: number): IncomingEvent => ({
      ...{ type: "disk", id: ID },
      event: { type: "lost", blocks },
    });
    const half: Receiving = { ...offered(ID, SIZE), accepted: true, hashes: [HASH] };
    const paused = run(newIncoming([half]), link(1), diskFull);
    assert.deepEqual(paused.told, ["fetch 1 over 1", "grant 262144", "save", "pause"]);
    // What is there counts on.
    assert.deepEqual(run(paused.state, lost(1)).told, []);
    const again = run(paused.state, lost(0), by("accept"), block(0, BLOCK_BYTES));
    assert.deepEqual(again.told, ["save", "save", "fetch 0 over 1"]);
    assert.equal(transferIn(again.state).blocks.length, 1);
    // While blocks come, it is not looked at; when it is over for good, nothing comes again.
    assert.deepEqual(transferIn(run(newIncoming([half]), link(1), lost(0)).state).hashes, [HASH]);
    const canceled = run(newIncoming([half]), by("cancel"), lost(0));
    assert.deepEqual(transferIn(canceled.state).end, { how: "canceled" });
    const done: Receiving = { ...half, hashes: [HASH, HASH], end: { how: "done" } };
    assert.equal(transferIn(run(newIncoming([done]), lost(1)).state).end, null);
  });

  it("is requested again after the disk was full, though its end had come", () => {
    const size = CHUNK_BYTES + 1;
    const full = run(
      empty,
      ...[offer(ID, size), by("accept"), link(1), block(0, size), chunk(CHUNK_BYTES), diskFull],
    );
    const drained = run(full.state, chunk(1), end, by("accept"));
    assert.deepEqual(drained.told.slice(0, 2), ["save", "fetch 0 over 1"]);
  });

  it("counts only bytes as written that were to be", () => {
    const begun = run(fetching, block(0, BLOCK_BYTES), chunk(CHUNK_BYTES)).state;
    const wrong = run(begun, written(1, CHUNK_BYTES));
    assert.deepEqual([wrong.told, transferIn(wrong.state)], [[], transferIn(begun)]);
    const right = run(begun, written(0, CHUNK_BYTES));
    assert.deepEqual(right.told, [`grant ${CHUNK_BYTES}`]);
  });

  it("waits after a cut for blocks that are being written, and does not request them again", () => {
    const chunks = Array.from({ length: 16 }, (_, i) =>
      i < 15 ? [chunk(CHUNK_BYTES), written(0, CHUNK_BYTES)] : [chunk(CHUNK_BYTES)],
    );
    const cut = run(fetching, block(0, BLOCK_BYTES), ...chunks.flat(), link(null), link(2));
    assert.ok(!cut.told.includes("fetch 0 over 2"));
    assert.deepEqual(run(cut.state, written(0, CHUNK_BYTES, HASH)).told, [
      "save",
      "fetch 1 over 2",
      "grant 65536",
    ]);
  });

  it("ends when either side cancels, or the sender cannot go on", () => {
    const canceled = run(fetching, by("cancel"));
    assert.deepEqual(
      [canceled.told, phase(canceled.state)],
      [["save", "discard", "cancel"], { phase: "canceled" }],
    );
    assert.deepEqual(run(canceled.state, { type: "met" }).told, ["cancel"]);
    for (const why of ["changed", "gone", "canceled"] as const) {
      const { state, told } = run(fetching, { type: "peer", frame: { type: "unavailable", id: ID, why } });
      assert.deepEqual([told, phase(state)], [["save", "discard"], { phase: "failed", why }]);
      assert.deepEqual(run(state, { type: "met" }).told, []);
    }
  });

  it("drops the rest of a block that was under way when it was canceled", () => {
    const { state, told } = run(fetching, block(0, BLOCK_BYTES), by("cancel"), chunk(CHUNK_BYTES));
    assert.ok(!told.includes("write") && !told.some((what) => what.startsWith("refuse")));
    assert.equal(state.open, ID);
  });

  it("goes on where it was after a restart", () => {
    const { state } = run(fetching, ...wholeBlock(0, BLOCK_BYTES));
    const saved: unknown = JSON.parse(JSON.stringify(saveReceiving(transferIn(state))));
    const restored = restoreReceiving(saved);
    assert.ok(restored);
    assert.deepEqual(run(newIncoming([restored]), link(1)).told, ["fetch 1 over 1", "grant 262144"]);
  });

  it("does not restore a sidecar that holds what cannot be", () => {
    const sound = saveReceiving({ ...offered(ID, SIZE), hashes: [HASH, HASH] });
    assert.ok(restoreReceiving(sound) !== undefined);
    const broken = [
      { ...sound, hashes: [HASH, HASH, HASH] },
      { ...sound, hashes: [HASH], end: { how: "done" } },
      { ...sound, version: 2 },
      { ...sound, size: -1 },
      { ...sound, id: "short" },
      null,
    ];
    for (const value of broken) assert.equal(restoreReceiving(value), undefined);
  });
});

describe("files of one peer", () => {
  const many = (n: number): IncomingEvent[] => Array.from({ length: n }, (_, i) => offer(fileId(i)));

  it("have a bound: one offer more is declined, which both sides see and nothing is saved of", () => {
    const { state, told } = run(empty, ...many(OPEN_OFFERS + 1));
    assert.deepEqual(told, ["cancel many"]);
    const last = fileId(OPEN_OFFERS);
    assert.deepEqual(phaseOf(transferIn(state, last), true), { phase: "failed", why: "many" });
    assert.deepEqual(run(state, { type: "met" }, by("accept", last)).told, ["cancel many"]);
  });

  it("keep their first size when an offer comes again", () => {
    const { state } = run(empty, offer(), offer(ID, 7));
    assert.equal(transferIn(state).size, SIZE);
  });

  it("are forgotten when they are over and others come", () => {
    const ends = Array.from({ length: 3 * OPEN_OFFERS }, (_, i) => [
      offer(fileId(i)),
      by("cancel", fileId(i)),
    ]);
    const { state } = run(empty, ...ends.flat());
    assert.ok(state.transfers.length <= OPEN_OFFERS + 1);
  });

  it("run four at a time, the oldest first", () => {
    const accepts = Array.from({ length: 6 }, (_, i) => by("accept", fileId(i)));
    const { state, told } = run(empty, ...many(6), ...accepts, link(1));
    assert.equal(told.filter((what) => what.startsWith("fetch")).length, RUNNING_TRANSFERS);
    assert.deepEqual(phaseOf(transferIn(state, fileId(4)), true), { phase: "accepted" });
    assert.deepEqual(run(state, by("cancel", fileId(0))).told.slice(-1), ["fetch 0 over 1"]);
  });

  it("never have more than the window under way and unwritten", () => {
    const fast = Array.from({ length: 60 }, (_, at): IncomingEvent => ({ type: "roundTrip", ms: 5, at }));
    const { state } = run(empty, offer(ID, 4 * BLOCK_BYTES), by("accept"), link(1), ...fast);
    assert.equal(state.credit, MOST_CREDIT);
    const portion = MOST_CREDIT / 4;
    const chunks = Array.from({ length: BLOCK_BYTES / CHUNK_BYTES }, () => chunk(CHUNK_BYTES));
    const blocks = [0, 1].flatMap((index) => [block(index, BLOCK_BYTES), ...chunks]);
    const came = run(state, ...blocks).state;
    assert.equal(came.credit, MOST_CREDIT - portion, "what is not written is not granted again");
    const [first, second] = [0, 1].map((index) => written(index, BLOCK_BYTES, HASH));
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual(run(came, first).told, ["save"], "nor in small portions");
    assert.deepEqual(run(came, first, second).told, ["save", "save", `grant ${portion}`]);
  });
});
