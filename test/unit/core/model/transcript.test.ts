// A conversation's lines: bounded, and numbered for ever.
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  amend,
  append,
  changesSince,
  cleared,
  emptyTranscript,
  entryAt,
  fromEntries,
  newest,
  slice,
} from "../../../../extension/core/model/transcript.ts";
import { limits } from "../../../../protocol/limits.ts";
import type { Entry, MessageEntry } from "../../../../protocol/webview.ts";

const entry = (n: number): Entry => ({ kind: "notice", level: "info", at: 0, text: String(n) });
const message = (n: number): MessageEntry => ({
  ...{ kind: "message", from: "bobby", own: false, at: n, text: String(n) },
});
const entries = (count: number): Entry[] => Array.from({ length: count }, (_, i) => entry(i));
const texts = (found: { entries: Entry[] }): string[] => found.entries.map((found) => found.text);

describe("a transcript", () => {
  it("returns what was added, by index", () => {
    const transcript = entries(300).reduce(append, emptyTranscript);
    assert.deepEqual(slice(transcript, 127, 130), {
      index: 127,
      entries: [entry(127), entry(128), entry(129)],
    });
    assert.deepEqual(texts(slice(transcript, 0, 300)), texts({ entries: entries(300) }));
  });

  it("leaves earlier versions unchanged", () => {
    const before = entries(130).reduce(append, emptyTranscript);
    const copy = structuredClone(before);
    append(before, entry(130));
    assert.deepEqual(before, copy);
  });

  it("drops the oldest lines over its limit, and renumbers none", () => {
    const count = limits.transcriptEntries + 300;
    const transcript = entries(count).reduce(append, emptyTranscript);
    assert.equal(transcript.end, count);
    assert.ok(transcript.end - transcript.start <= limits.transcriptEntries);
    assert.ok(transcript.start <= 512);
    assert.deepEqual(texts(slice(transcript, 0, Infinity))[0], String(transcript.start));
    assert.deepEqual(texts(slice(transcript, count - 1, count)), [String(count - 1)]);
  });

  it("never exceeds its limit in between", () => {
    let transcript = fromEntries(entries(limits.transcriptEntries - 5));
    for (let i = 0; i < 400; i++) {
      transcript = append(transcript, entry(i));
      assert.ok(transcript.end - transcript.start <= limits.transcriptEntries);
      assert.equal(transcript.chunks.flat().length, transcript.end - transcript.start);
    }
  });

  it("has nothing outside its lines", () => {
    const transcript = fromEntries(entries(3));
    for (const [from, to] of [
      [-5, 0],
      [3, 9],
      [2, 1],
      [7, 7],
    ] as const) {
      assert.deepEqual(slice(transcript, from, to).entries, []);
    }
    assert.deepEqual(slice(emptyTranscript, 0, 100).entries, []);
  });

  it("from storage keeps the newest lines within the limit", () => {
    const transcript = fromEntries(entries(limits.transcriptEntries + 10));
    const kept = transcript.end - transcript.start;
    assert.ok(kept <= limits.transcriptEntries && kept > limits.transcriptEntries - 128);
    assert.equal(texts(slice(transcript, transcript.end - 1, transcript.end))[0], "10009");
  });

  it("drops the oldest lines when long ones have too many characters in total", () => {
    const long = (): Entry => ({ ...entry(0), text: "x".repeat(limits.textBytes) });
    let transcript = emptyTranscript;
    for (let i = 0; i < 1000; i++) transcript = append(transcript, long());
    assert.equal(transcript.end, 1000);
    assert.ok(transcript.characters <= limits.transcriptCharacters);
    assert.equal(transcript.characters, (transcript.end - transcript.start) * limits.textBytes);
  });

  it("stays within its limit when short lines become long or gather reactions", () => {
    const text = "x".repeat(limits.textBytes);
    const by = Array.from({ length: 256 }, (_, i) => `${i}`.padEnd(limits.nameLength, "n"));
    const reactions = [{ text: "👍", by, mine: false }];
    for (const change of [{ text, edited: true as const }, { reactions }]) {
      let transcript = fromEntries(Array.from({ length: limits.transcriptEntries }, (_, n) => message(n)));
      for (let index = 0; index < limits.transcriptEntries; index++) {
        const before = transcript;
        transcript = amend(transcript, index, { ...message(index), ...change });
        assert.ok(transcript.characters <= limits.transcriptCharacters);
        // The changes are still reported.
        assert.deepEqual(
          changesSince(before, transcript)?.amended.map((each) => each.index),
          index < transcript.start ? [] : [index],
        );
      }
      const { start, end, characters } = transcript;
      assert.ok(start > 0 && end === limits.transcriptEntries);
      assert.equal(fromEntries(slice(transcript, 0, Infinity).entries).characters, characters);
    }
  });

  it("drops as many of the oldest lines as one very long line requires", () => {
    const half = { ...entry(0), text: "x".repeat(limits.transcriptCharacters / 512) };
    const transcript = fromEntries(Array.from({ length: 512 }, () => half));
    assert.equal(transcript.start, 0);
    const huge = { ...entry(1), text: "y".repeat(limits.transcriptCharacters / 2 + 1) };
    const after = append(transcript, huge);
    assert.ok(after.characters <= limits.transcriptCharacters);
    assert.deepEqual([after.start, after.end], [384, 513]);
    assert.equal(after.chunks.flat().at(-1), huge);
  });

  it("returns the newest lines up to a number of characters, and always the very last", () => {
    const transcript = fromEntries(entries(20));
    assert.deepEqual(texts(newest(transcript, 3, 1000)), ["17", "18", "19"]);
    assert.deepEqual(newest(transcript, 10, 4), { index: 18, entries: [entry(18), entry(19)] });
    assert.deepEqual(newest(transcript, 10, 1), { index: 19, entries: [entry(19)] });
    assert.deepEqual(newest(emptyTranscript, 10, 10).entries, []);
  });

  it("slices like an array, at any position", () => {
    const count = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(count, count, count, (stored, from, to) => {
        const transcript = fromEntries(entries(stored));
        const added = append(append(transcript, entry(stored)), entry(stored + 1));
        assert.deepEqual(slice(added, from, to).entries, entries(stored + 2).slice(from, to));
      }),
    );
  });

  it("reports what was added and amended since an earlier state, wherever that began", () => {
    const count = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(count, count, fc.array(count, { maxLength: 5 }), count, (stored, added, amended, start) => {
        const all = Array.from({ length: stored + added }, (_, n) => message(n));
        const former = fromEntries(all.slice(0, stored), start);
        const indices = [...new Set(amended)].filter((n) => n < stored).sort((a, b) => a - b);
        const change = (transcript: typeof former, n: number): typeof former =>
          amend(transcript, start + n, { ...message(n), text: "new" });
        const now = indices.reduce(change, all.slice(stored).reduce(append, former));
        const changes = changesSince(former, now);
        assert.deepEqual(changes?.added, all.slice(stored));
        assert.equal(changes.index, start + stored);
        assert.deepEqual(
          changes.amended.map(({ index }) => index - start),
          indices,
        );
        for (const { index, entry } of changes.amended) assert.equal(entryAt(now, index), entry);
      }),
    );
  });

  it("distinguishes a rebuilt or cleared conversation from one that continues", () => {
    const former = fromEntries(entries(300));
    assert.equal(changesSince(former, fromEntries([entry(-1), ...entries(300)])), null);
    assert.equal(changesSince(former, fromEntries(entries(200))), null);
    assert.equal(changesSince(former, cleared(former)), null);
    assert.deepEqual(changesSince(cleared(former), append(cleared(former), entry(1))), {
      ...{ amended: [], index: 300, added: [entry(1)] },
    });
    // The oldest chunk may be forgotten meanwhile.
    let long = fromEntries(entries(limits.transcriptEntries));
    const before = long;
    for (let n = 0; n < 200; n++) long = append(long, entry(n));
    assert.ok(long.start > 0);
    assert.equal(changesSince(before, long)?.added.length, 200);
  });
});
