// What comes over a bulk link reaches the files it is about.
import assert from "node:assert/strict";
import {
  toIncoming,
  toSending,
  type BulkLinkEvent,
} from "../../../../extension/core/transfers/bulkEvents.ts";
import { bulk } from "../../../support/peerSamples.ts";

describe("what comes over a bulk link", () => {
  const cases: readonly (readonly [BulkLinkEvent, unknown, unknown])[] = [
    [
      { type: "bulk/opened", n: 3 },
      { type: "bulkLink", n: 3 },
      { type: "bulkLink", n: 3 },
    ],
    [{ type: "bulk/closed" }, { type: "bulkLink", n: null }, { type: "bulkLink", n: null }],
    [{ type: "bulk/chunk", bytes: new Uint8Array(7) }, { type: "chunk", bytes: 7 }, null],
    [{ type: "bulk/roundTrip", ms: 1, at: 2 }, { type: "roundTrip", ms: 1, at: 2 }, null],
    [{ type: "bulk/full" }, null, { type: "full" }],
    [{ type: "bulk/drained" }, null, { type: "drained" }],
    ...bulk.credit.map((frame) => [{ type: "bulk/message", frame }, null, frame] as const),
    ...[...bulk.block, ...bulk.end].map(
      (frame) => [{ type: "bulk/message", frame }, { type: "bulk", frame }, null] as const,
    ),
  ];
  for (const [event, incoming, sending] of cases) {
    it(`as ${event.type}${event.type === "bulk/message" ? ` ${event.frame.type}` : ""}`, () => {
      assert.deepEqual([toIncoming(event), toSending(event)], [incoming, sending]);
    });
  }
});
