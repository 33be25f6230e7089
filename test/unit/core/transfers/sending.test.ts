// Files that this side offers: turns, credit, changed sources, and what goes on after a restart.
import assert from "node:assert/strict";
import {
  BLOCK_BYTES,
  CHUNK_BYTES,
  MOST_CREDIT,
  OPEN_OFFERS,
  type FileId,
} from "../../../../protocol/bulk.ts";
import type { TransferMessage } from "../../../../protocol/bulk.ts";
import { send, type SendingEvent } from "../../../../extension/core/transfers/sending.ts";
import {
  newSending,
  restoreOffer,
  saveOffer,
  type Offer,
  type Sending,
  type SendingEffect,
} from "../../../../extension/core/transfers/sendingState.ts";
import { sendingStatus } from "../../../../extension/core/transfers/status.ts";
import { fileId, hashOf } from "../../../support/fileIds.ts";

const ID = fileId(1);
const HASH = hashOf(Buffer.of(1));
const OTHER = hashOf(Buffer.of(2));
const source = { size: BLOCK_BYTES + 5, mtime: 1.5 };

function told(effects: readonly SendingEffect[]): string[] {
  return effects.map((effect) => {
    switch (effect.type) {
      case "tell":
        return effect.frame.type === "unavailable" ? `unavailable ${effect.frame.why}` : effect.frame.type;
      case "bulk":
        return effect.frame.type === "block" ? `block ${effect.frame.index}` : effect.frame.type;
      case "chunk":
        return `chunk ${effect.bytes}`;
      case "read":
        return `read ${effect.index}`;
      default:
        return effect.type;
    }
  });
}

function run(sending: Sending, ...events: SendingEvent[]): { state: Sending; told: string[] } {
  let state = sending;
  const effects: SendingEffect[] = [];
  for (const event of events) {
    const outcome = send(state, event);
    state = outcome.state;
    effects.push(...outcome.effects);
  }
  return { state, told: told(effects) };
}

function offerIn(sending: Sending, id = ID): Offer {
  const found = sending.offers.find((offer) => offer.id === id);
  assert.ok(found);
  return found;
}

const offer = (id: FileId = ID, of = source): SendingEvent => ({ type: "offer", id, source: of });
const by = (type: "pause" | "resume" | "cancel", id = ID): SendingEvent => ({ type, id });
const link = (n: number | null): SendingEvent => ({ type: "bulkLink", n });
const peer = (frame: TransferMessage): SendingEvent => ({ type: "peer", frame });
const fetch = (from = 0, n = 1, id = ID): SendingEvent => peer({ type: "fetch", id, from, n });
const credit = (bytes: number): SendingEvent => ({ type: "credit", bytes });
const read = (sha256 = HASH, before: typeof source | null = source, after = before): SendingEvent => ({
  ...{ type: "read", sha256, before, after },
});
const rooted: SendingEvent = { type: "rooted", sha256: HASH };

const offered = run(newSending([]), offer()).state;
const reading = run(offered, link(1), credit(MOST_CREDIT), fetch()).state;
/** Both blocks are sent, and the end. */
const ended = run(reading, read(), read(), rooted).state;

describe("a file that is offered", () => {
  it("is read and sent block by block when it is requested", () => {
    assert.deepEqual(run(offered, link(1), credit(MOST_CREDIT)).told, []);
    const first = run(offered, link(1), credit(MOST_CREDIT), fetch(), read());
    const chunks = Array.from({ length: 16 }, () => `chunk ${CHUNK_BYTES}`);
    assert.deepEqual(first.told, ["read 0", "save", "block 0", ...chunks, "read 1"]);
    const rest = run(first.state, read(), rooted);
    assert.deepEqual(rest.told, ["save", "block 1", "chunk 5", "hashRoot", "save", "end"]);
  });

  it("is sent when the receiver has all of it, not before", () => {
    const received = peer({ type: "received", id: ID });
    assert.equal(offerIn(run(reading, received).state).over, null);
    assert.equal(offerIn(run(ended, received).state).over, "sent");
    assert.deepEqual(run(ended, received, fetch()).told.slice(-1), ["unavailable gone"]);
  });

  it("is not sent beyond the credit, nor in small pieces", () => {
    const start = run(offered, link(1), fetch(), read());
    assert.deepEqual(start.told.slice(-1), ["block 0"]);
    assert.deepEqual(run(start.state, credit(CHUNK_BYTES - 1)).told, []);
    const more = run(start.state, credit(2 * CHUNK_BYTES + 1));
    assert.deepEqual(more.told, [`chunk ${CHUNK_BYTES}`, `chunk ${CHUNK_BYTES}`]);
    assert.equal(more.state.credit, 1);
  });

  it("waits while what was sent waits, and completes its block then", () => {
    const full = run(offered, link(1), credit(MOST_CREDIT), fetch(), { type: "full" }, read());
    assert.deepEqual(full.told, ["read 0", "save", "block 0"]);
    const { told } = run(full.state, credit(0), { type: "drained" });
    assert.deepEqual(told, [...Array.from({ length: 16 }, () => `chunk ${CHUNK_BYTES}`), "read 1"]);
    assert.equal(run(full.state, link(2)).state.full, false);
  });

  it("does not take a request for a bulk link beside an earlier link of the session", () => {
    const early = run(offered, fetch(0, 2)).state;
    assert.deepEqual(run(early, link(2), credit(MOST_CREDIT)).told, ["read 0"]);
    assert.deepEqual(run(early, { type: "met" }, link(2), credit(MOST_CREDIT)).told, []);
  });

  it("closes the link of a receiver that grants too much", () => {
    const { state, told } = run(reading, credit(1));
    assert.deepEqual([told, state.link], [["refuse"], null]);
  });

  it("is never sent when it changed, around each read", () => {
    const changes = [
      read(HASH, { ...source, mtime: 2 }, source),
      read(HASH, { ...source, size: 7 }, source),
      read(HASH, source, { ...source, mtime: 2 }),
      read(HASH, source, { ...source, size: 7 }),
    ];
    for (const event of changes) {
      const { state, told } = run(reading, event);
      assert.deepEqual(told, ["save", "unavailable changed"]);
      assert.deepEqual([offerIn(state).over, offerIn(state).hashes], ["changed", []]);
      assert.deepEqual(run(state, fetch()).told, ["unavailable changed"]);
    }
    assert.deepEqual(run(reading, read(HASH, null)).told, ["save", "unavailable gone"]);
    assert.deepEqual(run(reading, read(HASH, source, null)).told, ["save", "unavailable gone"]);
  });

  it("is not mixed when a block has another hash than the first time", () => {
    const again = run(run(reading, read()).state, fetch(0), read()).state;
    assert.deepEqual(run(again, read(OTHER)).told, ["save", "unavailable changed"]);
  });

  it("completes its block when either side pauses, and sends no more", () => {
    const paused = peer({ type: "pause", id: ID });
    const begun = run(offered, link(1), fetch(), read()).state;
    for (const event of [paused, by("pause")]) {
      const { told } = run(begun, event, credit(MOST_CREDIT));
      assert.equal(told.filter((what) => what.startsWith("chunk")).length, 16);
      assert.ok(!told.includes("read 1"));
    }
  });

  it("goes on by itself after its own pause, and tells a receiver that asks meanwhile", () => {
    const paused = run(reading, by("pause"), read());
    assert.deepEqual(paused.told, ["save", "pause", "save"]);
    assert.deepEqual(run(paused.state, fetch()).told, ["pause"]);
    assert.deepEqual(run(paused.state, by("resume")).told, ["save", "read 0"]);
  });

  it("is saved once when its receiver asks for the end again and again", () => {
    assert.deepEqual(run(ended, fetch(2), rooted, fetch(2), rooted).told, [
      "hashRoot",
      "end",
      "hashRoot",
      "end",
    ]);
  });

  it("ends when either side cancels", () => {
    assert.deepEqual(run(reading, by("cancel")).told, ["save", "unavailable canceled"]);
    const declined = run(reading, peer({ type: "cancel", id: ID }));
    assert.deepEqual([declined.told, offerIn(declined.state).over], [["save"], "declined"]);
    assert.deepEqual(run(declined.state, read()).told, [], "a read that was under way is dropped");
  });

  it("is declined before anything of it was sent, and canceled later, also after a restart", () => {
    const cancel = peer({ type: "cancel", id: ID });
    const phase = (before: Sending, event: SendingEvent) => {
      const { state } = run(before, event);
      const restored = restoreOffer(saveOffer(offerIn(state)));
      assert.ok(restored);
      assert.deepEqual(sendingStatus(restored, newSending([restored])).phase, { phase: shown(state) });
      return shown(state);
    };
    const shown = (state: Sending) => sendingStatus(offerIn(state), state).phase.phase;
    const begun = run(reading, read()).state;
    assert.deepEqual(
      [offered, begun, ended].map((before) => phase(before, cancel)),
      ["declined", "canceled", "canceled"],
    );
    assert.deepEqual(
      [offered, begun].map((before) => phase(before, by("cancel"))),
      ["canceled", "canceled"],
    );
  });

  for (const why of ["many", "damaged"] as const)
    it(`ends with the reason if no one has declined it: ${why}`, () => {
      const { state, told } = run(reading, peer({ type: "cancel", id: ID, why }));
      assert.deepEqual([told, offerIn(state).over], [["save"], why]);
      assert.deepEqual(sendingStatus(offerIn(state), state).phase, { phase: "failed", why });
      assert.deepEqual(restoreOffer(saveOffer(offerIn(state)))?.over, why);
    });

  it("answers a request for what is not offered", () => {
    assert.deepEqual(run(newSending([]), link(1), fetch()).told, ["unavailable gone"]);
    assert.deepEqual(run(offered, link(1), fetch(3)).told, [], "no file has that block");
  });

  it("heeds a request that comes before its link, and none for a link that is gone", () => {
    assert.deepEqual(run(offered, fetch(0, 2), link(1)).told, []);
    assert.deepEqual(run(offered, fetch(0, 2), link(2)).told, ["read 0"]);
    assert.deepEqual(run(offered, link(2), fetch(0, 1)).told, []);
    assert.deepEqual(run(offered, link(1), fetch(0, 1), link(null), read(), link(2)).told, ["read 0"]);
  });

  it("waits for a read of the link before, so that there is one at a time", () => {
    const again = run(reading, link(null), link(2), fetch(0, 2));
    assert.deepEqual(again.told, []);
    assert.deepEqual(run(again.state, read()).told, ["read 0"]);
  });

  it("goes on after a restart without reading what the receiver has", () => {
    const saved: unknown = JSON.parse(JSON.stringify(saveOffer(offerIn(run(reading, read()).state))));
    const restored = restoreOffer(saved);
    assert.ok(restored);
    const { told } = run(newSending([restored]), link(1), credit(MOST_CREDIT), fetch(1), read(), rooted);
    assert.deepEqual(told, ["read 1", "save", "block 1", "chunk 5", "hashRoot", "save", "end"]);
  });

  it("hashes what it needs for the root when its sidecar lacks it", () => {
    const { told } = run(offered, link(1), credit(MOST_CREDIT), fetch(2), read(), read(), rooted);
    assert.deepEqual(told, ["read 0", "save", "read 1", "save", "hashRoot", "save", "end"]);
  });

  it("does not restore a sidecar that holds what cannot be", () => {
    const sound = saveOffer(offerIn(ended));
    assert.ok(restoreOffer(sound) !== undefined);
    const broken = [
      { ...sound, hashes: [HASH, HASH, HASH] },
      { ...sound, hashes: [HASH] },
      { ...sound, ended: false, over: "sent" },
      { ...sound, source: { size: 1 } },
      { ...sound, version: 0 },
    ];
    for (const value of broken) assert.equal(restoreOffer(value), undefined);
  });
});

describe("files that are offered to one peer", () => {
  const ids = Array.from({ length: 6 }, (_, n) => fileId(n));

  it("have a bound", () => {
    const offers = Array.from({ length: OPEN_OFFERS + 1 }, (_, n) => offer(fileId(n)));
    const full = run(newSending([]), ...offers);
    assert.deepEqual([full.state.offers.length, full.told.at(-1)], [OPEN_OFFERS, "tooMany"]);
    assert.deepEqual(run(full.state, by("cancel", fileId(0)), offer(fileId(99))).told.at(-1), "save");
  });

  it("are forgotten when they are over and others come", () => {
    const ends = Array.from({ length: 3 * OPEN_OFFERS }, (_, n) => [
      offer(fileId(n)),
      by("cancel", fileId(n)),
    ]);
    assert.ok(run(newSending([]), ...ends.flat()).state.offers.length <= OPEN_OFFERS + 1);
  });

  it("take turns, one block each, four at a time", () => {
    const start = run(
      newSending([]),
      ...ids.map((id) => offer(id, { size: 3 * BLOCK_BYTES, mtime: 1 })),
      ...[link(1), ...ids.map((id) => fetch(0, 1, id))],
    ).state;
    const turns: string[] = [];
    let state = start;
    for (let n = 0; n < 8; n++) {
      const { work } = state;
      assert.ok(work?.step === "reading");
      turns.push(`${ids.indexOf(work.id)}:${work.index}`);
      const block = { size: 3 * BLOCK_BYTES, mtime: 1 };
      state = run(state, read(HASH, block), credit(BLOCK_BYTES)).state;
    }
    assert.deepEqual(turns, ["0:0", "1:0", "2:0", "3:0", "0:1", "1:1", "2:1", "3:1"]);
    assert.deepEqual(state.waiting, ids.slice(4));
    const freed = run(state, peer({ type: "cancel", id: fileId(1) })).state;
    assert.ok(freed.running.includes(fileId(4)) && freed.waiting.length === 1);
  });
});
