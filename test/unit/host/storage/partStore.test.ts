// Parts of messages on the disk: for the user alone, by person, and bounded.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pin } from "../../../../protocol/fields.ts";
import { type PartKey, PartStore } from "../../../../extension/host/storage/partStore.ts";
import { pin } from "../../../support/core.ts";
import { fileId } from "../../../support/fileIds.ts";

/** What each file counts for at least. */
const LEAST_BYTES = 128 * 1024;
const DAY = 24 * 3_600;

const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(7);

describe("the parts of messages", () => {
  let folder: string;
  let store: PartStore;
  let days: number;
  let elsewhere: Pin[];
  const key = (n: number, peer = "bobby", way: PartKey["way"] = "in"): PartKey => ({
    ...{ pin: pin(peer), way, id: fileId(n) },
  });
  const has = async (...keys: PartKey[]): Promise<boolean[]> =>
    Promise.all(keys.map(async (each) => (await store.read(each, 100)) !== null));
  /** As if it had been written so many seconds ago. */
  const aged = (each: PartKey, seconds: number): void => {
    const at = Date.now() / 1_000 - seconds;
    utimesSync(store.path(each), at, at);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fork-chat-parts-"));
    days = 30;
    elsewhere = [];
    const bound = () => ({ days, bytes: 2 * LEAST_BYTES });
    store = new PartStore(join(folder, "parts"), bound, () => elsewhere);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("are read as they were written, only if their size is right, and replaced as a whole", async () => {
    await store.write(key(1), bytes(99));
    await store.write(key(1), bytes(100));
    assert.deepEqual(new Uint8Array((await store.read(key(1), 100)) ?? []), bytes(100));
    assert.equal(await store.read(key(1), 99), null);
    assert.deepEqual(await has(key(2), key(1, "bobby", "out"), key(1, "carmen")), [false, false, false]);
  });

  it("can be read by the user alone (skipped on Windows)", async function () {
    if (process.platform === "win32") this.skip();
    await store.write(key(1), bytes(100));
    assert.equal(statSync(store.path(key(1))).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, "parts")).mode & 0o777, 0o700);
  });

  it("have names that no peer chooses", async () => {
    await store.write(key(1), bytes(100));
    for (const name of readdirSync(join(folder, "parts"), { recursive: true, encoding: "utf8" }))
      assert.match(name, /^[\da-f]{32}(?:[/\\][\da-f]{32}(?:[/\\]changes\.json)?)?$/u);
  });

  it("go one by one, by person, or all", async () => {
    const all = [key(1), key(2), key(1, "bobby", "out"), key(1, "carmen")];
    const roomy = new PartStore(
      join(folder, "parts"),
      () => ({ days }),
      () => [],
    );
    for (const each of all) await roomy.write(each, bytes(100));
    await store.remove(key(1));
    assert.deepEqual(await has(...all), [false, true, true, true]);
    await store.forget(pin("bobby"));
    assert.deepEqual(await has(...all), [false, false, false, true]);
    await store.forget(null);
    assert.deepEqual(await has(...all), [false, false, false, false]);
  });

  it("stay where another window shows their conversation", async () => {
    await store.write(key(1), bytes(100));
    await store.write(key(1, "carmen"), bytes(100));
    elsewhere = [pin("bobby")];
    await store.forget(pin("bobby"));
    await store.forget(null);
    assert.deepEqual(await has(key(1), key(1, "carmen")), [true, false]);
  });

  it("have a bound: the oldest are deleted", async () => {
    await store.write(key(1), bytes(100));
    aged(key(1), 2);
    await store.write(key(2), bytes(100));
    aged(key(2), 3);
    await store.write(key(3), bytes(100));
    assert.deepEqual(await has(key(1), key(2), key(3)), [true, false, true]);
  });

  it("go when no conversation has them any more, and without history after a day", async () => {
    await store.write(key(1), bytes(100));
    aged(key(1), 20 * DAY);
    await store.prune();
    assert.deepEqual(await has(key(1)), [true]);
    days = 19;
    await store.prune();
    assert.deepEqual(await has(key(1)), [false]);
    days = 0;
    await store.write(key(2), bytes(100));
    aged(key(2), DAY / 2);
    await store.prune();
    assert.deepEqual(await has(key(2)), [true]);
  });

  it("leave nothing in the way of one that comes", async () => {
    await store.write(key(1), bytes(99));
    const place = await store.makeFolder(key(1));
    assert.deepEqual(readdirSync(place), []);
    writeFileSync(store.path(key(1)), bytes(100));
    assert.deepEqual(await has(key(1)), [true]);
  });
});
