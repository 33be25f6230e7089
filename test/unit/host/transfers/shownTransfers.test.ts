// What is shown of transfers: a change at once, bytes a few times a second, and how long the rest will take.
import assert from "node:assert/strict";
import { ShownTransfers } from "../../../../extension/host/transfers/shownTransfers.ts";
import type { TransferStatus } from "../../../../extension/core/transfers/status.ts";
import { sid } from "../../../support/fileTransfers.ts";
import { fileId } from "../../../support/fileIds.ts";

describe("what is shown of a transfer", () => {
  let now = 0;
  let shown: TransferStatus[];
  let transfers: ShownTransfers;
  const update = (phase: "offered" | "sending" | "sent", bytes: number, pace: number | null = null): void =>
    transfers.update([{ way: "out", sid, id: fileId(1), size: 1000, bytes, phase: { phase } }], pace);

  beforeEach(() => {
    [now, shown] = [0, []];
    transfers = new ShownTransfers(
      (status) => shown.push(status),
      () => now,
    );
  });
  afterEach(() => transfers.dispose());

  it("is a change of its phase, at once", () => {
    update("sending", 0);
    update("sent", 1000);
    assert.deepEqual(
      shown.map(({ phase }) => phase.phase),
      ["sending", "sent"],
    );
  });

  it("is its bytes, four times a second at most, with its rate and the time that is left", () => {
    update("sending", 0);
    for (now = 10; now <= 500; now += 10) update("sending", now);
    assert.deepEqual(
      shown.map(({ bytes }) => bytes),
      [0, 250, 500],
    );
    assert.deepEqual(shown.at(-1)?.rate, 1000);
    assert.deepEqual(shown.at(-1)?.secondsLeft, 0.5);
  });

  it("is nothing where nothing has changed", () => {
    update("sending", 0);
    now = 1000;
    update("sending", 0);
    assert.equal(shown.length, 1);
  });

  it("is how long it will take at a pace that is known, until there is a measured one", () => {
    update("offered", 0, 100);
    update("offered", 0, null);
    update("sending", 0, 100);
    now = 250;
    update("sending", 250, 100);
    update("sent", 1000, 100);
    assert.deepEqual(
      shown.map(({ secondsLeft }) => secondsLeft),
      [10, null, 10, 0.75, null],
    );
  });

  it("is kept as long as the transfer is known", () => {
    update("sending", 0);
    transfers.keep(new Set([`out/${fileId(1)}`]));
    update("sending", 0);
    assert.equal(shown.length, 1);
    transfers.keep(new Set());
    update("sending", 0);
    assert.equal(shown.length, 2);
  });
});
