// One file on its way from a sender that breaks the rules, or whose bytes are wrong.
import assert from "node:assert/strict";
import { BLOCK_BYTES, CHUNK_BYTES } from "../../../../protocol/bulk.ts";
import type { IncomingEvent } from "../../../../extension/core/transfers/incoming.ts";
import { fileId } from "../../../support/fileIds.ts";
import {
  block,
  by,
  chunk,
  empty,
  end,
  fetching,
  HASH,
  ID,
  link,
  offer,
  phase,
  rooted,
  run,
  transferIn,
  wholeBlock,
  written,
  WRONG,
} from "../../../support/receivingSteps.ts";

describe("a file on its way", () => {
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
});
