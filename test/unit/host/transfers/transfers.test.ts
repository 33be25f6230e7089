// A file from one side of a session to the other, with real files on both: whole, changed meanwhile, or not wanted.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BLOCK_BYTES } from "../../../../protocol/bulk.ts";
import { noise } from "../../../support/fileTransfers.ts";
import { ID, TemporaryPair } from "../../../support/temporaryPair.ts";

describe("a file", () => {
  let pair: TemporaryPair;

  beforeEach(async () => {
    pair = await TemporaryPair.create();
  });
  afterEach(() => pair.remove());

  for (const size of [0, 1, BLOCK_BYTES, 3 * BLOCK_BYTES + 5])
    it(`of ${size} bytes arrives byte by byte, and its sender hears of it`, async () => {
      const path = await pair.offer(noise(size));
      pair.link();
      await pair.receiver.accept(ID, pair.chosen);
      assert.deepEqual(readFileSync(await pair.delivered()), readFileSync(path));
      await pair.until(() => pair.sender.sending.offers[0]?.over === "sent");
      await pair.close();
      assert.ok(!readdirSync(pair.transfers).some((name) => name.endsWith(".part")));
      assert.deepEqual(pair.errors, []);
    });

  it("does not come before the user wants it", async () => {
    await pair.offer(noise(10));
    pair.link();
    assert.deepEqual(pair.told, []);
    assert.ok(!pair.receiver.wantsLink);
  });

  it("is for the user alone while it comes", async () => {
    await pair.offer(noise(3 * BLOCK_BYTES));
    pair.cutAfter(1);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null && pair.transfer().hashes.length === 1);
    await pair.close();
    assert.equal(statSync(pair.transfers).mode & 0o777, 0o700);
    for (const name of readdirSync(pair.transfers))
      assert.equal(statSync(join(pair.transfers, name)).mode & 0o777, 0o600, name);
    assert.deepEqual(readdirSync(pair.chosen), []);
  });

  it("that changes meanwhile is not sent mixed", async () => {
    const path = await pair.offer(noise(3 * BLOCK_BYTES));
    pair.cutAfter(1);
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.receiver.incoming.link === null);
    writeFileSync(path, noise(3 * BLOCK_BYTES, 2));
    utimesSync(path, 1, 1);
    pair.onChunk = () => true;
    pair.link();
    await pair.until(() => pair.transfer().end !== null);
    assert.deepEqual(pair.transfer().end, { how: "failed", why: "changed" });
    await pair.close();
    assert.deepEqual(readdirSync(pair.chosen), []);
    assert.ok(!readdirSync(pair.transfers).some((name) => name.endsWith(".part")));
  });

  it("that is not there any more is said to be gone", async () => {
    rmSync(await pair.offer(noise(10)));
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.transfer().end !== null);
    assert.deepEqual(pair.transfer().end, { how: "failed", why: "gone" });
  });

  it("leaves nothing behind when its receiver wants no more of it", async () => {
    await pair.offer(noise(3 * BLOCK_BYTES));
    pair.onChunk = () => {
      pair.receiver.take({ type: "cancel", id: ID });
      return true;
    };
    pair.link();
    await pair.receiver.accept(ID, pair.chosen);
    await pair.until(() => pair.sender.sending.offers[0]?.over === "declined");
    await pair.close();
    assert.ok(!readdirSync(pair.transfers).some((name) => name.endsWith(".part")));
  });
});
