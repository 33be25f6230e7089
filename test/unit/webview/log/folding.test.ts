// Many who come and go in a row make one line; nothing else is folded.
import assert from "node:assert/strict";
import type { Entry } from "../../../../protocol/webview.ts";
import { CHUNK_SIZE, chunksOf } from "../../../../webview/store/chunks.ts";
import {
  chunkNumber,
  rowAt,
  rowsByChunk,
  sameRows,
  namesIn,
  type Row,
} from "../../../../webview/log/folding.ts";
import { notice, says } from "../../../webview/pageData.ts";
import { came } from "../../../webview/talkData.ts";

function crowd(count: number): Entry[] {
  return Array.from({ length: count }, (_, at) => came(`guest${at}`));
}

/** First index and length of each row. */
function rows(entries: readonly Entry[], newFrom: number | null = null, index = 0): [number, number][] {
  const byChunk = rowsByChunk(chunksOf(index, entries).list, newFrom);
  const all = new Set([...byChunk.values()].flat().map((row) => row));
  return [...new Map([...all].map((row): [number, Row] => [row.first, row])).values()].map(
    ({ first, entries: folded }) => [first, folded.length],
  );
}

describe("join and quit lines", () => {
  it("are folded from three in a row", () => {
    assert.deepEqual(rows(crowd(2)), []);
    assert.deepEqual(rows(crowd(3)), [[0, 3]]);
    assert.deepEqual(rows([...crowd(3), says("bobby", "hi"), ...crowd(4)]), [
      [0, 3],
      [4, 4],
    ]);
  });

  it("are not folded with other notices, or over midnight", () => {
    assert.deepEqual(rows([...crowd(2), notice("info", "guest2 has joined."), ...crowd(2)]), []);
    assert.deepEqual(rows([...crowd(2), came("a", "joined", 24 * 60), came("b", "joined", 24 * 60)]), []);
  });

  it("are not folded across the line above new messages", () => {
    assert.deepEqual(rows(crowd(6), 3), [
      [0, 3],
      [3, 3],
    ]);
    assert.deepEqual(rows(crowd(4), 2), []);
  });

  it("are one row over several chunks, recognized in each of them", () => {
    const chunks = chunksOf(CHUNK_SIZE - 2, crowd(CHUNK_SIZE + 4));
    const byChunk = rowsByChunk(chunks.list, null);
    assert.deepEqual([...byChunk.keys()], [0, 1, 2]);
    for (const each of byChunk.values()) {
      assert.deepEqual(
        each.map(({ first, entries }) => [first, entries.length]),
        [[CHUNK_SIZE - 2, CHUNK_SIZE + 4]],
      );
    }
    assert.equal(chunkNumber(2 * CHUNK_SIZE), 2);
  });

  it("belong to a row by their index, and stay the same as long as no one is added", () => {
    const [row] = rowsByChunk(chunksOf(10, crowd(3)).list, null).get(0) ?? [];
    assert.ok(row !== undefined);
    assert.equal(rowAt([row], 9), undefined);
    assert.equal(rowAt([row], 10), row);
    assert.equal(rowAt([row], 12), row);
    assert.equal(rowAt([row], 13), undefined);
    const again = rowsByChunk(chunksOf(10, crowd(3)).list, null).get(0) ?? [];
    const longer = rowsByChunk(chunksOf(10, crowd(4)).list, null).get(0) ?? [];
    assert.equal(sameRows([row], again), true);
    assert.equal(sameRows([row], longer), false);
  });

  it("name each person once, by what they did last", () => {
    const entries = [
      came("carmen"),
      came("anna", "left"),
      came("bobby"),
      came("anna"),
      came("carmen", "left"),
    ];
    const [row] = rowsByChunk(chunksOf(0, entries).list, null).get(0) ?? [];
    assert.ok(row !== undefined);
    assert.deepEqual(namesIn(row, "joined"), ["anna", "bobby"]);
    assert.deepEqual(namesIn(row, "left"), ["carmen"]);
  });
});
