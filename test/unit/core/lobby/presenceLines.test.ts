// Lines of people who come and go: many are folded, and each keeps its own time.
import assert from "node:assert/strict";
import { appendPresence } from "../../../../extension/core/lobby/presenceLines.ts";
import { emptyTranscript, slice, type Transcript } from "../../../../extension/core/model/transcript.ts";
import { NOW } from "../../../support/core.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A conversation of nothing but so many people who come, one after each time. */
function arrivals(count: number, everyMs: number): Transcript {
  return Array.from({ length: count }, (_, n) => n).reduce(
    (transcript, n) =>
      appendPresence(transcript, {
        ...{ at: NOW + n * everyMs, name: `p${n}`, what: "joined" as const, text: `p${n} joined.` },
      }),
    emptyTranscript,
  );
}

/** The texts of its lines, each with the hours since the first. */
function lines(transcript: Transcript): [number, string][] {
  return slice(transcript, 0, transcript.end).entries.map((entry) => [(entry.at - NOW) / HOUR, entry.text]);
}

describe("join and quit lines", () => {
  it("keep their own time in a quiet lobby, however many there are in a row", () => {
    assert.deepEqual(
      lines(arrivals(30, HOUR)),
      Array.from({ length: 30 }, (_, n) => [n, `p${n} joined.`]),
    );
  });

  it("combine only others of the same hour", () => {
    for (const minutes of [1, 7, 50]) {
      const all = lines(arrivals(500, minutes * MINUTE));
      for (const [hours, text] of all) {
        const newest = Number(/p(\d+) joined/u.exec(text)?.[1]);
        assert.ok((newest * minutes) / 60 - hours < 1, text);
      }
      assert.ok(all.length <= 10 + 2 * Math.ceil((500 * minutes) / 60));
    }
  });

  it("are few when thousands arrive at once", () => {
    assert.deepEqual(lines(arrivals(5_000, 0)).at(-1), [
      0,
      "4990 more arrivals and departures. Most recently, p4999 joined.",
    ]);
    assert.equal(lines(arrivals(5_000, 0)).length, 11);
  });
});
