// Offers of a peer that breaks the rules of the protocol.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FILE_BYTES, OPEN_OFFERS, type FilePart } from "../../../../protocol/bulk.ts";
import { TRANSFER_BYTES } from "../../../../extension/host/transfers/diskRoom.ts";
import { lookAt } from "../../../../extension/host/transfers/sourceFile.ts";
import { FilePair, noise, partOf } from "../../../support/fileTransfers.ts";
import { fileId } from "../../../support/fileIds.ts";

const ID = fileId(0);

describe("a peer that offers files in bad faith", () => {
  let root: string;
  let pair: FilePair;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fork-chat-offers-"));
    pair = new FilePair(root);
    await pair.start();
  });
  afterEach(async () => {
    await pair.close();
    rmSync(root, { recursive: true, force: true });
  });

  const names = (): string[] => {
    try {
      return readdirSync(pair.transfers);
    } catch {
      return [];
    }
  };
  const offerOf = (n: number): FilePart => ({ kind: "file", id: fileId(n), name: "a.txt", size: 10 });
  const withdraw = (n: number): void =>
    pair.receiver.take({ type: "peer", frame: { type: "unavailable", id: fileId(n), why: "canceled" } });

  for (const [what, change] of [
    ["name", { name: "holiday.png" }],
    ["size", { size: 1 }],
  ] as const)
    it(`cannot show one ${what} and send another under the same id`, async () => {
      const path = pair.write("evil.sh", noise(10));
      const source = await lookAt(path);
      assert.ok(source !== null);
      await pair.sender.offer(partOf(path), path, source);
      pair.receiver.offer(partOf(path));
      // The user sees this card, perhaps this one alone, and wants its file.
      pair.receiver.offer({ ...partOf(path), ...change });
      pair.link();
      await pair.receiver.accept(ID, pair.chosen);
      await pair.until(() => pair.receiver.incoming.transfers.some(({ end }) => end !== null));
      await pair.receiver.close();
      assert.deepEqual(pair.receiver.incoming.transfers[0]?.end, { how: "failed", why: "changed" });
      assert.deepEqual(readdirSync(pair.chosen), []);
    });

  it("repeats an offer without harm", async () => {
    pair.receiver.offer(offerOf(0));
    pair.receiver.offer(offerOf(0));
    await pair.receiver.close();
    assert.equal(pair.receiver.incoming.transfers[0]?.end, null);
  });

  it("causes no writes with offers that it takes back", async () => {
    for (let n = 0; n < OPEN_OFFERS; n++) {
      pair.receiver.offer(offerOf(n));
      withdraw(n);
    }
    await pair.receiver.close();
    assert.deepEqual(names(), []);
  });

  it("causes no writes with offers that are too many, and keeps no room on the disk for them", async () => {
    for (let n = 0; n < OPEN_OFFERS; n++) pair.receiver.offer(offerOf(n));
    for (let n = OPEN_OFFERS; n < OPEN_OFFERS + TRANSFER_BYTES / FILE_BYTES; n++) {
      pair.receiver.offer({ ...offerOf(n), size: FILE_BYTES });
      await pair.receiver.accept(fileId(n), pair.chosen);
    }
    await pair.receiver.close();
    assert.deepEqual(names(), []);
    await pair.receiver.accept(fileId(0), pair.chosen);
    assert.equal(pair.receiver.file(fileId(0))?.trouble, null);
  });

  it("cannot make a window keep more and more of its offers", async () => {
    for (let n = 0; n < 10 * OPEN_OFFERS; n++) {
      pair.receiver.offer(offerOf(n));
      pair.receiver.take({ type: "cancel", id: fileId(n) });
    }
    // These are too many at once.
    for (let n = 0; n < 10 * OPEN_OFFERS; n++) pair.receiver.offer(offerOf(1_000 + n));
    await pair.receiver.close();
    const all = Array.from({ length: 2_000 }, (_, n) => fileId(n));
    const kept = all.filter((id) => pair.receiver.file(id) !== undefined);
    assert.equal(kept.length, pair.receiver.incoming.transfers.length);
    assert.ok(names().length <= 2 * OPEN_OFFERS + 1, `${names().length} files`);
  });
});
