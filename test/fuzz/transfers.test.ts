// What sidecars of transfers hold, and the part that offers a file, broken in every way: nothing throws, and what is restored is
// well-formed.
import assert from "node:assert/strict";
import * as v from "valibot";
import { restoreReceiving, saveReceiving } from "../../extension/core/transfers/receivingState.ts";
import { restoreOffer, saveOffer } from "../../extension/core/transfers/sendingState.ts";
import { blockCount, FILE_BYTES, FilePart } from "../../protocol/bulk.ts";
import { fileId, hashOf } from "../support/fileIds.ts";
import { FRAMES, fuzz } from "./fuzz.ts";
import { Mutator } from "./mutator.ts";

const hash = hashOf(Buffer.of());
const receiving = {
  ...{ version: 1, id: fileId(1), size: 3_000_000, accepted: true, hashes: [hash, hash], paused: true },
  ...{ disk: "full", wrong: 1, end: { how: "failed", why: "hash" } },
};
const offer = {
  ...{ version: 1, id: fileId(1), source: { size: 2_000_000, mtime: 1.5 }, hashes: [hash, hash] },
  ...{ paused: false, ended: true, over: "sent" },
};
const part = { kind: "file", id: fileId(1), name: "a b.png", size: 7, type: "image/png" };

describe("broken sidecars and offers", () => {
  it("are derived from sound ones", () => {
    assert.ok(restoreReceiving(receiving) !== undefined && restoreOffer(offer) !== undefined);
    assert.ok(v.is(FilePart, part));
  });

  fuzz(`restore nothing that is not well-formed (${FRAMES} each)`, (seed) => {
    const mutator = new Mutator(seed, [receiving, { ...receiving, end: null, disk: null }, offer, part]);
    let restored = 0;
    for (let n = 0; n < FRAMES; n++) {
      const value = mutator.brokenValue();
      const transfer = restoreReceiving(value);
      if (transfer !== undefined) {
        restored += 1;
        assert.ok(transfer.hashes.length <= blockCount(transfer.size) && transfer.size <= FILE_BYTES);
        assert.ok(transfer.end?.how !== "done" || transfer.hashes.length === blockCount(transfer.size));
        assert.deepEqual(restoreReceiving(saveReceiving(transfer)), transfer);
      }
      const sending = restoreOffer(value);
      if (sending !== undefined) {
        assert.ok(sending.hashes.length <= blockCount(sending.source.size));
        assert.deepEqual(restoreOffer(saveOffer(sending)), sending);
      }
      const read = v.safeParse(FilePart, value);
      if (!read.success) continue;
      assert.ok(read.output.name.length <= 255 && !/[/\\\p{Cc}]/u.test(read.output.name));
    }
    assert.ok(restored > 0);
  });
});
